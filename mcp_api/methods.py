"""The methods of the protocol."""

from collections.abc import Callable
from typing import Any

import msgspec
from django.conf import settings
from msgspec import Raw

from auth.access import Access
from mcp_api.failures import ToolFailure
from mcp_api.messages import INVALID_PARAMS, METHOD_NOT_FOUND, Message, RPCError, read_params
from mcp_api.project_api import ProjectApi
from mcp_api.protocol import LEGACY, META, SUPPORTED
from mcp_api.resources import TEMPLATES, list_resources, read_resource
from mcp_api.results import NOTICE, fit_values, render
from mcp_api.tools.catalog import TOOLS, describe_tools
from rest.request_ids import current_request_id

SERVER_INFO = {
    "name": "datasets-api",
    "title": "Datasets API",
    "version": settings.SPECTACULAR_SETTINGS["VERSION"],
}
CAPABILITIES: dict[str, Any] = {"tools": {}, "resources": {}}
INSTRUCTIONS = (
    "Evaluation datasets. Each write makes a new revision of a dataset; nothing is lost, and rollback undoes. Try a "
    f"write with dry_run first. {NOTICE}"
)
# Of a name that an error repeats.
MAX_NAME_CHARACTERS = 100
# Until 2025-11-25; later versions use INVALID_PARAMS.
RESOURCE_NOT_FOUND = -32002
# How long a client may keep a result: lists change only with the key and the version of the service.
KEEP = {"ttlMs": 300_000, "cacheScope": "private"}
KEEP_NOT = {"ttlMs": 0, "cacheScope": "private"}
CACHING = {
    "server/discover": KEEP,
    "tools/list": KEEP,
    "resources/templates/list": KEEP,
    "resources/list": KEEP_NOT,
    "resources/read": KEEP_NOT,
}


class Call(msgspec.Struct):
    """A message that was let in, with the API as its sender may use it."""

    api: ProjectApi
    access: Access
    message: Message
    is_modern: bool


Method = Callable[[Call], dict[str, Any]]


def initialize(call: Call) -> dict[str, Any]:
    return {
        "protocolVersion": LEGACY,
        "capabilities": CAPABILITIES,
        "serverInfo": SERVER_INFO,
        "instructions": INSTRUCTIONS,
    }


def ping(call: Call) -> dict[str, Any]:
    return {}


def discover(call: Call) -> dict[str, Any]:
    return {
        "supportedVersions": SUPPORTED,
        "capabilities": CAPABILITIES,
        "instructions": INSTRUCTIONS,
        "_meta": {f"{META}/serverInfo": SERVER_INFO},
    }


def list_tools(call: Call) -> dict[str, Any]:
    return {"tools": describe_tools(call.access)}


class ToolParams(msgspec.Struct):
    name: str
    arguments: Raw = Raw(b"{}")


def call_tool(call: Call) -> dict[str, Any]:
    """Run a tool. A key that may not use it learns so from the API itself."""
    params = read_params(call.message, ToolParams)
    tool = TOOLS.get(params.name)
    if tool is None:
        raise RPCError(INVALID_PARAMS, f"Unknown tool: {params.name[:MAX_NAME_CHARACTERS]}")
    try:
        result = tool.run(call.api, tool.parse(params.arguments))
    except ToolFailure as failure:
        return text_result(describe_failure(failure), is_error=True)
    return text_result(result, is_error=False)


def text_result(result: dict[str, Any], *, is_error: bool) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": render(result)}], "isError": is_error}


def describe_failure(failure: ToolFailure) -> dict[str, Any]:
    """Return the API's error, cut to the bound of results, and what to do."""
    members = {name: Raw(msgspec.json.encode(value)) for name, value in failure.error.items() if name != "type"}
    return {"what_to_do": failure.advice, "request_id": current_request_id.get(), "error": fit_values(members)}


class ResourceParams(msgspec.Struct):
    uri: str


class ListParams(msgspec.Struct):
    cursor: str | None = None


def resources_list(call: Call) -> dict[str, Any]:
    return list_resources(call.api, read_params(call.message, ListParams).cursor)


def templates_list(call: Call) -> dict[str, Any]:
    return {"resourceTemplates": TEMPLATES}


def resources_read(call: Call) -> dict[str, Any]:
    uri = read_params(call.message, ResourceParams).uri
    try:
        content = read_resource(call.api, uri)
    except ToolFailure as failure:
        code = INVALID_PARAMS if call.is_modern else RESOURCE_NOT_FOUND
        raise RPCError(code, f"{failure.error['detail']} {failure.advice}", data={"uri": uri} | failure.error) from None
    return {"contents": [{"uri": uri, "mimeType": "application/json", "text": render(content)}]}


COMMON: dict[str, Method] = {
    "tools/list": list_tools,
    "tools/call": call_tool,
    "resources/list": resources_list,
    "resources/templates/list": templates_list,
    "resources/read": resources_read,
}
MODERN_METHODS = COMMON | {"server/discover": discover}
LEGACY_METHODS = COMMON | {"initialize": initialize, "ping": ping}


def run(call: Call) -> dict[str, Any]:
    """Raises RPCError."""
    if call.is_modern:
        result = find_method(call, MODERN_METHODS)(call)
        return {"resultType": "complete"} | result | CACHING.get(call.message.method, {})
    try:
        return find_method(call, LEGACY_METHODS)(call)
    except RPCError as error:
        # Clients of that time read no body of another status.
        error.status_code = 200
        raise


def find_method(call: Call, methods: dict[str, Method]) -> Method:
    name = call.message.method
    if name not in methods:
        raise RPCError(METHOD_NOT_FOUND, f"Method not found: {name[:MAX_NAME_CHARACTERS]}", status=404)
    return methods[name]
