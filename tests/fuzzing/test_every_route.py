"""Every route under every method, with odd bodies and headers: an error is always the client's, in the one envelope."""

from typing import Any

import pytest

from tests.api import Api
from tests.auth.routes import CLOSED, OPEN, Route
from tests.dataset_client import DatasetClient
from tests.people import key

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "post")
JSON, FORM, NDJSON = "application/json", "application/x-www-form-urlencoded", "application/x-ndjson"
# A body, and what it claims to be.
BODIES = {
    "nothing": (b"", JSON),
    "not JSON": (b"{", JSON),
    "not UTF-8": (b'{"name": "\xff"}', JSON),
    "NUL": (rb'{"name": "\u0000", "input": "\u0000", "items": "\u0000"}', JSON),
    "surrogate": (rb'{"name": "\ud800", "ids": ["\ud800"]}', JSON),
    "list": (b"[[[]]]", JSON),
    "deep": (b'{"input": ' + b"[" * 5000 + b"]" * 5000 + b"}", JSON),
    "long number": (b'{"revision": ' + b"9" * 5000 + b', "version": 1e999, "input": -1e99999}', JSON),
    "wrong types": (b'{"name": {}, "items": {"a": 1}, "ids": 1, "filter": [], "dataset": [], "set": 7}', JSON),
    "form": (b"name=%ff&items[0]=%00&deleted=perhaps", FORM),
    "multipart": (b"--x\r\nContent-Disposition: form-data; name=\xff\r\n\r\n", "multipart/form-data; boundary=x"),
    "lines": (b'{"input": 1}\n[]\n\xff\n', NDJSON),
    "unknown type": (b"\x00\x01", "application/x-unknown; charset=\xc3\xbf"),
}
HEADERS: dict[str, dict[str, str]] = {
    "idempotent": {"Idempotency-Key": "walk"},
    "odd": {
        "Idempotency-Key": "x" * 300, "If-Match": 'W/"', "If-None-Match": ",,*", "Accept": "a/b;q=x, */*;q=9",
        "Accept-Encoding": "gzip;q=nan", "Range": "bytes=9-1", "Expect": "200-maybe", "Revision-Message": "UTF-8''%ff",
        "Content-Encoding": "gzip", "Cache-Control": "no-cache, =", "Origin": "null", "Host": "testserver",
    },
}  # fmt: skip
QUERY = "?limit=9e9&offset=-1&cursor=%00&revision=%ff&as_of=0&fields=,&metadata__a__in=%5B&strict=true&format=json"
TYPES = {"authentication_error", "invalid_request", "validation_error", "throttled_error"}
# For methods that the route lacks or that have no body, and for odd headers.
FEW_BODIES = ("nothing", "wrong types")
BODY_METHODS = {"POST", "PUT", "PATCH"}

# One path for each view: prefixes and endings lead to the same.
VIEWS = list({(route.view, *getattr(route.callback, "actions", ())): route for route in CLOSED}.values())


def fill(route: Route, client: DatasetClient, item: dict[str, Any]) -> str:
    is_item = "dataset_items" in route.path or "/items" in route.path
    values = {
        "{project_id}": str(client.project_id), "{environment_id}": str(client.project_id),
        "{id}": item["id"] if is_item else client.dataset["id"], "{version}": "1", "{name}": "tag", "{tag}": "tag",
        "{format}": "json", "{organization_id}": "@current", "{item_id}": item["id"], "{dataset_item_id}": item["id"],
        "{export_id}": client.dataset["id"], "{rest}": "",
    }  # fmt: skip
    path = route.path
    for name, value in values.items():
        path = path.replace(name, value)
    return path


def check(answer: Any, *what: object) -> None:
    # 501 names a method that HTTP servers need not know.
    assert answer.status_code < 500 or answer.status_code == 501, (what, answer.content[:300])
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.status_code >= 400 and body:
        error = answer.json()
        if "jsonrpc" in error:
            assert set(error) == {"jsonrpc", "id", "error"}, (what, body)
            return
        assert list(error)[:4] == ["type", "code", "detail", "attr"], (what, body)
        assert error["type"] in TYPES, (what, body)


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("headers", HEADERS)
def test_no_request_is_a_fault_of_the_service(method: str, headers: str) -> None:
    client = DatasetClient()
    item = client.new_item(input=1)

    for route in VIEWS:
        path = fill(route, client, item)
        assert "{" not in path, f"teach this test what stands for the parameters of {route.path}"
        # A new key each time: a request may have deleted the previous one.
        api = Api(key(client.people.owner))
        is_full = headers == "idempotent" and method in BODY_METHODS & route.methods
        for name in BODIES if is_full else FEW_BODIES:
            body, content_type = BODIES[name]
            answer = api.ask(method, path, body, content_type=content_type, headers=HEADERS[headers])
            check(answer, method, path, name, headers)
        check(api.ask(method, path + QUERY, headers=HEADERS[headers]), method, path, QUERY)


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
def test_nor_where_no_key_is_needed(method: str) -> None:
    for path in sorted(OPEN):
        for name in BODIES if method == "POST" else FEW_BODIES:
            body, content_type = BODIES[name]
            answer = Api().ask(method, path + QUERY, body, content_type=content_type)
            assert answer.status_code < 500, (method, path, answer.content[:300])
