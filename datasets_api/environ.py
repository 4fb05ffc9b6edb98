"""What granian tells of a request, as PEP 3333 has it and Django reads it."""

import codecs
import functools
from typing import IO, Any, Protocol

from django.utils.http import parse_header_parameters

from rest.content_types import is_readable

Environ = dict[str, Any]

# The server hides values that are not ASCII. None of these ever is, and none may pass for absent, or a request would be
# carried out without it: what stands here is a wrong one.
NEVER_ABSENT = {
    "authorization": ("HTTP_AUTHORIZATION", "Bearer \ufffd\ufffd"),
    "if-match": ("HTTP_IF_MATCH", "\ufffd"),
    "idempotency-key": ("HTTP_IDEMPOTENCY_KEY", "\ufffd"),
}


class Scope(Protocol):
    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str
    headers: Any


def to_environ(scope: Scope, path: str, body: IO[bytes], length: int) -> Environ:
    """The path is the scope's, which takes it apart anew each time it is asked."""
    host, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "CONTENT_LENGTH": str(length),
    }
    headers = scope.headers
    for name, value in headers.items():
        if name == "content-type":
            environ["CONTENT_TYPE"] = with_usable_charset(value)
        elif name != "content-length" and "_" not in name:
            key = "HTTP_" + name.upper().replace("-", "_")
            environ[key] = f"{environ[key]},{value}" if key in environ else value
    for name, (key, wrong) in NEVER_ABSENT.items():
        if key not in environ and name in headers:
            environ[key] = wrong
    return environ


# Clients send few different ones.
@functools.lru_cache(maxsize=100)
def with_usable_charset(content_type: str) -> str:
    """Without a charset that cannot be used: Django and the parsers would decode with whatever codec it names.

    And without parameters that Django would fail of, before there is a view to answer.
    """
    if not is_readable(content_type):
        return content_type.partition(";")[0]
    media_type, parameters = parse_header_parameters(content_type)
    charset = parameters.get("charset")
    return content_type if charset is None or is_usable(charset) else media_type


def is_usable(charset: str) -> bool:
    """Also where nobody knows it: Django then decodes as if there were none."""
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
