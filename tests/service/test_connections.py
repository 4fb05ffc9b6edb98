"""The running service on the wire: what a connection survives, and how requests are answered that no library sends."""

import json
import socket
import struct
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from typing import Any, NamedTuple

import pytest
from django.db import connection

from items.models import DatasetItem
from tests.conftest import empty_all_tables
from tests.items.rows import dataset, item
from tests.people import Everyone, key
from tests.service_process import ServiceProcess

LIMIT = 20_971_520
TEN_GIGABYTES = 10 * 1024**3
# What a client may have sent before it is cut off: four times the limit, and what lies in buffers.
MOST_SENT = 6 * LIMIT
JSON = b"Content-Type: application/json\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
# Differ from answer to answer.
PASSING = {"date", "x-request-id"}


class Answer(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return dict(self.headers).get(name)

    def error(self) -> dict[str, Any]:
        """The envelope, which every refusal is."""
        assert self.header("content-type") == "application/json", self
        error: dict[str, Any] = json.loads(self.body)
        assert list(error) == ["type", "code", "detail", "attr"]
        return error


class Wire:
    """One connection, written to and read from byte by byte."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=15)
        self.file = self.socket.makefile("rb")

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def read(self, *, is_head: bool = False) -> Answer | None:
        """None where the connection was closed instead."""
        line = self.file.readline()
        if not line:
            return None
        status = int(line.split()[1])
        headers = list(self.headers())
        length = int(dict(headers).get("content-length", "0"))
        return Answer(status, headers, b"" if is_head else self.file.read(length))

    def headers(self) -> Iterator[tuple[str, str]]:
        while (line := self.file.readline().rstrip(b"\r\n")) != b"":
            name, _, value = line.decode("latin-1").partition(":")
            yield name.lower(), value.strip()

    def ask(self, data: bytes, *, is_head: bool = False) -> Answer:
        self.send(data)
        answer = self.read(is_head=is_head)
        assert answer is not None, "the connection was closed"
        return answer

    def close(self) -> None:
        self.file.close()
        self.socket.close()

    def reset(self) -> None:
        """Goes away without a word, as a killed client does."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()


class Site:
    """A dataset with two items, a right key, and connections that are closed after each test."""

    def __init__(self, service: ServiceProcess) -> None:
        self.port, self.connections = service.port, ExitStack()
        self.people = Everyone()
        self.dataset = dataset(self.people.project)
        self.item, _ = item(self.dataset), item(self.dataset)
        self.path = f"/api/projects/{self.people.project.id}/dataset_items/".encode()
        self.key = f"Authorization: Bearer {key(self.people.colleague)}\r\n".encode()
        self.stranger = f"Authorization: Bearer {key(self.people.stranger)}\r\n".encode()

    def connect(self) -> Wire:
        wire = Wire(self.port)
        self.connections.callback(wire.close)
        return wire

    def request(
        self,
        method: bytes = b"GET",
        path: bytes | None = None,
        headers: bytes = b"",
        body: bytes | None = None,
        *,
        identity: bytes | None = None,
    ) -> bytes:
        """For the items, with the right key, unless told; a body is sent with its length."""
        path = self.path if path is None else path
        identity = self.key if identity is None else identity
        length = b"" if body is None else b"Content-Length: %d\r\n" % len(body)
        return (
            method
            + b" "
            + path
            + b" HTTP/1.1\r\nHost: localhost\r\n"
            + identity
            + headers
            + length
            + b"\r\n"
            + (body or b"")
        )

    def stored(self) -> list[Any]:
        return list(DatasetItem.objects.order_by("id").values_list("id", "version", "deleted"))

    def ask(self, *parts: Any, **more: Any) -> Answer:
        """On a connection of its own, which must be usable afterwards."""
        wire = self.connect()
        answer = wire.ask(self.request(*parts, **more))
        assert wire.ask(self.request()).status == 200
        return answer


@pytest.fixture(scope="module")
def furnished(service: ServiceProcess, django_db_blocker: Any) -> Iterator[Site]:
    """Made once: emptying all tables takes longer than most of these tests."""
    with django_db_blocker.unblock():
        empty_all_tables()
        yield Site(service)
        empty_all_tables()
        connection.close()


@pytest.fixture
def site(furnished: Site) -> Iterator[Site]:
    with furnished.connections:
        yield furnished


def assert_refused(answer: Answer) -> None:
    assert 400 <= answer.status < 500, answer
    answer.error()


# --- A connection outlives what is refused ---------------------------------------------------------------------------

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
    "413 of three times the limit": (413, lambda site: site.request(b"POST", headers=JSON, body=b" " * 3 * LIMIT)),
}  # fmt: skip


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


