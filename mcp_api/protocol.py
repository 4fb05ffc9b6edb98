"""The two versions of the protocol, and the checks of what a request says about its version.

Since 2026-07-28 each request names its version and its client's capabilities in `_meta`, and headers repeat what
proxies want to read. Before, `initialize` opened a session; this endpoint answers it, but keeps no session.
"""

import base64
from typing import Any

import msgspec
from msgspec import Raw
from rest_framework.request import Request

from mcp_api.messages import INVALID_PARAMS, Message, RPCError, read_params
from rest.headers import get_header

MODERN = "2026-07-28"
LEGACY = "2025-11-25"
SUPPORTED = [MODERN, LEGACY]

HEADER_MISMATCH = -32020
UNSUPPORTED_VERSION = -32022

VERSION_HEADER = "MCP-Protocol-Version"
META = "io.modelcontextprotocol"
VERSION_KEY = f"{META}/protocolVersion"
REQUIRED_META = (VERSION_KEY, f"{META}/clientCapabilities")
# The member of params that Mcp-Name repeats.
NAME_MEMBERS = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
ENCODED_PREFIX, ENCODED_SUFFIX = "=?base64?", "?="


class CommonParams(msgspec.Struct):
    meta: dict[str, Raw] = msgspec.field(name="_meta", default_factory=dict)
    name: Any = None
    uri: Any = None


def is_modern(request: Request, message: Message) -> bool:
    """Check the version of a message, and return whether it is the later one. Raises RPCError."""
    header = get_header(request, VERSION_HEADER)
    if message.is_notification:
        # No version defines headers for notifications.
        check_version(header or LEGACY)
        return header == MODERN
    params = read_params(message, CommonParams)
    if header in {None, LEGACY} and VERSION_KEY not in params.meta:
        return False
    if missing := [key for key in REQUIRED_META if key not in params.meta]:
        raise RPCError(INVALID_PARAMS, f"params._meta lacks {' and '.join(missing)}.")
    version: Any = msgspec.json.decode(params.meta[VERSION_KEY])
    check_header(VERSION_HEADER, header, version)
    check_header("Mcp-Method", get_header(request, "Mcp-Method"), message.method)
    if member := NAME_MEMBERS.get(message.method):
        check_header("Mcp-Name", decode_header(get_header(request, "Mcp-Name")), getattr(params, member))
    check_version(version)
    return bool(version == MODERN)


def check_header(name: str, value: str | None, in_body: Any) -> None:
    if value != in_body:
        raise RPCError(HEADER_MISMATCH, f"The header {name} is missing or differs from the body.")


def check_version(version: str) -> None:
    if version not in SUPPORTED:
        data = {"supported": SUPPORTED, "requested": version}
        raise RPCError(UNSUPPORTED_VERSION, "Unsupported protocol version", data=data)


def decode_header(value: str | None) -> str | None:
    """Decode a value that is not plain ASCII: =?base64?…?=. Return None if it is malformed."""
    if value is None or not (value.startswith(ENCODED_PREFIX) and value.endswith(ENCODED_SUFFIX)):
        return value
    encoded = value.removeprefix(ENCODED_PREFIX).removesuffix(ENCODED_SUFFIX)
    try:
        return base64.b64decode(encoded, validate=True).decode()
    except ValueError:
        return None
