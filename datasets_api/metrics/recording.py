"""What is counted: each request when it is answered, each refusal of the front, and once a second how things stand."""

import asyncio
import functools
import time
from bisect import bisect_left
from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings

from database.query_stats import open_connections
from datasets_api.metrics.memory import Memory, open_memory

# Upper bounds of the buckets of seconds; a last one has the rest.
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
BUCKETS = len(BOUNDS) + 1
# Then the sums.
SECONDS, DATABASE_SECONDS, STATEMENTS, ROWS = range(BUCKETS, BUCKETS + 4)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SAMPLE_SECONDS = 1.0


class Work(NamedTuple):
    """What a request has cost."""

    seconds: float
    database_seconds: float
    statements: int
    rows: int


class Load(NamedTuple):
    """What the front has on its hands."""

    requests: int
    queued: int
    body_bytes: int


@functools.cache
def memory() -> Memory:
    """Opened by the process that counts, which is not the one that starts it."""
    return open_memory(settings.METRICS_FILE)


@functools.cache
def place_of(route: str, method: str, status: int) -> int | None:
    """Cached for as many keys as the service has answers: routes and statuses are ours, methods are those known."""
    return memory().own.place_of(f"{route} {method} {status}")


def known_method(method: str | None) -> str:
    """Clients write what they like."""
    return method if method in METHODS else "OTHER"


def record(route: str, method: str | None, status: int, work: Work) -> None:
    place = place_of(route, known_method(method), status)
    if place is None:
        return
    own = memory().own
    cells = own.cells
    with own.lock:
        cells[place + bisect_left(BOUNDS, work.seconds)] += 1
        cells[place + SECONDS] += work.seconds
        cells[place + DATABASE_SECONDS] += work.database_seconds
        cells[place + STATEMENTS] += work.statements
        cells[place + ROWS] += work.rows


def record_refusal(reason: str) -> None:
    """On the event loop and in threads."""
    own = memory().own
    with own.lock:
        own[f"refused_{reason}"] += 1


def sample_forever(loop: asyncio.AbstractEventLoop, load: Callable[[], Load]) -> None:
    """Numbers that go up and down are written now and then: to write them at each request would cost each request."""
    own = memory().own
    now = load()
    own["requests"], own["queued"], own["body_bytes"] = now
    own["connections"] = open_connections()
    own["heartbeat"] = time.time()
    loop.call_later(SAMPLE_SECONDS, sample_forever, loop, load)
