"""Limits on the resources of a request before access is decided, and of a single user."""

import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.conftest import emptied
from tests.service.conftest import Site
from tests.service.raw_connection import CHUNKED, FORM, JSON, RawConnection, chunk
from tests.service.scrape import scrape, value
from tests.service_process import ServiceProcess
from tests.waiting import wait_for

MEGABYTE = 1_000_000
LIMIT = 20_971_520
BODY_SECONDS = 3
CONNECTIONS = 8000


@pytest.fixture(scope="module")
def bounded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    """A service with one worker, a short time for bodies, and small quotas per user."""
    with emptied(django_db_blocker):
        service = ServiceProcess(
            workers=1, BODY_TIMEOUT_SECONDS=str(BODY_SECONDS), SERVER_MAX_BODY_BYTES_PER_USER=str(LIMIT)
        )
        site = Site(service)
        try:
            yield site
        finally:
            service.stop()


@pytest.fixture
def site(bounded: Site) -> Iterator[Site]:
    with bounded.connections:
        yield bounded


def worker(site: Site) -> psutil.Process:
    (found,) = psutil.Process(site.service.process.pid).children()
    return found


def peak_memory(process: psutil.Process) -> int:
    status = Path(f"/proc/{process.pid}/status").read_text()
    return 1024 * int(status.partition("VmHWM:")[2].split()[0])


def create(site: Site) -> int:
    body = b'{"dataset": "%s"}' % str(site.dataset.id).encode()
    return site.connect().ask(site.request(b"POST", headers=JSON, body=body)).status


# --- Before access is decided ---------------------------------------------------------------------------------------

