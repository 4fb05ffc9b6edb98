"""Ends waits for a server that has gone silent. Libpq, once it waits by itself, would wait for ever."""

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
    """Of one connection, for the end of the statement that it runs."""

    def __init__(self, pgconn: pq.abc.PGconn) -> None:
        self.pgconn = pgconn
        self.deadline: float | None = None
        self.timed_out = False
        # The socket's number means this connection as long as the wait lasts, and perhaps another one after.
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
        """Libpq, which reads from the socket, sees its end and reports that."""
        try:
            server_socket = socket.socket(fileno=self.pgconn.socket)
        except (OSError, psycopg.OperationalError):
            return  # libpq has closed it itself
        with suppress(OSError):
            server_socket.shutdown(socket.SHUT_RDWR)
        server_socket.detach()


class Watchdog:
    """A thread that looks at all waits of this process."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Also in a process that was forked: it has no such thread, and the waits of its parent are not its own."""
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
                logger.exception("A look at waits for the database failed")

    def check(self) -> None:
        """What it has in its hands is let go at its end: else no connection would ever be forgotten."""
        with self.lock:
            statements = list(self.statements)
        for statement in statements:
            statement.check(time.monotonic())


watchdog = Watchdog()
os.register_at_fork(after_in_child=watchdog.begin)
