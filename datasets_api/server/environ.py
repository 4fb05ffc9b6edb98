"""Converts an ASGI scope to a WSGI environ (PEP 3333), which Django's synchronous handlers read."""

import codecs
import functools
from typing import Any

from django.utils.http import parse_header_parameters

from datasets_api.server.prefix import split_prefix
from rest.content_types import is_readable

Environ = dict[str, Any]
Scope = dict[str, Any]

UNPREFIXED = {"CONTENT_TYPE", "CONTENT_LENGTH"}


def to_environ(scope: Scope) -> Environ:
    """Return the environ, without `wsgi.input`. PATH_INFO is text, as in the META of Django's requests."""
    server, client = scope.get("server") or ("", ""), scope.get("client") or ("", "")
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "wsgi.url_scheme": scope["scheme"],
    }
    for name, value in scope["headers"]:
        if key := environ_key(name):
            text = value.decode("latin-1")
            environ[key] = f"{environ[key]},{text}" if key in environ else text
    if "CONTENT_TYPE" in environ:
        environ["CONTENT_TYPE"] = with_usable_charset(environ["CONTENT_TYPE"])
    environ["SCRIPT_NAME"], path = split_prefix(scope["path"], environ.get("HTTP_X_FORWARDED_PREFIX", ""))
    environ["PATH_INFO"] = path if path.startswith("/") else f"/{path}"
    return environ


# Clients send few different ones.
@functools.lru_cache(maxsize=1000)
def environ_key(name: bytes) -> str:
    """Return "" for a name with an underscore: X_Forwarded_For would otherwise pass for X-Forwarded-For."""
    if b"_" in name:
        return ""
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in UNPREFIXED else f"HTTP_{key}"


# Clients use few different content types.
@functools.lru_cache(maxsize=100)
def with_usable_charset(content_type: str) -> str:
    """Drop an unusable charset, parameters that Django cannot parse, and a value that is not ASCII.

    Django and the parsers would decode bodies with any codec that the charset names.
    """
    if not content_type.isascii():
        return ""
    if not is_readable(content_type):
        return content_type.partition(";")[0]
    media_type, parameters = parse_header_parameters(content_type)
    charset = parameters.get("charset")
    return content_type if charset is None or is_usable(charset) else media_type


def is_usable(charset: str) -> bool:
    """Return whether the charset decodes bytes to text. True for an unknown one, which Django ignores."""
    try:
        codecs.lookup(charset)
    except LookupError:
        return True
    except (ValueError, TypeError):
        return False
    try:
        bytes(range(256)).decode(charset, "replace")
    except (LookupError, ValueError, TypeError):
        return False
    return True
