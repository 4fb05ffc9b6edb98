"""Ends waits for a server that stopped responding; libpq's own waits have no timeout."""

import logging
import os
import socket
import threading
import time
from contextlib import suppress
from weakref import WeakSet

import psycopg
from psycopg import pq

logger = logging.getLogger("database.watchdog")

POLL_SECONDS = 1.0


class PendingStatement:
    """The wait of one connection for the end of its current statement."""

    def __init__(self, pgconn: pq.abc.PGconn) -> None:
        self.pgconn = pgconn
        self.deadline: float | None = None
        self.timed_out = False
        # The socket's descriptor belongs to this connection only during the wait; later it may be another one's.
        self.lock = threading.Lock()
        watchdog.add(self)

    def begin(self, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds

    def end(self) -> None:
        with self.lock:
            self.deadline = None

    def check(self, now: float) -> None:
        with self.lock:
            if self.deadline is not None and now >= self.deadline:
                self.timed_out = True
                self.shutdown_socket()

    def shutdown_socket(self) -> None:
        """Shut the socket down, so that libpq reads the end of the stream and reports an error."""
        try:
            server_socket = socket.socket(fileno=self.pgconn.socket)
        except (OSError, psycopg.OperationalError):
            return  # libpq has already closed it
        with suppress(OSError):
            server_socket.shutdown(socket.SHUT_RDWR)
        server_socket.detach()


class Watchdog:
    """A thread that checks all pending statements of this process."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Start empty; also called in a forked process, which has neither the thread nor its parent's statements."""
        self.statements: WeakSet[PendingStatement] = WeakSet()
        self.lock = threading.Lock()
        self.thread = threading.Thread()

    def add(self, statement: PendingStatement) -> None:
        with self.lock:
            self.statements.add(statement)
            if not self.thread.is_alive():
                self.thread = threading.Thread(target=self.check_forever, name="watchdog", daemon=True)
                self.thread.start()

    def check_forever(self) -> None:
        while True:
            time.sleep(POLL_SECONDS)
            try:
                self.check()
            except Exception:
                logger.exception("The watchdog's check of pending statements failed")

    def check(self) -> None:
        """Check all pending statements. The strong references end with this call, so connections can be freed."""
        with self.lock:
            statements = list(self.statements)
        for statement in statements:
            statement.check(time.monotonic())


watchdog = Watchdog()
os.register_at_fork(after_in_child=watchdog.begin)
