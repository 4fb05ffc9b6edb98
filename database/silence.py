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

logger = logging.getLogger("database.silence")

LOOK_SECONDS = 1.0


class Wait:
    """Of one connection, for the end of the statement that it runs."""

    def __init__(self, pgconn: pq.abc.PGconn) -> None:
        self.pgconn = pgconn
        self.ends: float | None = None
        self.was_in_vain = False
        # The socket's number means this connection as long as the wait lasts, and perhaps another one after.
        self.lock = threading.Lock()
        watch.add(self)

    def begin(self, seconds: float) -> None:
        self.ends = time.monotonic() + seconds

    def end(self) -> None:
        with self.lock:
            self.ends = None

    def look(self, now: float) -> None:
        with self.lock:
            if self.ends is not None and now >= self.ends:
                self.was_in_vain = True
                self.cut()

    def cut(self) -> None:
        """Libpq, which reads from the socket, sees its end and reports that."""
        try:
            line = socket.socket(fileno=self.pgconn.socket)
        except (OSError, psycopg.OperationalError):
            return  # libpq has closed it itself
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
        line.detach()


class Watch:
    """A thread that looks at all waits of this process."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Also in a process that was forked: it has no such thread, and the waits of its parent are not its own."""
        self.waits: WeakSet[Wait] = WeakSet()
        self.lock = threading.Lock()
        self.thread = threading.Thread()

    def add(self, wait: Wait) -> None:
        with self.lock:
            self.waits.add(wait)
            if not self.thread.is_alive():
                self.thread = threading.Thread(target=self.look_forever, name="silence", daemon=True)
                self.thread.start()

    def look_forever(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            try:
                self.look()
            except Exception:
                logger.exception("A look at waits for the database failed")

    def look(self) -> None:
        """What it has in its hands is let go at its end: else no connection would ever be forgotten."""
        with self.lock:
            waits = list(self.waits)
        for wait in waits:
            wait.look(time.monotonic())


watch = Watch()
os.register_at_fork(after_in_child=watch.begin)