@pytest.mark.parametrize("name", REFUSED)
def test_a_connection_stays_usable_after(name: str, site: Site) -> None:
    status, request = REFUSED[name]
    wire = site.connect()

    for _ in range(2):
        answer = wire.ask(request(site))

        assert answer.status == status
        answer.error()
    assert wire.ask(site.request()).status == 200


def test_a_body_of_the_limit_is_taken_and_one_byte_more_is_not(site: Site) -> None:
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


def test_requests_sent_at_once_are_answered_in_order(site: Site) -> None:
    wire = site.connect()
    one = site.path + str(site.item.id).encode() + b"/"

    wire.send(site.request() + site.request(path=b"/nowhere") + site.request(path=one) + site.request(identity=b""))

    answers = [wire.read() for _ in range(4)]
    assert [answer and answer.status for answer in answers] == [200, 404, 200, 401]


@pytest.mark.parametrize("framing", ["declared", "chunked"])
def test_a_body_without_end_is_cut_off(framing: str, site: Site) -> None:
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


# --- Half of a body is none ------------------------------------------------------------------------------------------

GONE: dict[str, Callable[[Wire], None]] = {
    "closes": Wire.close,
    "is killed": Wire.reset,
    "stops sending": lambda wire: wire.socket.shutdown(socket.SHUT_WR),
}


def half_sent(kind: str, site: Site) -> bytes:
    """A request whose sender goes away; what came of its body would be valid by itself."""
    dataset_id = str(site.dataset.id).encode()
    form = b"dataset=%s&input=1" % dataset_id
    multipart = b'--x\r\nContent-Disposition: form-data; name="dataset"\r\n\r\n%s\r\n--x--\r\n' % dataset_id
    of_multipart = b"Content-Type: multipart/form-data; boundary=x\r\n"
    parts = {
        "JSON": (JSON, b'{"dataset":"%s"}' % dataset_id),
        "form": (FORM, form),
        "multipart": (of_multipart, multipart),
    }
    name, _, framing = kind.partition(", ")
    headers, body = parts[name]
    if framing == "chunked":
        return site.request(b"POST", headers=headers + CHUNKED) + chunk(body)
    return site.request(b"POST", headers=headers + b"Content-Length: %d\r\n" % (len(body) + 10)) + body


@pytest.mark.parametrize("kind", ["JSON", "form", "multipart", "JSON, chunked", "form, chunked", "multipart, chunked"])
def test_a_half_sent_body_stores_nothing(kind: str, site: Site) -> None:
    before = site.stored()
    wires = {how: site.connect() for how in GONE}
    for wire in wires.values():
        wire.send(half_sent(kind, site))
    time.sleep(0.05)

    for how, wire in wires.items():
        GONE[how](wire)

    time.sleep(0.2)
    assert site.stored() == before
    assert site.ask().status == 200


@pytest.mark.parametrize("rest", [b"zz\r\n", b"-1\r\n", b"5\r\nabcdefgh\r\n", b"fffffffffffffffff\r\n"])
def test_a_body_whose_chunks_are_broken_stores_nothing(rest: bytes, site: Site) -> None:
    before = site.stored()
    wire = site.connect()
    wire.send(half_sent("form, chunked", site))

    with suppress(OSError):
        wire.send(rest)
        wire.read()

    time.sleep(0.05)
    assert site.stored() == before


def test_a_client_that_only_stops_sending_is_told_so_in_the_envelope(site: Site) -> None:
    wire = site.connect()
    wire.send(half_sent("JSON", site))

    wire.socket.shutdown(socket.SHUT_WR)

    answer = wire.read()
    assert answer is None or answer.error()


