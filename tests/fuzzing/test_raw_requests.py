"""Requests on the wire that are made to confuse, beside those of tests/service/test_malformed_requests.py."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

import pytest

from tests.service.conftest import Site, service_with_data, site
from tests.service.raw_connection import CHUNKED, FORM, JSON, Answer, chunk
from tests.service_process import ServiceProcess

__all__ = ["service_with_data", "site"]

MEGABYTE = 1024 * 1024
QUIET_SECONDS = 3


def answers_to(site: Site, data: bytes) -> list[Answer]:
    """All answers until the server closes the connection, or has nothing more to say."""
    wire, answers = site.connect(), []
    wire.socket.settimeout(QUIET_SECONDS)
    # The server may close before all was sent.
    with suppress(OSError):
        wire.send(data)
    with suppress(OSError):
        answers.extend(iter(wire.read, None))
    return answers


def answers_to_each(site: Site, requests: Mapping[str, bytes]) -> dict[str, list[Answer]]:
    """At once, since most of the time is spent in waiting for what does not come."""
    with ThreadPoolExecutor(8) as clients:
        return dict(zip(requests, clients.map(partial(answers_to, site), requests.values()), strict=True))


def hidden(site: Site) -> bytes:
    """A request that would be seen if one read the request before it as shorter than another reader does."""
    return site.request(b"POST", headers=FORM, body=b"dataset=%s" % str(site.dataset.id).encode())


SMUGGLING = {
    "two equal lengths": b"Content-Length: 5\r\nContent-Length: 5\r\n",
    "two lengths": b"Content-Length: 0\r\nContent-Length: 5\r\n",
    "lengths in one line": b"Content-Length: 0, 5\r\n",
    "a length in hexadecimal": b"Content-Length: 0x5\r\n",
    "a length with an underscore": b"Content-Length: 1_0\r\n",
    "a blank in the name": b"Content-Length : 5\r\n",
    "a length on a folded line": b"Content-Length:\r\n 5\r\n",
    "chunked, with a blank in the name": b"Transfer-Encoding : chunked\r\n",
    "chunked on a folded line": b"Transfer-Encoding:\r\n chunked\r\n",
    "chunked behind a vertical tab": b"Transfer-Encoding: \x0bchunked\r\n",
    "chunked twice": CHUNKED + CHUNKED,
    "chunked and then not": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
    "not chunked and then so": b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
    "an odd word before chunked": b"Transfer-Encoding: x, chunked\r\n",
    "chunked, of two cases": b"transfer-encoding: cHuNkEd\r\nContent-Length: 5\r\n",
    "a header ended by a line feed": b"X: 1\nContent-Length: 5\r\n",
    "a carriage return in a header": b"X: 1\rContent-Length: 5\r\n",
    "NUL in a header": b"X: 1\x00Content-Length: 5\r\n",
    "NUL in a name": b"Content-\x00Length: 5\r\n",
    "no name": b": 5\r\n",
    "no colon": b"Content-Length 5\r\n",
}


# Their length is plain by RFC 9112, sections 2.2 and 6.3, if five bytes follow that are a last chunk too: then what is
# behind them is a request of its own.
PLAIN = {
    "two equal lengths",
    "chunked twice",
    "not chunked and then so",
    "an odd word before chunked",
    "a header ended by a line feed",
}


@pytest.mark.parametrize("start", [b"", chunk(b"")], ids=["in doubt", "with a last chunk"])
def test_no_odd_framing_hides_a_second_request(start: bytes, site: Site) -> None:
    """Bytes after a request of doubtful length are never taken for a request."""
    before = site.stored()

    answers = answers_to_each(
        site,
        {
            name: site.request(b"POST", headers=JSON + headers) + start + hidden(site)
            for name, headers in SMUGGLING.items()
        },
    )

    honest = PLAIN if start else set()
    for name, found in answers.items():
        statuses = [answer.status for answer in found]
        assert statuses == [400, 201] if name in honest else set(statuses) <= {400, 501}, (name, statuses)
    assert len(site.stored()) == len(before) + len(honest)
    assert site.ask().status == 200


BROKEN_CHUNKS = [
    b"-5\r\n{}\r\n0\r\n\r\n",
    b"+2\r\n{}\r\n0\r\n\r\n",
    b"0x2\r\n{}\r\n0\r\n\r\n",
    b"2 \r\n{}\r\n0\r\n\r\n",
    b"2\n{}\n0\n\n",
    b"2;x=" + b"y" * 100_000 + b"\r\n{}\r\n0\r\n\r\n",
    b"ffffffffffffffff\r\n{}\r\n0\r\n\r\n",
    b"fffffffffffffffff2\r\n{}\r\n0\r\n\r\n",
    b"2\r\n{}XX0\r\n\r\n",
    b"1\r\n{}\r\n0\r\n\r\n",
    b"2\r\n{}\r\n0\r\nContent-Length: 5\r\nAuthorization: Bearer x\r\n\r\n",
    b"\r\n2\r\n{}\r\n0\r\n\r\n",
    b"two\r\n{}\r\n0\r\n\r\n",
]


def test_broken_sizes_of_chunks_are_refused_or_harmless(site: Site) -> None:
    before = site.stored()

    start = site.request(b"POST", headers=JSON + CHUNKED)
    for chunks, answers in answers_to_each(site, {repr(each[:30]): start + each for each in BROKEN_CHUNKS}).items():
        assert all(400 <= answer.status < 500 for answer in answers), chunks

    assert site.stored() == before
    assert site.ask().status == 200


def test_http_1_0_is_answered_and_then_closed(site: Site) -> None:
    one = b"GET " + site.path + b" HTTP/1.0\r\n" + site.key + b"\r\n"

    answers = answers_to(site, one)

    assert [answer.status for answer in answers] == [200]


NO_REQUESTS = [
    b"",
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET  /  HTTP/1.1\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00",
    b"\x00" * 100,
    b"\r\n" * 1000,
]


def test_what_is_no_request_hurts_nobody(site: Site) -> None:
    for data, answers in answers_to_each(site, {repr(each[:30]): each for each in NO_REQUESTS}).items():
        assert all(answer.status < 500 or answer.status == 505 for answer in answers), data

    assert site.ask().status == 200


@pytest.mark.parametrize("size", [1_000, 8_000, 60_000, MEGABYTE, 8 * MEGABYTE])
def test_nothing_in_a_head_is_too_long_for_an_answer_or_an_end(size: int, site: Site) -> None:
    long = b"x" * size
    requests = {
        "header": site.request(headers=b"X-Long: " + long + b"\r\n"),
        "name of a header": site.request(headers=long + b": 1\r\n"),
        "authorization": site.request(identity=b"Authorization: Bearer " + long + b"\r\n"),
        "cookie": site.request(headers=b"Cookie: " + long + b"\r\n"),
        "path": site.request(path=site.path + long + b"/"),
        "query": site.request(path=site.path + b"?" + long),
        "method": site.request(long),
    }

    for place, answers in answers_to_each(site, requests).items():
        # The server itself refuses a head that is too long, and closes.
        assert all(answer.status < 500 for answer in answers), place
    assert site.ask().status == 200


def test_no_number_of_headers_is_too_great_for_an_answer_or_an_end(site: Site) -> None:
    requests = {
        str(count): site.request(headers=b"".join(b"X-%d: 1\r\n" % number for number in range(count)))
        for count in (99, 1_000, 100_000)
    }

    for count, answers in answers_to_each(site, requests).items():
        assert all(answer.status < 500 for answer in answers), count
    assert site.ask().status == 200


@pytest.mark.parametrize("pair", [b"a=1", b"a", b"metadata__a=1", b"id__in=x", b"search=x"])
def test_thousands_of_parameters_are_refused_in_the_query_and_in_a_form(pair: bytes, site: Site) -> None:
    many = b"&".join([pair] * 4_000)

    for answer in (
        site.ask(b"GET", site.path + b"?" + many),
        site.ask(b"POST", None, FORM, b"&".join([pair] * 100_000)),
    ):
        assert answer.status == 400
        answer.error()


def test_a_hundred_thousand_parts_of_a_form_are_refused(site: Site) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    body = part * 100_000 + b"--x--\r\n"

    answer = site.ask(b"POST", None, b"Content-Type: multipart/form-data; boundary=x\r\n", body)

    assert answer.status == 400
    answer.error()


def test_an_encoded_body_is_not_unpacked(site: Site) -> None:
    """So that none can swell: it is read as it is, and that is no JSON."""
    answer = site.ask(b"POST", None, JSON + b"Content-Encoding: gzip\r\n", b"\x1f\x8b\x08\x00" + b"\x00" * 100)

    assert answer.status in {400, 415}
    answer.error()


def test_after_all_this_no_worker_failed(site: Site, service: ServiceProcess) -> None:
    log = service.output()

    assert log.partition("Unhandled error")[2][:5000] == ""
    assert "panicked" not in log
    assert "Traceback" not in log
