"""Clients that share some work: each keeps its connection, and takes the next call when it has its last one's answer.

Unlike wrk's, a turn ends when every call has its answer: the CPU time is that of just these calls.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from types import TracebackType

from benchmarks.peers.service import Call, Connection, Service


class Clients:
    def __init__(self, service: Service, count: int) -> None:
        self.connections = [service.connect() for _ in range(count)]
        self.free: SimpleQueue[Connection] = SimpleQueue()
        for connection in self.connections:
            self.free.put(connection)
        self.threads = ThreadPoolExecutor(count)

    def carry_out(self, calls: list[Call]) -> list[float]:
        """Return the seconds that each took. Raises LoadError if one fails."""
        return list(self.threads.map(self._timed, calls))

    def _timed(self, call: Call) -> float:
        connection = self.free.get()
        try:
            start = time.monotonic()
            call(connection)
            return time.monotonic() - start
        finally:
            self.free.put(connection)

    def __enter__(self) -> "Clients":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:  # fmt: skip
        self.threads.shutdown()
        for connection in self.connections:
            connection.close()