def test_a_patch_cut_short_changes_nothing(site: Site) -> None:
    before = site.stored()
    wire = site.connect()
    path = site.path + str(site.item.id).encode() + b"/"
    wire.send(site.request(b"PATCH", path, FORM + b"Content-Length: 100\r\n") + b"deleted=true")

    wire.close()

    time.sleep(0.1)
    assert site.stored() == before


@pytest.mark.parametrize("framing", [b"Content-Length: 1000\r\n", CHUNKED], ids=["declared", "chunked"])
def test_many_half_sent_bodies_hold_up_nobody(framing: bytes, site: Site) -> None:
    before = site.stored()
    # There are two workers with four threads each.
    for _ in range(40):
        site.connect().send(
            site.request(b"POST", headers=JSON + framing) + (b"1\r\n{\r\n" if framing == CHUNKED else b"{")
        )

    start = time.monotonic()
    for _ in range(20):
        assert site.ask().status == 200

    assert time.monotonic() - start < 5
    site.connections.close()
    time.sleep(0.2)
    assert site.stored() == before


def test_many_half_sent_heads_hold_up_nobody(site: Site) -> None:
    for _ in range(40):
        site.connect().send(site.request()[:-2])

    start = time.monotonic()
    for _ in range(20):
        assert site.ask().status == 200

    assert time.monotonic() - start < 5


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


# --- Requests that no library sends ----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", [b"TRACE", b"CONNECT", b"BREW", b"PROPFIND", b"A" * 2000, b"G-E_T!"])
def test_trace_and_unknown_methods_are_refused(method: bytes, site: Site) -> None:
    for path, identity, status in (
        (site.path, site.key, 403),
        (site.path, b"", 401),
        (b"/api/users/@me/", site.key, 403),
        (b"/nowhere", site.key, 404),
    ):
        answer = site.ask(method, path, identity=identity)

        assert answer.status == status
        answer.error()


@pytest.mark.parametrize("method", [b"TRACE", b"BREW"])
def test_unknown_methods_of_no_endpoint_are_refused(method: bytes, site: Site) -> None:
    assert_refused(site.ask(method, b"/api/nowhere/"))


@pytest.mark.parametrize(
    "path", [b"*", b"/", b"//", b"/api", b"/api//", b"/api/projects//datasets/", b"/../etc/passwd"]
)
def test_odd_paths_are_not_found(path: bytes, site: Site) -> None:
    answer = site.ask(b"GET", path)

    assert answer.status == 404
    answer.error()


OBJECTS = (
    b"/api/projects/%s/datasets/",
    b"ITEMS%s/",
    b"/api/personal_api_keys/%s/",
    b"/api/organizations/%s/",
    b"/api/%s",
)


@pytest.mark.parametrize(
    "segment",
    [
        b"%00",
        b"a%00b",
        b"%ff",
        b"%c3",
        b"%ed%a0%80",
        b"%f4%90%80%80",
        b"%zz",
        b"%",
        b"%0d%0aX-Evil:%201",
        "é".encode(),
        "日本".encode(),
        b"x" * 30_000,
    ],
)
def test_no_path_is_too_odd_for_an_answer(segment: bytes, site: Site) -> None:
    for shape in OBJECTS:
        answer = site.ask(b"GET", (shape % segment).replace(b"ITEMS", site.path))

        assert answer.status == 404
        answer.error()
        assert answer.header("x-evil") is None


QUERIES = (b"dataset=%s", b"limit=%s", b"offset=%s", b"zeta=%s", b"%s", b"%s=1", b"format=%s", b"personal_api_key=%s")
DATASET_QUERIES = (b"search=%s", b"order_by=%s", b"id__in=%s")


