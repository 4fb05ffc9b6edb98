"""Uploads are received completely or not at all, and only with access."""

import hashlib
import json
import resource
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.service.raw_connection import GONE, Answer, RawConnection, chunk
from tests.service.streams.conftest import LIMIT, Site
from tests.waiting import wait_for

FILE = hashlib.shake_128(b"file").digest(25_000_000)
CHUNKED = "Transfer-Encoding: chunked\r\n"


def head(site: Site, headers: str = "", *, identity: str | None = None, query: str = "") -> bytes:
    identity = site.key if identity is None else identity
    start = f"POST {site.path}{query} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {identity}\r\n"
    return f"{start}Content-Type: text/csv\r\n{headers}\r\n".encode()


def text_length(body: bytes) -> str:
    return f"Content-Length: {len(body)}\r\n"


def taken(answer: Answer | None) -> dict[str, Any]:
    assert answer
    assert answer.status == 200, answer
    found: dict[str, Any] = json.loads(answer.body)
    return found


@pytest.mark.parametrize("size", [0, 1, 1024 * 1024, 1024 * 1024 + 1, 25_000_000])
@pytest.mark.parametrize("framing", ["declared", "chunked"])
def test_a_file_arrives_unchanged(framing: str, size: int, site: Site) -> None:
    wire, body = site.connect(), FILE[:size]
    for _ in range(2):
        if framing == "declared":
            answer = wire.ask(head(site, text_length(body)) + body)
        else:
            pieces = b"".join(chunk(body[at : at + 70_000]) for at in range(0, size, 70_000))
            answer = wire.ask(head(site, CHUNKED) + pieces + chunk(b""))

        found = taken(answer)
        assert (found["length"], found["sha256"]) == (size, hashlib.sha256(body).hexdigest())
        # The file has no name, and is not held in memory.
        assert found["name"].isdecimal()


def test_memory_does_not_grow_with_a_file(site: Site) -> None:
    taken(site.connect().ask(head(site, text_length(FILE[:1000])) + FILE[:1000]))
    before = site.memory()

    taken(site.connect().ask(head(site, text_length(FILE)) + FILE))

    assert site.memory() < before + 10_000_000


@pytest.mark.parametrize("identity", ["stranger", "reader", "wrong", "none"])
def test_a_client_without_access_is_rejected_before_the_file_is_received(identity: str, site: Site) -> None:
    value = {"stranger": site.stranger, "reader": site.reader}.get(identity, "wrong")
    status = 403 if identity in {"stranger", "reader"} else 401
    before = site.state()["imports"]

    asking = head(site, "Content-Length: 10\r\nExpect: 100-continue\r\n", identity=value)
    answer = site.connect().ask(asking)
    assert (answer.status, answer.error()["attr"]) == (status, None)

    wire = site.connect()
    for _ in range(2):
        answer = wire.ask(head(site, text_length(FILE[:100_000]), identity=value) + FILE[:100_000])
        assert answer.status == status
    assert site.state()["imports"] == before


def test_expect_100_continue_is_supported(site: Site) -> None:
    wire = site.connect()

    wire.send(head(site, "Content-Length: 5\r\nExpect: 100-continue\r\n"))
    assert wire.file.readline() == b"HTTP/1.1 100 Continue\r\n"
    assert wire.file.readline() == b"\r\n"

    assert taken(wire.ask(b"12345"))["length"] == 5


