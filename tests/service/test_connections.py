"""Raw connections to the running service: errors that a connection survives, and HEAD."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from tests.rows import dataset
from tests.service.conftest import Site
from tests.service.raw_connection import CHUNKED, JSON, chunk

LIMIT = 20_971_520
TEN_GIGABYTES = 10 * 1024**3
# The bytes that a client can send before the connection is closed: the limit, the dropped rest, and buffers.
MOST_SENT = 4 * LIMIT
# These differ between responses.
PASSING = {"date", "x-request-id"}

# --- A connection survives rejected requests -------------------------------------------------------------------------

Request = Callable[[Site], bytes]
BODY = json.dumps({"dataset": "x", "input": "y" * 100_000}).encode()
REFUSED: dict[str, tuple[int, Request]] = {
    "401": (401, lambda site: site.request(b"POST", headers=JSON, body=BODY, identity=b"")),
    "401 for a wrong key": (
        401,
        lambda site: site.request(b"POST", headers=JSON, body=BODY, identity=b"Authorization: Bearer wrong\r\n"),
    ),
    "403": (403, lambda site: site.request(b"POST", headers=JSON, body=BODY, identity=site.stranger)),
    "404 of no route": (404, lambda site: site.request(b"POST", b"/nowhere", headers=JSON, body=BODY)),
    "404 of no endpoint": (404, lambda site: site.request(b"PUT", b"/api/nowhere/", headers=JSON, body=BODY)),
    "404 of no project": (404, lambda site: site.request(b"POST", b"/api/projects/0/", headers=JSON, body=BODY)),
    "404 of no item": (404, lambda site: site.request(b"PATCH", site.path + b"x/", headers=JSON, body=BODY)),
    "405": (405, lambda site: site.request(b"DELETE", headers=JSON, body=BODY)),
    "406": (406, lambda site: site.request(b"POST", headers=JSON + b"Accept: text/html\r\n", body=BODY)),
    "415": (415, lambda site: site.request(b"POST", headers=b"Content-Type: text/plain\r\n", body=BODY)),
    "400": (400, lambda site: site.request(b"POST", headers=JSON, body=BODY)),
    "400 of no JSON": (400, lambda site: site.request(b"POST", headers=JSON, body=BODY[:-1])),
    "413": (413, lambda site: site.request(b"POST", headers=JSON, body=b" " * (LIMIT + 1))),
    "413 without a key": (413, lambda site: site.request(b"POST", headers=JSON, body=b" " * (LIMIT + 1), identity=b"")),
    "413 in chunks": (
        413,
        lambda site: site.request(b"POST", headers=JSON + CHUNKED) + chunk(b" " * (LIMIT + 1)) + chunk(b""),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_connection_stays_usable_after(name: str, site: Site) -> None:
    status, request = REFUSED[name]
    wire = site.connect()

    for _ in range(2):
        answer = wire.ask(request(site))

        assert answer.status == status
        answer.error()
    assert wire.ask(site.request()).status == 200


def test_a_body_of_exactly_the_limit_is_accepted(site: Site) -> None:
    path = f"/api/projects/{site.people.sibling.id}/dataset_items/".encode()
    start = b'{"dataset":"%s","input":"' % str(dataset(site.people.sibling).id).encode()
    full = start + b"x" * (LIMIT - len(start) - 2) + b'"}'

    assert site.ask(b"POST", path, JSON, full).status == 201
    assert site.ask(b"POST", path, JSON, full + b" ").error() == {
        "type": "invalid_request",
        "code": "request_too_large",
        "detail": "Request body exceeds the limit of 20971520 bytes.",
        "attr": None,
    }


def test_pipelined_requests_get_responses_in_order(site: Site) -> None:
    wire = site.connect()
    one = site.path + str(site.item.id).encode() + b"/"

    wire.send(site.request() + site.request(path=b"/nowhere") + site.request(path=one) + site.request(identity=b""))

    answers = [wire.read() for _ in range(4)]
    assert [answer and answer.status for answer in answers] == [200, 404, 200, 401]


@pytest.mark.parametrize("framing", ["declared", "chunked"])
def test_an_endless_body_is_cut_off(framing: str, site: Site) -> None:
    wire = site.connect()
    is_chunked = framing == "chunked"
    headers = JSON + (CHUNKED if is_chunked else b"Content-Length: %d\r\n" % TEN_GIGABYTES)
    block = chunk(b" " * 65536) if is_chunked else b" " * 65536
    sent = 0

    def pour() -> None:
        nonlocal sent
        with suppress(OSError):
            while sent < MOST_SENT + LIMIT:
                wire.send(block)
                sent += len(block)

    wire.send(site.request(b"POST", headers=headers))
    with ThreadPoolExecutor(1) as pump:
        pouring = pump.submit(pour)
        answer = wire.read()
        pouring.result(timeout=15)

    assert answer is None or answer.error()["code"] == "request_too_large"
    assert sent < MOST_SENT
    assert site.ask().status == 200


# --- HEAD ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        b"items",
        b"items?limit=1&offset=5",
        b"item",
        b"/api/users/@me/",
        b"/api/projects/",
        b"/api/personal_api_keys/",
        b"/api/schema/",
        b"/api/schema/?format=json",
        b"/api/schema/swagger-ui/",
        b"/_livez",
        b"/_readyz",
        b"/nowhere",
        b"/api/projects/0/datasets/",
        b"items?dataset=x",
        b"items?format=xml",
    ],
)
def test_head_has_the_headers_of_get_and_no_body(path: bytes, site: Site) -> None:
    one = site.path + str(site.item.id).encode() + b"/"
    path = one if path == b"item" else path.replace(b"items", site.path)
    wire = site.connect()

    for identity in (site.key, b""):
        get = wire.ask(site.request(b"GET", path, identity=identity))
        head = wire.ask(site.request(b"HEAD", path, identity=identity), is_head=True)

        assert head.status == get.status
        assert [each for each in head.headers if each[0] not in PASSING] == [
            each for each in get.headers if each[0] not in PASSING
        ]
        assert int(get.header("content-length") or 0) == len(get.body) > 0