@pytest.mark.parametrize(
    "value",
    [
        b"%00",
        b"%ff",
        b"%ed%a0%80",
        b"%zz",
        b"%0d%0aX-Evil:%201",
        "é".encode(),
        "日本".encode(),
        "😀".encode(),
        b"%F0%9F%98%80",
        b"99999999999999999999999",
        b"9" * 5000,
        b"y" * 30_000,
    ],
    ids=lambda value: repr(value[:20]),
)
def test_no_query_is_too_odd_for_an_answer(value: bytes, site: Site) -> None:
    datasets = site.path.replace(b"dataset_items", b"datasets")

    for path, queries in (
        (site.path, QUERIES),
        (datasets, QUERIES + DATASET_QUERIES),
        (b"/api/projects/", QUERIES),
        (b"/_livez", QUERIES),
        (b"/api/nowhere", QUERIES),
    ):
        for query in queries:
            wire = site.connect()
            answer = wire.ask(site.request(b"GET", path + b"?" + query % value))

            assert answer.status < 500, (path, query)
            if answer.status != 200:
                assert_refused(answer)


def test_a_raw_query_is_read_as_utf8_like_an_encoded_one(site: Site) -> None:
    row = dataset(site.people.project, name="日本 é")
    datasets = site.path.replace(b"dataset_items", b"datasets")

    for query in (b"search=%E6%97%A5%E6%9C%AC", "search=日本".encode(), b"search=%C3%A9", "search=é".encode()):
        answer = site.ask(b"GET", datasets + b"?" + query)

        assert answer.status == 200
        assert [each["id"] for each in json.loads(answer.body)["results"]] == [str(row.id)], query


@pytest.mark.parametrize("content_type", [b"", JSON, b"Content-Type: application/json; charset=utf-8\r\n"])
def test_a_thousand_parameters_are_read_and_one_more_is_refused(content_type: bytes, site: Site) -> None:
    thousand = b"&".join(b"p%d=1" % number for number in range(999)) + b"&limit=1"

    assert site.ask(b"GET", site.path + b"?" + thousand, content_type).status == 200
    answer = site.ask(b"GET", site.path + b"?" + thousand + b"&more=1", content_type)
    assert answer.status == 400
    answer.error()