@pytest.mark.parametrize("framing", ["declared", "declared, asked first", "chunked"])
def test_a_file_over_the_limit_is_rejected(framing: str, site: Site) -> None:
    before = site.state()["imports"]
    wire = site.connect()
    answer = None

    with suppress(ConnectionError):
        if framing == "chunked":
            wire.send(head(site, CHUNKED))
            for _ in range(LIMIT // 1_000_000 + 1):
                wire.send(chunk(bytes(1_000_000)))
        else:
            expect = "Expect: 100-continue\r\n" if "asked" in framing else ""
            wire.send(head(site, f"Content-Length: {LIMIT + 1}\r\n{expect}"))
        answer = wire.read()

    if framing != "chunked":
        assert answer
    if answer:
        assert answer.status == 413
        assert answer.error()["detail"] == f"Request body exceeds the limit of {LIMIT} bytes."
    assert site.state()["imports"] == before


def test_other_paths_keep_their_limit(site: Site) -> None:
    path = site.path.replace("/x/import/", "/")
    site_head = head(site, "Content-Length: 25000000\r\n").replace(site.path.encode(), path.encode())

    assert site.connect().ask(site_head + FILE).status == 413


@pytest.mark.parametrize("framing", ["declared", "chunked"])
def test_an_incomplete_file_is_rejected(framing: str, site: Site) -> None:
    before = site.state()["imports"]
    wires: dict[str, RawConnection] = {how: site.connect() for how in GONE}
    for wire in wires.values():
        if framing == "declared":
            wire.send(head(site, "Content-Length: 3000000\r\n") + FILE[:2_000_000])
        else:
            wire.send(head(site, CHUNKED) + chunk(FILE[:2_000_000]))
    time.sleep(0.2)

    for how, wire in wires.items():
        GONE[how](wire)

    answer = wires["stops sending"].read()
    assert answer is None or answer.error()["detail"] == "The request body is incomplete."
    time.sleep(0.2)
    assert site.state()["imports"] == before


def test_a_full_disk_is_said_to_be_temporary(site: Site) -> None:
    (worker,) = site.workers
    wire, answer = site.connect(), None
    limit = resource.prlimit(worker, resource.RLIMIT_FSIZE, (5_000_000, resource.RLIM_INFINITY))
    try:
        with suppress(ConnectionError):
            # More than a block beyond the limit, since smaller blocks are not written at once.
            wire.send(head(site, CHUNKED) + chunk(FILE[:6_500_000]))
        with suppress(ConnectionError):
            answer = wire.read()
    finally:
        resource.prlimit(worker, resource.RLIMIT_FSIZE, limit)

    assert answer
    assert (answer.status, answer.error()["code"]) == (503, "import_storage_full")
    assert answer.header("retry-after") == "10"


def test_the_quota_is_per_user(site: Site) -> None:
    wires = [site.connect() for _ in range(4)]
    for wire in wires:
        wire.send(head(site, "Content-Length: 10\r\n") + b"12345")
    time.sleep(0.3)

    more = "Content-Length: 10\r\nExpect: 100-continue\r\n"
    answer = site.connect().ask(head(site, f"Origin: https://front-end.example\r\n{more}"))
    assert (answer.status, answer.header("access-control-allow-origin")) == (429, "*")
    assert "SERVER_MAX_UPLOADS_PER_USER" in answer.error()["detail"]
    assert answer.header("retry-after") == "1"
    # Its second key counts with the first.
    assert site.connect().ask(head(site, more, identity=site.second_key)).status == 429
    assert taken(site.connect().ask(head(site, text_length(b"1"), identity=site.owner) + b"1"))["length"] == 1

    for wire in wires:
        assert taken(wire.ask(b"67890"))["length"] == 10


@pytest.mark.parametrize("identity", ["wrong", "stranger"])
def test_requests_without_access_do_not_count(identity: str, site: Site) -> None:
    value = site.stranger if identity == "stranger" else "wrong"
    for _ in range(40):
        site.connect().send(head(site, "Content-Length: 1000000\r\n", identity=value) + b"12345")
    time.sleep(0.3)

    assert taken(site.connect().ask(head(site, text_length(b"1")) + b"1"))["length"] == 1


def test_imports_block_neither_requests_nor_streams(site: Site) -> None:
    wires = [site.connect() for _ in range(4)]
    for wire in wires:
        wire.send(head(site, "Content-Length: 1\r\n", query="?pause=2") + b"1")
    time.sleep(0.2)

    start = time.monotonic()
    for path in ["/_readyz", "/streams/?count=3"] * 5:
        site.get(path).file.readline()
    assert time.monotonic() - start < 1.8

    # Imports run one after the other, because one thread is reserved for streams.
    with ThreadPoolExecutor(4) as readers:
        assert [taken(each)["length"] for each in readers.map(RawConnection.read, wires)] == [1] * 4
    assert time.monotonic() - start > 5.5


def test_no_files_are_left_on_disk(site: Site) -> None:
    taken(site.connect().ask(head(site, text_length(FILE)) + FILE))

    (worker,) = site.workers
    environment = Path(f"/proc/{worker}/environ").read_bytes().split(b"\0")
    folder = next(each.partition(b"=")[2].decode() for each in environment if each.startswith(b"IMPORT_DIR="))
    assert list(Path(folder).iterdir()) == []
    wait_for(lambda: folder not in " ".join(str(each.resolve()) for each in Path(f"/proc/{worker}/fd").iterdir()), 10)
