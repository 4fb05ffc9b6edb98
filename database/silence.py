"""Ends waits for a server that has gone silent. Libpq, once it waits by itself, would wait for ever."""

import os
import socket
import threading
import time
from contextlib import suppress
from weakref import WeakSet

import psycopg
from psycopg import pq

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
            if self.ends is None or now < self.ends:
                return
            self.ends, self.was_in_vain = None, True
            # Libpq reads the end of the connection, and reports that.
            with suppress(OSError, psycopg.OperationalError), socket.socket(fileno=os.dup(self.pgconn.socket)) as line:
                line.shutdown(socket.SHUT_RDWR)


class Watch:
    """A thread that looks at all waits of this process."""

    def __init__(self) -> None:
        self.waits: WeakSet[Wait] = WeakSet()
        self.lock = threading.Lock()
        self.thread = threading.Thread()

    def add(self, wait: Wait) -> None:
        with self.lock:
            self.waits.add(wait)
            # There is none in a process that was forked, either.
            if not self.thread.is_alive():
                self.thread = threading.Thread(target=self.look_forever, name="silence", daemon=True)
                self.thread.start()

    def look_forever(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            with self.lock:
                waits = list(self.waits)
            for wait in waits:
                wait.look(time.monotonic())


watch = Watch()