CHARSETS = [
    b"utf-8",
    b'"utf-8"',
    b"utf-16",
    b"latin-1",
    b"nonsense",
    b"base64",
    b"zlib",
    b"rot13",
    b"idna",
    b"undefined",
]


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize(
    "kind", [b"application/json", b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x"]
)
def test_no_charset_is_too_odd_for_an_answer(kind: bytes, charset: bytes, site: Site) -> None:
    header = b"Content-Type: %s; charset=%s\r\n" % (kind, charset)
    bodies = (b'{"a":1}', b"a=1", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n')

    for body in bodies:
        for path, identity, statuses in (
            (site.path, site.key, {400, 415}),
            (site.path + b"?a=%C3%A9", site.key, {400, 415}),
            (site.path + b"?a=%C3%A9", b"", {400, 401, 415}),
            (b"/api/nowhere?a=1", site.key, {404}),
        ):
            answer = site.ask(b"POST", path, header, body, identity=identity)

            assert answer.status in statuses, (path, identity, body)
            answer.error()


@pytest.mark.parametrize("number", [b"1", b"1e10000", b"1" * 5000], ids=["plain", "large", "long"])
@pytest.mark.parametrize("kind", [JSON, FORM], ids=["JSON", "form"])
def test_no_nesting_is_too_deep_for_an_answer(kind: bytes, number: bytes, site: Site) -> None:
    """Near the depth that Python's own parser takes, which differs a little from call to call."""
    start = (b'{"dataset":"%s","input":' if kind == JSON else b"dataset=%s&input=") % str(site.dataset.id).encode()
    end = b"}" if kind == JSON else b""
    wire = site.connect()

    for depth in range(900, 1000):
        body = start + b"[" * depth + number + b"]" * depth + end
        answer = wire.ask(site.request(b"POST", None, kind, body))

        assert answer.status == 400, depth
        assert answer.error()["code"] in {"max_depth", "parse_error", "invalid_input"}


NOT_ASCII = ["é".encode(), "日本".encode(), b"\xff", b"\xed\xa0\x80"]


@pytest.mark.parametrize("value", NOT_ASCII)
def test_header_values_that_are_not_ascii_break_nothing(value: bytes, site: Site) -> None:
    for name in (b"X-Request-Id", b"Accept", b"Origin", b"User-Agent", b"Cookie", b"X-Forwarded-For", b"X-Other"):
        answer = site.ask(b"GET", None, name + b": " + value + b"\r\n")

        assert answer.status in {200, 406}, name
        assert (answer.header("x-request-id") or "").isascii()


@pytest.mark.parametrize("value", NOT_ASCII)
def test_an_authorization_that_is_not_ascii_is_a_wrong_key(value: bytes, site: Site) -> None:
    wire = site.connect()

    answer = wire.ask(site.request(identity=b"Authorization: Bearer " + value + b"\r\n"))

    assert answer.status == 401
    assert answer.error()["code"] == "authentication_failed"


@pytest.mark.parametrize(
    "value", [*NOT_ASCII, b"application/json; x=\xc3\xa9", b"", b";", b"/", b"application", b"a/b/c"]
)
def test_a_content_type_that_is_none_is_refused(value: bytes, site: Site) -> None:
    answer = site.ask(b"POST", None, b"Content-Type: " + value + b"\r\n", b"{}")

    assert answer.status == 415
    answer.error()


@pytest.mark.parametrize("host", [b"", b"a b", b"a/b", b"<x>", b"[", b"x:99999", b"x:y", *NOT_ASCII])
def test_no_host_is_too_odd_for_an_answer(host: bytes, site: Site) -> None:
    wire = site.connect()

    # With a link to the next page, for which the host is read.
    request = b"GET " + site.path + b"?limit=1 HTTP/1.1\r\nHost: " + host + b"\r\n" + site.key + b"\r\n"
    answer = wire.ask(request)

    assert answer.status in {200, 400}
    if answer.status == 400:
        answer.error()


def test_duplicate_headers_are_answered(site: Site) -> None:
    wrong = b"Authorization: Bearer wrong\r\n"
    for headers, identity, status in (
        (site.key, None, 401),
        (wrong, None, 401),
        (site.key, wrong, 401),
        (b"Host: other\r\n", None, 200),
        (b"Accept: text/html\r\nAccept: application/json\r\n", None, 200),
        (b"X-Request-Id: a\r\nX-Request-Id: b\r\n", None, 200),
        (b"Origin: http://a.example\r\nOrigin: http://b.example\r\n", None, 200),
        (b"".join(b"X-%d: 1\r\n" % number for number in range(80)), None, 200),
    ):
        wire = site.connect()
        answer = wire.ask(site.request(headers=headers, identity=identity))

        assert answer.status == status, headers
        if status != 200:
            answer.error()


def test_two_content_types_are_one_of_them_or_refused(site: Site) -> None:
    headers = JSON + b"Content-Type: text/plain\r\n"

    assert_refused(site.ask(b"POST", None, headers, b"{}"))


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 2\r\nContent-Length: 3\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: +2\r\n",
        b"Content-Length: two\r\n",
        b"Content-Length: 99999999999999999999999999\r\n",
        b"Transfer-Encoding: gzip\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
    ],
)
def test_a_length_that_is_none_ends_the_connection(headers: bytes, site: Site) -> None:
    """So that what follows cannot pass for a request: the server itself refuses, before the service sees it."""
    before = site.stored()
    wire = site.connect()
    hidden = site.request(b"POST", headers=FORM, body=b"dataset=%s" % str(site.dataset.id).encode())

    wire.send(site.request(b"POST", headers=FORM + headers) + hidden)

    with suppress(OSError):
        answers = list(iter(wire.read, None))
        assert [answer.status for answer in answers] in ([], [400], [501])
    assert site.stored() == before


def test_chunks_and_a_length_together_hide_no_second_request(site: Site) -> None:
    before = site.stored()
    wire = site.connect()
    hidden = site.request(b"POST", headers=FORM, body=b"dataset=%s" % str(site.dataset.id).encode())
    both = CHUNKED + b"Content-Length: %d\r\n" % (len(chunk(b"")) + len(hidden))

    wire.send(site.request(b"POST", headers=JSON + both) + chunk(b"") + hidden)

    with suppress(OSError):
        answers = list(iter(wire.read, None))
        assert len(answers) <= 1
    assert site.stored() == before


def test_after_all_this_no_worker_has_lost_a_thread(site: Site) -> None:
    with ThreadPoolExecutor(16) as clients:
        answers = list(clients.map(lambda _: site.ask().status, range(100)))

    assert answers == [200] * 100
