"""Incomplete bodies and headers are never executed, and do not block other requests."""

import time
from contextlib import suppress

import pytest

from tests.service.conftest import Site
from tests.service.raw_connection import CHUNKED, FORM, GONE, JSON, chunk


def half_sent(kind: str, site: Site) -> bytes:
    """Send a request and disconnect early; the received part of the body would be valid by itself."""
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
def test_an_incomplete_body_stores_nothing(kind: str, site: Site) -> None:
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
def test_a_body_with_malformed_chunks_stores_nothing(rest: bytes, site: Site) -> None:
    before = site.stored()
    wire = site.connect()
    wire.send(half_sent("form, chunked", site))

    with suppress(OSError):
        wire.send(rest)
        wire.read()

    time.sleep(0.05)
    assert site.stored() == before


def test_a_client_that_stops_sending_gets_a_timeout(site: Site) -> None:
    wire = site.connect()
    wire.send(half_sent("JSON", site))

    GONE["stops sending"](wire)

    answer = wire.read()
    assert answer is None or answer.error()


def test_an_incomplete_patch_changes_nothing(site: Site) -> None:
    before = site.stored()
    wire = site.connect()
    path = site.path + str(site.item.id).encode() + b"/"
    wire.send(site.request(b"PATCH", path, FORM + b"Content-Length: 100\r\n") + b"deleted=true")

    wire.close()

    time.sleep(0.1)
    assert site.stored() == before


@pytest.mark.parametrize("framing", [b"Content-Length: 1000\r\n", CHUNKED], ids=["declared", "chunked"])
def test_many_incomplete_bodies_do_not_block_others(framing: bytes, site: Site) -> None:
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


def test_many_incomplete_headers_do_not_block_others(site: Site) -> None:
    for _ in range(40):
        site.connect().send(site.request()[:-2])

    start = time.monotonic()
    for _ in range(20):
        assert site.ask().status == 200

    assert time.monotonic() - start < 5
