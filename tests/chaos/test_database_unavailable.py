"""While the database is unavailable, the service reports it quickly; afterwards, it works without a restart."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
import psycopg
import pytest

from tests.chaos.clients import Answer
from tests.chaos.conftest import SECRET_KEY, Database, Place
from tests.chaos.relay import Relay
from tests.service.up_process import Up, manage
from tests.service_process import free_port
from tests.waiting import wait_for

CLIENTS = 16
# The service waits 2 seconds for a connection, 2 for a statement and 5 more for a silent server; requests that wait for
# a thread meanwhile are rejected. On a slow machine, all of it takes longer, but never minutes.
BOUND_SECONDS = 30
QUICK_SECONDS = 5
OF_SERVICE = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'datasets-api'"


def is_ready(up: Up) -> bool:
    """Return whether the service is ready for reads and writes."""
    return bool(up.ask("GET", "/_readyz").json().get("writes"))


def is_failure(answer: Answer, code: str) -> None:
    assert answer.status == 503, answer
    assert list(answer.body) == ["type", "code", "detail", "attr"]
    assert (answer.body["type"], answer.body["code"], answer.body["attr"]) == ("server_error", code, None)
    assert int(answer.headers["retry-after"]) >= 1


def ask_all(place: Place, up: Up) -> list[tuple[str, Answer, float]]:
    """Send each request on one connection, and return responses and durations."""
    client, answers = place.client(up), []
    for name, (method, path, body) in place.requests().items():
        start = time.monotonic()
        answers.append((name, client.ask(method, path, body), time.monotonic() - start))
    client.close()
    return answers


def all_work(place: Place, up: Up) -> None:
    """Return whether all of enough requests to reach each thread of each worker succeed."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        for answers in pool.map(lambda _: ask_all(place, up), range(CLIENTS)):
            assert {answer.status for _, answer, _ in answers} <= {200, 201}, answers


def all_fail(place: Place, up: Up, within: float) -> None:
    """Check that many concurrent requests fail in time, and that the health endpoints report the problem."""
    with ThreadPoolExecutor(CLIENTS + 2) as pool:
        asked = [pool.submit(ask_all, place, up) for _ in range(CLIENTS)]
        life = pool.submit(lambda: [timed(up, "/_livez") for _ in range(5)])
        readiness = pool.submit(lambda: [timed(up, "/_readyz") for _ in range(2)])
        for each in asked:
            for _, answer, seconds in each.result():
                is_failure(answer, "service_unavailable")
                assert seconds < within
        for answer, seconds in life.result():
            assert answer.status_code == 200
            assert seconds < QUICK_SECONDS
        for answer, seconds in readiness.result():
            assert (answer.status_code, answer.json()["detail"]) == (503, "The database is unreachable.")
            assert seconds < within


def timed(up: Up, path: str) -> tuple[httpx.Response, float]:
    start = time.monotonic()
    return up.ask("GET", path), time.monotonic() - start


@contextmanager
def stopped(database: Database, relay: Relay) -> Iterator[None]:
    database.stop()
    yield
    database.start()


@contextmanager
def silent(database: Database, relay: Relay) -> Iterator[None]:
    relay.become_silent()
    yield
    relay.resume()


@pytest.mark.parametrize(("outage", "within"), [(stopped, QUICK_SECONDS), (silent, BOUND_SECONDS)])
def test_requests_fail_quickly_during_an_outage_and_work_afterwards(
    outage: Callable[..., Any], within: float, database: Database, relay: Relay, up: Up, place: Place
) -> None:
    all_work(place, up)

    with outage(database, relay):
        all_fail(place, up, within)
        all_fail(place, up, QUICK_SECONDS if outage is stopped else within)

    wait_for(lambda: is_ready(up))
    wait_for(lambda: works(place, up))
    all_work(place, up)


