"""Headers that no library sends get a response or end the connection."""

from contextlib import suppress

import pytest

from tests.service.conftest import Site
from tests.service.raw_connection import CHUNKED, FORM, JSON, assert_bad_request, chunk

NOT_ASCII = ["é".encode(), "日本".encode(), b"\xff", b"\xed\xa0\x80"]


@pytest.mark.parametrize("value", NOT_ASCII)
def test_header_values_that_are_not_ascii_are_no_server_error(value: bytes, site: Site) -> None:
    for name in (b"X-Request-Id", b"Accept", b"Origin", b"User-Agent", b"Cookie", b"X-Forwarded-For", b"X-Other"):
        answer = site.ask(b"GET", None, name + b": " + value + b"\r\n")

        assert answer.status in {200, 406}, name
        assert (answer.header("x-request-id") or "").isascii()


@pytest.mark.parametrize("value", NOT_ASCII)
def test_an_authorization_that_is_not_ascii_is_an_invalid_key(value: bytes, site: Site) -> None:
    wire = site.connect()

    answer = wire.ask(site.request(identity=b"Authorization: Bearer " + value + b"\r\n"))

    assert answer.status == 401
    # A single character is not a key, as in "Bearer x".
    assert answer.error()["code"] == ("authentication_failed" if len(value) > 1 else "not_authenticated")


@pytest.mark.parametrize("name", [b"If-Match", b"Idempotency-Key"])
@pytest.mark.parametrize("value", NOT_ASCII)
def test_a_condition_or_key_that_is_not_ascii_is_not_ignored(name: bytes, value: bytes, site: Site) -> None:
    path = f"/api/projects/{site.people.project.id}/datasets/{site.dataset.id}/".encode()
    before = site.stored()

    answer = site.ask(b"PATCH", path, JSON + name + b": " + value + b"\r\n", b'{"name": "overwritten"}')

    assert answer.status == 400
    assert answer.error()["attr"] == name.decode()
    assert site.stored() == before


@pytest.mark.parametrize(
    "value", [*NOT_ASCII, b"application/json; x=\xc3\xa9", b"", b";", b"/", b"application", b"a/b/c"]
)
def test_an_invalid_content_type_is_rejected(value: bytes, site: Site) -> None:
    answer = site.ask(b"POST", None, b"Content-Type: " + value + b"\r\n", b"{}")

    assert answer.status == 415
    answer.error()


@pytest.mark.parametrize("host", [b"", b"a b", b"a/b", b"<x>", b"[", b"x:99999", b"x:y", *NOT_ASCII])
def test_a_malformed_host_is_no_server_error(host: bytes, site: Site) -> None:
    wire = site.connect()

    # The response has a link to the next page, which contains the host.
    request = b"GET " + site.path + b"?limit=1 HTTP/1.1\r\nHost: " + host + b"\r\n" + site.key + b"\r\n"
    answer = wire.ask(request)

    assert answer.status in {200, 400}
    if answer.status == 400:
        answer.error()


def test_duplicate_headers_are_no_server_error(site: Site) -> None:
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


def test_two_content_types_are_one_of_them_or_rejected(site: Site) -> None:
    headers = JSON + b"Content-Type: text/plain\r\n"

    assert_bad_request(site.ask(b"POST", None, headers, b"{}"))


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
def test_an_invalid_content_length_ends_the_connection(headers: bytes, site: Site) -> None:
    """The rest must not be taken for another request; the HTTP server itself rejects it."""
    before = site.stored()
    wire = site.connect()
    hidden = site.request(b"POST", headers=FORM, body=b"dataset=%s" % str(site.dataset.id).encode())

    wire.send(site.request(b"POST", headers=FORM + headers) + hidden)

    with suppress(OSError):
        answers = list(iter(wire.read, None))
        assert [answer.status for answer in answers] in ([], [400], [501])
    assert site.stored() == before


def test_chunked_encoding_with_a_length_hides_no_second_request(site: Site) -> None:
    before = site.stored()
    wire = site.connect()
    hidden = site.request(b"POST", headers=FORM, body=b"dataset=%s" % str(site.dataset.id).encode())
    both = CHUNKED + b"Content-Length: %d\r\n" % (len(chunk(b"")) + len(hidden))

    wire.send(site.request(b"POST", headers=JSON + both) + chunk(b"") + hidden)

    with suppress(OSError):
        answers = list(iter(wire.read, None))
        assert len(answers) <= 1
    assert site.stored() == before