LARGE_FORM = b"a=" + b"%41" * (20 * MEGABYTE // 3)


@pytest.mark.parametrize("identity", [b"", b"Authorization: Bearer wrong\r\n"], ids=["no key", "wrong key"])
@pytest.mark.parametrize("kind", ["form", "JSON", "chunks"])
def test_a_large_body_without_a_key_is_neither_stored_nor_parsed(kind: str, identity: bytes, site: Site) -> None:
    process = worker(site)
    memory, cpu = peak_memory(process), sum(process.cpu_times()[:2])
    headers = {"form": FORM, "JSON": JSON, "chunks": FORM + CHUNKED}[kind]
    body = b"[" * len(LARGE_FORM) if kind == "JSON" else LARGE_FORM

    if kind == "chunks":
        pieces = b"".join(chunk(body[at : at + 100_000]) for at in range(0, len(body), 100_000)) + chunk(b"")
        request = site.request(b"POST", headers=headers, identity=identity) + pieces
    else:
        request = site.request(b"POST", headers=headers, identity=identity, body=body)
    answer = site.connect().ask(request)

    assert answer.status == 401
    assert peak_memory(process) < memory + 20 * MEGABYTE
    assert sum(process.cpu_times()[:2]) < cpu + 1


def test_a_key_is_only_found_in_a_small_body(site: Site) -> None:
    key = site.key.removeprefix(b"Authorization: Bearer ").strip()
    body = b'{"personal_api_key": "%s", "dataset": "%s", "input": "%s"}'
    small, long = (body % (key, str(site.dataset.id).encode(), b"x" * size) for size in (1000, 70_000))

    assert site.ask(b"POST", headers=JSON, body=small, identity=b"").status == 201
    assert site.ask(b"POST", headers=JSON, body=long, identity=b"").error()["code"] == "not_authenticated"
    assert site.ask(b"POST", headers=JSON, body=long).status == 201


def test_a_large_chunked_body_is_received_after_access(site: Site) -> None:
    body = b'{"dataset": "%s", "input": "%s"}' % (str(site.dataset.id).encode(), b"x" * 300_000)
    pieces = b"".join(chunk(body[at : at + 50_000]) for at in range(0, len(body), 50_000)) + chunk(b"")

    answer = site.connect().ask(site.request(b"POST", headers=JSON + CHUNKED) + pieces)

    assert answer.status == 201
    assert b"x" * 300_000 in answer.body


@pytest.mark.parametrize("method", [b"post", b"Post", b"get", b"pOST"])
def test_a_method_that_is_not_upper_case_is_rejected(method: bytes, site: Site) -> None:
    before = site.stored()
    body = b'{"dataset": "%s"}' % str(site.dataset.id).encode()

    answer = site.ask(method, headers=JSON, body=body)

    assert (answer.status, answer.error()["code"]) == (405, "method_not_allowed")
    assert "POST" in (answer.header("allow") or "")
    assert site.stored() == before


# --- Slow bodies ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [1000, LIMIT], ids=["small", "long"])
def test_a_body_of_occasional_bytes_times_out(length: int, site: Site) -> None:
    wire = site.connect()
    wire.send(site.request(b"POST", headers=JSON + b"Content-Length: %d\r\n" % length))
    wire.socket.settimeout(0.5)
    start = time.monotonic()

    while not has_answer(wire):
        wire.send(b" ")
        assert time.monotonic() - start < 3 * BODY_SECONDS

    assert time.monotonic() - start > BODY_SECONDS - 1
    wire.socket.settimeout(15)
    answer = wire.read()
    assert answer
    assert (answer.status, answer.error()["code"]) == (408, "request_timeout")


def has_answer(wire: RawConnection) -> bool:
    try:
        return bool(wire.socket.recv(1, socket.MSG_PEEK))
    except TimeoutError:
        return False


@pytest.mark.parametrize("identity", ["none", "stranger", "colleague"])
def test_slow_bodies_do_not_block_others(identity: str, site: Site) -> None:
    keys = {"none": b"", "stranger": site.stranger, "colleague": site.key}
    owner = site.owner
    for _ in range(12):
        wire = site.connect()
        wire.socket.settimeout(2)
        wire.send(site.request(b"POST", headers=JSON + b"Content-Length: %d\r\n" % LIMIT, identity=keys[identity]))
        wire.send(b" " * 100_000)

    statuses = []
    for _ in range(10):
        body = b'{"dataset": "%s", "input": "%s"}' % (str(site.dataset.id).encode(), b"x" * 100_000)
        statuses.append(site.connect().ask(site.request(b"POST", headers=JSON, body=body, identity=owner)).status)
        statuses.append(create(site))

    assert statuses == [201] * len(statuses)


def test_a_user_cannot_exceed_the_quota(site: Site) -> None:
    first, second = site.connect(), site.connect()
    start = b'{"dataset": "%s", "input": "' % str(site.dataset.id).encode()
    request = site.request(b"POST", headers=JSON + b"Content-Length: %d\r\n" % (15 * MEGABYTE))
    first.send(request + start + b"x" * (12 * MEGABYTE))
    wait_for(lambda: value(scrape(site.service.base), "datasets_request_body_bytes") > 11 * MEGABYTE, 10)

    second.send(request + start + b"x" * (12 * MEGABYTE))
    answer = second.read()

    assert answer
    assert (answer.status, answer.error()["code"]) == (429, "throttled")
    assert "SERVER_MAX_BODY_BYTES_PER_USER" in answer.error()["detail"]
    assert site.connect().ask(site.request(b"POST", headers=JSON, body=b"{}", identity=site.owner)).status == 400


# --- Many connections -----------------------------------------------------------------------------------------------


def test_monitors_get_responses_during_thousands_of_slow_connections(site: Site) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < CONNECTIONS + 1000:
        pytest.skip("too few file descriptors")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    request = site.request(b"POST", headers=JSON + b"Content-Length: 60000\r\n", identity=b"")
    try:
        with ExitStack() as stack:
            for number in range(CONNECTIONS):
                each = stack.enter_context(socket.create_connection(("127.0.0.1", site.port), timeout=10))
                # Half of them do not even complete their headers.
                each.sendall(request[:-2] if number % 2 else request + b"x" * 1000)

            for path in ("/_livez", "/metrics", "/_readyz") * 3:
                assert httpx.get(site.service.base + path, timeout=5).status_code == 200
            assert create(site) == 201
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
