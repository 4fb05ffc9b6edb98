"""Requests with a method, path, query or body that no library sends."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.rows import dataset
from tests.service.conftest import Site
from tests.service.raw_connection import FORM, JSON, assert_bad_request


@pytest.mark.parametrize("method", [b"TRACE", b"CONNECT", b"BREW", b"PROPFIND", b"A" * 2000, b"G-E_T!"])
def test_trace_and_unknown_methods_are_rejected(method: bytes, site: Site) -> None:
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
def test_unknown_methods_on_an_unknown_path_are_rejected(method: bytes, site: Site) -> None:
    assert_bad_request(site.ask(method, b"/api/nowhere/"))


@pytest.mark.parametrize("path", [b"*", b"//", b"/api", b"/api//", b"/api/projects//datasets/", b"/../etc/passwd"])
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
def test_malformed_paths_are_no_server_error(segment: bytes, site: Site) -> None:
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
def test_malformed_queries_are_no_server_error(value: bytes, site: Site) -> None:
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
                assert_bad_request(answer)


def test_a_raw_utf8_query_equals_an_encoded_one(site: Site) -> None:
    row = dataset(site.people.project, name="日本 é")
    datasets = site.path.replace(b"dataset_items", b"datasets")

    for query in (b"search=%E6%97%A5%E6%9C%AC", "search=日本".encode(), b"search=%C3%A9", "search=é".encode()):
        answer = site.ask(b"GET", datasets + b"?" + query)

        assert answer.status == 200
        assert [each["id"] for each in json.loads(answer.body)["results"]] == [str(row.id)], query


@pytest.mark.parametrize("content_type", [b"", JSON, b"Content-Type: application/json; charset=utf-8\r\n"])
def test_at_most_a_thousand_parameters_are_accepted(content_type: bytes, site: Site) -> None:
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
def test_strange_charsets_are_no_server_error(kind: bytes, charset: bytes, site: Site) -> None:
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


def test_a_form_with_an_unknown_charset_is_accepted(site: Site) -> None:
    header = b"Content-Type: multipart/form-data; charset=nonsense; boundary=x\r\n"
    dataset = str(site.dataset.id).encode()
    body = b'--x\r\nContent-Disposition: form-data; name="dataset"\r\n\r\n%s\r\n--x--\r\n' % dataset

    assert site.ask(b"POST", None, header, body).status == 201


@pytest.mark.parametrize("number", [b"1", b"1e10000", b"1" * 5000], ids=["plain", "large", "long"])
@pytest.mark.parametrize("kind", [JSON, FORM], ids=["JSON", "form"])
def test_deep_nesting_is_no_server_error(kind: bytes, number: bytes, site: Site) -> None:
    """Tests depths near the limit of Python's parser, which varies a little from call to call."""
    start = (b'{"dataset":"%s","input":' if kind == JSON else b"dataset=%s&input=") % str(site.dataset.id).encode()
    end = b"}" if kind == JSON else b""
    wire = site.connect()

    for depth in range(900, 1000):
        body = start + b"[" * depth + number + b"]" * depth + end
        answer = wire.ask(site.request(b"POST", None, kind, body))

        assert answer.status == 400, depth
        assert answer.error()["code"] in {"max_depth", "parse_error", "invalid_input"}


def test_no_worker_has_lost_a_thread(site: Site) -> None:
    """Runs last, also after the other files that use the same service."""
    with ThreadPoolExecutor(16) as clients:
        answers = list(clients.map(lambda _: site.ask().status, range(100)))

    assert answers == [200] * 100
