"""Who may try to connect while the database is away? One thread at a time, now and then; the others are told at once.

Otherwise each request would hold its thread until its own attempt has failed, which takes seconds where the server
accepts connections and says nothing: soon no thread would be left, even for what needs no database.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

RETRY_SECONDS = 0.2


class CircuitOpen(psycopg.OperationalError):
    """Nobody was asked: another attempt has just failed, or is under way."""

    is_repeated = True  # not to be logged each time


class CircuitBreaker:
    """Of one database, in one process."""

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
            raise CircuitOpen("The database could not be reached a moment ago.")
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
