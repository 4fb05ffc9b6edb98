"""The cost of requests by counters that other processes hardly disturb: buffers, WAL, statements, CPU."""

import time
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

from django.db import connection

from database.query import fetch_all
from database.query_stats import thread_stats

# Statistics wait in the backend until it has been idle for a while, unless they are asked for.
FLUSH = "SELECT pg_backend_pid(), pg_stat_force_next_flush()::text"
READ = """
SELECT (SELECT coalesce(sum(hits), 0)::bigint FROM pg_stat_get_backend_io(pg_backend_pid()) WHERE object = 'relation'),
       (SELECT coalesce(sum(reads), 0)::bigint FROM pg_stat_get_backend_io(pg_backend_pid()) WHERE object = 'relation'),
       (SELECT wal_bytes::bigint FROM pg_stat_get_backend_wal(pg_backend_pid()))
"""


@dataclass
class Costs:
    """The average request of a round."""

    seconds: float = 0  # by the clock: for what PostgreSQL does in parallel
    service: float = 0  # microseconds of CPU of the thread that serves the request
    postgres: float = 0  # microseconds of CPU of the connection's backend, without parallel workers
    hits: float = 0  # buffers found in shared_buffers
    reads: float = 0  # buffers read from the system
    wal: float = 0  # bytes
    statements: float = 0
    rows: float = 0

    @property
    def cpu(self) -> float:
        return self.service + self.postgres

    @property
    def buffers(self) -> float:
        return self.hits + self.reads

    def over(self, before: Self, count: int) -> "Costs":
        differences = {
            each.name: (getattr(self, each.name) - getattr(before, each.name)) / count for each in fields(self)
        }
        return Costs(**differences)


class Meter:
    """Reads the counters of this thread and of its connection."""

    def __init__(self) -> None:
        self.statements = self.rows = 0

    def add_request(self) -> None:
        """To be called after each request: the service clears its figures at the next one."""
        self.statements += thread_stats.own.statements
        self.rows += thread_stats.own.rows

    def before(self) -> Costs:
        counters = self.read_counters()
        return Costs(**counters, **self.read_clocks())

    def after(self) -> Costs:
        clocks = self.read_clocks()
        return Costs(**self.read_counters(), **clocks)

    def read_clocks(self) -> dict[str, float]:
        backend = connection.connection.info.backend_pid
        # Nanoseconds on a processor.
        on_cpu = int(Path(f"/proc/{backend}/schedstat").read_text().split()[0])
        return {"seconds": time.perf_counter(), "service": time.thread_time_ns() / 1000, "postgres": on_cpu / 1000}

    def read_counters(self) -> dict[str, float]:
        statements, rows = self.statements, self.rows
        fetch_all(FLUSH, {})
        hits, reads, wal = fetch_all(READ, {})[0]
        return {"hits": hits, "reads": reads, "wal": wal, "statements": statements, "rows": rows}
