"""Routes of statements when the replica fails; here, the replica is a second connection to the same database."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connections, transaction
from django.http import Http404, StreamingHttpResponse
from rest_framework.response import Response

from auth.replica import positions
from auth.replica.routing import handle_write, try_replica
from database.query import fetch_one
from database.routers import REPLICA, current_route, prefer_replica, replica_breaker
from database.thread_connections import thread_connections


@pytest.fixture(autouse=True)
def replica(live_database: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(connections.settings, REPLICA, connections.settings["default"].copy())
    monkeypatch.setattr(thread_connections, "by_alias", {alias: connections[alias] for alias in connections})
    monkeypatch.setattr(replica_breaker, "open_until", 0.0)
    yield
    connections[REPLICA].close()
    del connections[REPLICA]


def pid() -> Any:
    row = fetch_one("SELECT pg_backend_pid()", [])
    return row and row[0]


def end_connection(other: int) -> None:
    fetch_one("SELECT pg_terminate_backend(%s::int, 10000)", [other])


def test_reads_inside_the_context_use_the_replica() -> None:
    primary = pid()

    with prefer_replica():
        replica = pid()

    assert replica != primary
    assert pid() == primary


def test_a_statement_that_fails_on_the_replica_is_run_on_the_primary() -> None:
    primary = pid()
    with prefer_replica():
        replica = pid()
    end_connection(replica)

    with prefer_replica():
        assert pid() == primary
        assert pid() == primary
    with prefer_replica():
        assert pid() == primary, "the replica is not used for a while"


def test_a_transaction_on_the_replica_fails_as_a_whole() -> None:
    """Otherwise its last statements would run without the settings of its first ones."""
    with prefer_replica():
        replica = pid()

    def lose_it() -> None:
        with transaction.atomic(using=current_route.alias):
            assert pid() == replica
            connections["default"].cursor().execute("SELECT pg_terminate_backend(%s, 10000)", [replica])
            pid()

    with prefer_replica(), pytest.raises(OperationalError):
        lose_it()


def test_a_statement_that_timed_out_is_not_repeated() -> None:
    runs = []

    def run() -> Any:
        runs.append(current_route.alias)
        with transaction.atomic(using=current_route.alias):
            fetch_one("SELECT set_config('statement_timeout', '50ms', true)", [])
            fetch_one("SELECT pg_sleep(30)", [])

    with pytest.raises(OperationalError):
        try_replica(run)

    assert runs == [REPLICA]
    assert not replica_breaker.is_open()


def test_an_error_on_the_replica_is_left_to_the_primary() -> None:
    def refuse() -> Any:
        raise Http404

    assert try_replica(refuse) is None
    assert try_replica(lambda: Response(status=400)) is None
    assert try_replica(lambda: Response(status=304)) is not None


def test_a_stream_is_read_from_the_replica_after_its_view_returns() -> None:
    primary, seen = pid(), []

    def chunks() -> Iterator[bytes]:
        for each in (b"a", b"b", b"c"):
            seen.append(pid())
            yield each

    response = try_replica(lambda: StreamingHttpResponse(chunks()))

    assert pid() == primary
    assert b"".join(response) == b"abc"
    assert len(seen) == 3
    assert primary not in seen
    assert pid() == primary


def test_a_stream_continues_without_the_replica() -> None:
    primary = pid()

    def chunks() -> Iterator[bytes]:
        replica = pid()
        yield b"a"
        connections["default"].cursor().execute("SELECT pg_terminate_backend(%s, 10000)", [replica])
        assert pid() == primary
        yield b"b"

    assert b"".join(try_replica(lambda: StreamingHttpResponse(chunks()))) == b"ab"


def floor(user: int) -> int:
    row = fetch_one("SELECT min_lsn FROM api_auth_replicaposition WHERE user_id = %s", [user])
    return row[0] if row else -1


def test_a_write_that_streams_progress_is_recorded_before_each_line() -> None:
    def lines() -> Iterator[bytes]:
        for number in range(3):
            fetch_one("SELECT pg_logical_emit_message(false, 'tests', %s::text)::text", [str(number)])
            yield b"line"

    response: Any = handle_write(lambda: StreamingHttpResponse(lines()), 7)
    floors = [floor(7) for _ in response]

    assert len(set(floors)) == 3
    assert floors == sorted(floors)


def test_the_minimum_for_all_users_trails_the_primary() -> None:
    def move_on() -> int:
        """Let a third of the maximum lag pass."""
        execute_aged = (
            "UPDATE api_auth_replicaposition SET sampled_at = sampled_at - %s * interval '1 second'"
            " WHERE user_id = 0 RETURNING 1"
        )
        fetch_one(execute_aged, [6])
        fetch_one("SELECT pg_logical_emit_message(false, 'tests', 'more')::text", [])
        positions.sample_lsn()
        return floor(0)

    positions.sample_lsn()
    first = floor(0)
    positions.sample_lsn()
    assert floor(0) == first, "it is not due"

    second, third = move_on(), move_on()

    assert first == second, "the primary's position one interval earlier"
    assert first < third
