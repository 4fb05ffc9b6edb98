"""Streamed responses, also when the client or the service fails."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.service.raw_connection import RawConnection
from tests.service.scrape import scrape, value
from tests.service.streams.conftest import IDLE_TIMEOUT_SECONDS, Site, read_chunked, read_head
from tests.service_process import ServiceProcess
from tests.waiting import wait_for

MEGABYTE = 1_000_000
ENDLESS = f"/streams/?count=100000&size={MEGABYTE}"


@pytest.mark.parametrize(
    ("count", "size"), [(1, 1), (1, 3 * MEGABYTE), (3, 10), (100, MEGABYTE), (2000, 100), (1, 262_144)]
)
def test_a_stream_is_complete_and_its_connection_stays_open(count: int, size: int, site: Site) -> None:
    wire = site.get(f"/streams/?count={count}&size={size}")

    for _ in range(2):
        assert read_head(wire)["transfer-encoding"] == "chunked"
        assert read_chunked(wire) == (count * size, True)
        wire.send(f"GET /streams/?count={count}&size={size} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())


@pytest.mark.parametrize("path", ["/streams/", "/streams/?count=3&size=0"])
def test_an_empty_stream_is_an_empty_response(path: str, site: Site) -> None:
    answer = site.get(path).read()

    assert answer
    assert (answer.status, answer.header("content-length")) == (200, "0")


def test_a_chunk_is_sent_before_the_next_is_produced(site: Site) -> None:
    wire = site.get("/streams/?count=2&size=10&pause=1")

    read_head(wire)
    assert wire.file.readline().upper() == b"A\r\n"
    start = time.monotonic()
    wire.file.read(12)
    assert time.monotonic() - start < 0.5
    assert read_chunked(wire) == (10, True)
    assert time.monotonic() - start > 0.5


def test_head_has_no_body_and_produces_nothing(site: Site) -> None:
    produced = site.state()["produced"]

    wire = site.get(ENDLESS, "HEAD")
    headers = read_head(wire)

    assert headers["content-type"] == "application/octet-stream"
    assert "content-length" not in headers
    wire.send(b"GET /_livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
    answer = wire.read()
    assert answer
    assert answer.status == 200
    assert site.state()["produced"] == produced


@pytest.mark.parametrize("how", ["close", "reset"])
@pytest.mark.parametrize("pause", [0, 0.05])
def test_a_disconnected_client_ends_the_stream(how: str, pause: float, site: Site) -> None:
    before = site.state()
    wire = site.get(f"{ENDLESS}&pause={pause}")
    wire.socket.recv(1000)

    getattr(wire, how)()

    wait_for(lambda: site.state()["closed"] == before["closed"] + 1, 2)
    assert site.state()["produced"] < before["produced"] + 100


def test_stalled_clients_block_no_thread_and_no_memory(site: Site) -> None:
    assert site.state()
    before = site.memory(), site.state()["closed"]
    wires = [site.get(ENDLESS) for _ in range(10)]
    for wire in wires:
        wire.socket.recv(1000)

    time.sleep(IDLE_TIMEOUT_SECONDS / 2)

    # There are two threads for streams.
    assert read_chunked_of(site, "/streams/?count=50&size=100000") == (5 * MEGABYTE, True)
    assert site.memory() < before[0] + 60 * MEGABYTE
    # They time out.
    wait_for(lambda: site.state()["closed"] == before[1] + 11, 5 * IDLE_TIMEOUT_SECONDS)
    for wire in wires:
        wire.socket.settimeout(5)
        assert not has_end(wire)


def read_chunked_of(site: Site, path: str) -> tuple[int, bool]:
    wire = site.get(path)
    read_head(wire)
    return read_chunked(wire)


def has_end(wire: RawConnection) -> bool:
    tail = b""
    try:
        while block := wire.socket.recv(MEGABYTE):
            tail = (tail + block)[-5:]
    except ConnectionError:
        return False
    return tail == b"0\r\n\r\n"


def test_a_slow_client_gets_the_whole_stream(site: Site) -> None:
    wire = site.get(f"/streams/?count=30&size={MEGABYTE}")
    read_head(wire)

    length, start = 0, time.monotonic()
    while size := int(wire.file.readline(), 16):
        length += len(wire.file.read(size))
        wire.file.read(2)
        time.sleep(size / (10 * MEGABYTE))

    assert length == 30 * MEGABYTE
    assert time.monotonic() - start > IDLE_TIMEOUT_SECONDS


def test_memory_does_not_grow_with_a_stream(site: Site) -> None:
    assert read_chunked_of(site, f"/streams/?count=50&size={MEGABYTE}") == (50 * MEGABYTE, True)
    before = site.memory()

    assert read_chunked_of(site, f"/streams/?count=500&size={MEGABYTE}") == (500 * MEGABYTE, True)

    assert site.memory() < before + 20 * MEGABYTE


@pytest.mark.parametrize("fail", [1, 5, 20])
def test_an_error_within_a_stream_resets_the_connection(fail: int, site: Site) -> None:
    before = failures(site)
    wire = site.get(f"/streams/?count=30&size={MEGABYTE}&fail={fail}")

    request_id = read_head(wire)["x-request-id"]
    length, is_whole = read_chunked(wire)

    assert not is_whole
    assert length <= fail * MEGABYTE
    wait_for(lambda: f"A streamed response failed request_id={request_id}" in site.service.output(), 10)
    wait_for(lambda: failures(site) == before + 1, 10)


def test_an_error_does_not_affect_other_connections(site: Site) -> None:
    other = site.get("/streams/?count=10&size=100000&pause=0.1")
    read_head(other)

    assert not site.get("/streams/?count=3&fail=1").file.read().endswith(b"0\r\n\r\n")

    assert read_chunked(other) == (MEGABYTE, True)


def failures(site: Site) -> float:
    """Return the number of requests that the metrics count as failed."""
    return value(scrape(site.service.base), "datasets_http_requests_total", status="500")


def test_an_error_before_the_first_chunk_is_a_logged_and_counted_500(site: Site) -> None:
    before = failures(site)
    ask = b"GET /streams/?count=3&fail=0 HTTP/1.1\r\nHost: localhost\r\nOrigin: https://front-end.example\r\n\r\n"
    answer = site.connect().ask(ask)

    assert (answer.status, answer.error()["code"]) == (500, "error")
    assert answer.header("access-control-allow-origin") == "*"
    request_id = answer.header("x-request-id")
    wait_for(lambda: f"Unhandled error request_id={request_id}" in site.service.output(), 10)
    wait_for(lambda: failures(site) == before + 1, 10)


def test_too_many_streams_are_rejected(site: Site) -> None:
    wires = [site.get(f"{ENDLESS}&pause=0.01") for _ in range(70)]
    statuses = [wire.file.readline().split()[1] for wire in wires]

    # Streams of the test before may still be ending.
    assert 6 <= statuses.count(b"503") <= 16
    assert statuses.count(b"200") == 70 - statuses.count(b"503")
    site.connections.close()
    wait_for(lambda: site.get("/streams/?count=1").file.readline().split()[1] == b"200", 10)


def test_streams_do_not_block_other_requests(site: Site) -> None:
    wires = [site.get(ENDLESS) for _ in range(4)]
    with ThreadPoolExecutor(4) as readers:
        taken = [readers.submit(has_end, wire) for wire in wires]
        waits = []
        for _ in range(50):
            start = time.monotonic()
            answer = site.get("/_readyz").read()
            waits.append(time.monotonic() - start)
            assert answer
            assert answer.status == 200
        for wire in wires:
            wire.socket.shutdown(2)
        [each.result(timeout=10) for each in taken]

    assert sorted(waits)[25] < 0.5


def test_a_stop_waits_for_the_end_of_streams(django_db_setup: None, live_database: None) -> None:
    service = ServiceProcess(workers=1, DJANGO_SETTINGS_MODULE="tests.service.streams.settings")
    site = Site(service)
    wire = site.get("/streams/?count=20&size=1000&pause=0.1")
    read_head(wire)

    with ThreadPoolExecutor(1) as thread:
        stopping = thread.submit(service.stop)
        assert read_chunked(wire) == (20_000, True)
        output = stopping.result(timeout=30)
    site.connections.close()

    assert "Traceback" not in output
