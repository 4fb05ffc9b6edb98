"""The work that is compared, and how a service is driven with it."""

import statistics
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from benchmarks.load import Sample
from benchmarks.peers.clients import Clients
from benchmarks.peers.items import new_items
from benchmarks.peers.service import Call, Service
from benchmarks.processes import cpu_time, others_percent, tree_seconds
from benchmarks.repeats import Run

CONNECTIONS = 8


class Sizes(NamedTuple):
    """Items of the dataset that is read in pages and appended to, of the large one, and of one large request."""

    small: int
    large: int
    request: int


@dataclass(frozen=True)
class Subject:
    """A service with its two datasets."""

    service: Service
    small: str
    large: str
    sizes: Sizes


@dataclass(frozen=True)
class Work:
    """`prepare` makes one call, outside of what is timed; None if the service cannot do the work."""

    name: str
    prepare: Callable[[Subject], Call | None]
    connections: int = 1
    # Calls of a batch, which is carried out as a whole: a turn has as many batches as its time takes.
    batch: int = 1


def append_many(subject: Subject) -> Call:
    """To a new dataset: with some services the cost grows with what is there."""
    dataset = subject.service.new_dataset(f"new-{uuid.uuid4()}")
    return subject.service.append(dataset, new_items(subject.sizes.request))


# Reads come first: they find the data unchanged.
WORKS = (
    Work("read_page", lambda subject: subject.service.read_page(subject.small), CONNECTIONS, batch=80),
    Work("read_small", lambda subject: subject.service.read(subject.small), CONNECTIONS, batch=16),
    Work("read_large", lambda subject: subject.service.read(subject.large)),
    Work("append_one", lambda subject: subject.service.append(subject.small, new_items(1)), CONNECTIONS, batch=40),
    Work("append_many", append_many),
)


def runs(work: Work, subjects: dict[str, Subject], postgres: int) -> dict[str, Run]:
    """One for each that can do the work. `postgres` is the process that has PostgreSQL's others below it."""
    return {name: turn(work, subject, postgres) for name, subject in subjects.items() if work.prepare(subject)}


def turn(work: Work, subject: Subject, postgres: int) -> Run:
    def run(seconds: float) -> Sample:
        durations: list[float] = []
        taken = cpu = 0.0
        before = cpu_time()
        with Clients(subject.service, work.connections) as clients:
            while taken < seconds:
                calls = [call for _ in range(work.batch) if (call := work.prepare(subject))]
                cpu_before, start = tree_seconds(subject.service.pid, postgres), time.monotonic()
                durations += clients.carry_out(calls)
                taken += time.monotonic() - start
                cpu += tree_seconds(subject.service.pid, postgres) - cpu_before
        return Sample(
            rps=len(durations) / taken,
            p50_ms=1000 * statistics.median(durations),
            p99_ms=1000 * sorted(durations)[len(durations) * 99 // 100],
            slowest_ms=1000 * max(durations),
            others=others_percent(before, cpu_time()),
            cpu_ms=1000 * cpu / len(durations),
        )

    return run