def works(place: Place, up: Up) -> bool:
    """Return whether each worker works; it notices the recovery with its first request."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        results = pool.map(lambda _: ask_all(place, up), range(CLIENTS))
        return {answer.status for answers in results for _, answer, _ in answers} <= {200, 201}


def test_connections_that_ended_while_idle_fail_no_request(database: Database, up: Up, place: Place) -> None:
    all_work(place, up)

    for _ in range(3):
        database.end_connections()
        # The connections end slightly after the statement that ends them.
        wait_for(lambda: database.run(OF_SERVICE) == [(0,)])
        all_work(place, up)


def test_an_interrupted_write_is_not_partly_done_and_can_be_repeated(database: Database, up: Up, place: Place) -> None:
    client = place.client(up)
    body = {"dataset": place.dataset, "input": "cut"}
    key = {"Idempotency-Key": "cut-in-the-middle"}
    count = client.get(f"dataset_items/?dataset={place.dataset}&limit=1")["count"]

    with ThreadPoolExecutor(1) as pool, psycopg.connect(database.url) as blocker:
        blocker.execute("LOCK TABLE dataset_head")
        writing = pool.submit(client.ask, "POST", "dataset_items/", body, **key)
        wait_for(lambda: waiting(database) == 1)
        database.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        cut = writing.result()
    after = client.get(f"dataset_items/?dataset={place.dataset}&limit=1")["count"]
    again = [client.ask("POST", "dataset_items/", body, **key) for _ in range(2)]
    client.close()

    is_failure(cut, "service_unavailable")
    assert after == count
    assert [answer.status for answer in again] == [201, 201]
    assert again[0].body == again[1].body
    assert again[1].headers["idempotency-replayed"] == "true"


def waiting(database: Database) -> int:
    return int(database.run("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")[0][0])


def test_a_read_only_database_still_serves_reads(database: Database, up: Up, place: Place) -> None:
    all_work(place, up)
    database.run("ALTER DATABASE datasets SET default_transaction_read_only = on")
    database.end_connections()
    try:
        wait_for(lambda: not is_ready(up))
        ready = up.ask("GET", "/_readyz")
        alive = up.ask("GET", "/_livez")
        answers = ask_all(place, up)
    finally:
        with psycopg.connect(database.url, autocommit=True) as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute("ALTER DATABASE datasets RESET default_transaction_read_only")
    # Its connections are not ended now: each is replaced after an error.
    wait_for(lambda: works(place, up))
    database.end_connections()
    wait_for(lambda: is_ready(up))

    assert (ready.status_code, ready.json()["detail"]) == (200, "The database is read-only.")
    assert alive.status_code == 200
    for name, answer, _ in answers:
        if name in {"read", "list", "feed"}:
            assert answer.status == 200, (name, answer)
        else:
            is_failure(answer, "read_only")


def test_a_slow_statement_is_canceled_but_a_fork_is_not(database: Database, up: Up, place: Place) -> None:
    client, patient = place.client(up), place.client(up)
    method, path, body = place.requests()["fork"]

    with ThreadPoolExecutor(1) as pool, psycopg.connect(database.url) as blocker:
        blocker.execute("LOCK TABLE item_version, item_fork_origin")
        forking = pool.submit(patient.ask, method, path, body)
        slow = client.ask("PATCH", f"dataset_items/{place.item}/", {"output": "waits for item_version"})
        wait_for(lambda: waiting(database) >= 1)
        is_still_waiting = not forking.done()
    forked = forking.result()
    after = client.ask("PATCH", f"dataset_items/{place.item}/", {"output": "does not wait"})
    for each in (client, patient):
        each.close()

    is_failure(slow, "statement_timeout")
    assert is_still_waiting
    assert (forked.status, after.status) == (201, 200)


def test_the_service_does_not_start_with_a_silent_database() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"postgresql://a:b@127.0.0.1:{server.getsockname()[1]}/c?connect_timeout=2"
        done = manage("up", "--port", str(free_port()), DATABASE_URL=url, SECRET_KEY=SECRET_KEY)

    assert (done.returncode, done.stdout) == (1, "")
    assert "timeout expired" in done.stderr
    assert "Traceback" not in done.stderr
