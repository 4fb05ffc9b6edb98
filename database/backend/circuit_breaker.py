"""A circuit breaker: while the database is unavailable, one thread at a time tries to connect, and others fail at once.

Otherwise, each request would block its thread until its own attempt has failed, which takes seconds if the server
accepts connections but does not respond. Soon no thread would be left, even for requests that need no database.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

RETRY_SECONDS = 0.2


class CircuitOpen(psycopg.OperationalError):
    """No connection was attempted: another attempt has just failed, or is in progress."""

    is_repeated = True  # logged at debug level only


class CircuitBreaker:
    """The circuit breaker of one database in one process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.is_open = False
        self.next_attempt = 0.0

    @contextmanager
    def attempt(self) -> Iterator[None]:
        if not self.is_open:
            with self.track():
                yield
            return
        if time.monotonic() < self.next_attempt or not self.lock.acquire(blocking=False):
            raise CircuitOpen("The database was unreachable a moment ago.")
        try:
            with self.track():
                yield
        finally:
            self.lock.release()

    @contextmanager
    def track(self) -> Iterator[None]:
        try:
            yield
        except psycopg.OperationalError:
            self.next_attempt = time.monotonic() + RETRY_SECONDS
            self.is_open = True
            raise
        self.is_open = False
