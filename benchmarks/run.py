"""Builds, starts, checks, drives and stops everything, in that order."""

import os
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import agreement, fairness, flush, load, variants
from benchmarks.bulk import bulk_and_copies
from benchmarks.consistency import check_heads, check_history
from benchmarks.data import served
from benchmarks.databases import Which
from benchmarks.load import CONNECTIONS, Request
from benchmarks.overload import Overload, open_files_limit, overload
from benchmarks.plan import BASE, BULK, CROWDS, FLUSH, OPERATIONS, OVERLOAD, Plan
from benchmarks.processes import worker_peaks
from benchmarks.repeats import Run, Series, interleave
from benchmarks.results import Crowd, Results
from benchmarks.servers import Server

OURS, SLOW, PLAIN = Which("ours", BASE), Which("ours", BASE, is_slow=True), Which("plain", BASE)


@dataclass
class Benchmark:
    plan: Plan
    servers: dict[Which, Server]
    operations: dict[str, Series] = field(default_factory=dict)
    growth: dict[str, Series] = field(default_factory=dict)
    crowds: dict[str, Crowd] = field(default_factory=dict)
    bulk: dict[str, Series] = field(default_factory=dict)
    flush: dict[str, Series] = field(default_factory=dict)
    overload: dict[str, Overload] = field(default_factory=dict)
    flush_ms: dict[str, float] = field(default_factory=dict)

    def check(self) -> None:
        for which, server in self.servers.items():
            if which.service == "ours":
                agreement.check_size(server)
        for name, operation in OPERATIONS.items():
            if name in self.plan.names:
                ours = self.servers[OURS._replace(versions=operation.versions)]
                agreement.check_operation(ours, self.servers.get(PLAIN), operation)

    def run(self) -> None:
        for name in OPERATIONS:
            if self.is_next(name):
                self.operations[name] = self.interleave(self.beside_others(name))
            if self.is_next(f"growth_{name}"):
                self.growth[name] = self.interleave(self.small_and_large(name))
            if name == "retrieve":
                self.run_crowds()
        if self.is_next(BULK):
            self.bulk[BULK] = self.interleave(bulk_and_copies(self.servers[OURS]))
        for name, operation in FLUSH.items():
            if self.is_next(name):
                normal, slow = self.servers[OURS], self.servers[SLOW]
                self.flush_ms = {"normal": flush.flush_ms(normal.database), "slow": flush.flush_ms(slow.database)}
                self.flush[operation] = self.interleave(flush.normal_and_slow(operation, normal, slow))
        for name, operation in OVERLOAD.items():
            if self.is_next(name):
                request = OPERATIONS[operation].request
                self.overload[operation] = overload(self.servers[OURS], request, seconds=self.plan.seconds)

    def is_next(self, name: str) -> bool:
        if name in self.plan.names:
            report(name)
        return name in self.plan.names

    def run_crowds(self) -> None:
        for name, connections in CROWDS.items():
            if self.is_next(name):
                self.crowds[name] = self.crowd(connections)

    def interleave(self, runs: dict[str, Run]) -> Series:
        return interleave(runs, repeats=self.plan.repeats, seconds=self.plan.seconds)

    def beside_others(self, name: str) -> dict[str, Run]:
        operation = OPERATIONS[name]
        ours = self.servers[OURS._replace(versions=operation.versions)]
        return variants.beside_others(operation, ours, self.servers.get(PLAIN))

    def small_and_large(self, name: str) -> dict[str, Run]:
        sizes = (Which("ours", size, OPERATIONS[name].versions) for size in (self.plan.small, self.plan.large))
        return variants.small_and_large(name, *(self.servers[which] for which in sizes))

    def crowd(self, connections: int) -> Crowd:
        ours, request, seconds = self.servers[OURS], OPERATIONS["retrieve"].request, 2 * self.plan.seconds
        wrk = load.measure(ours, request, seconds=seconds, connections=connections)
        fixed = Request(agreement.filled(request.path))
        return Crowd(wrk, fairness.watch(ours.base, fixed, connections=connections, seconds=seconds))

    def check_after(self) -> None:
        for which, server in self.servers.items():
            if which.service == "ours":
                report(f"checking {which}")
                check_heads(server.database)
                check_history(server.database)


def report(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def run(plan: Plan, folder: Path) -> Results:
    """Keeps the built data in the folder."""
    with served(plan.databases, folder, report) as servers:
        benchmark = Benchmark(plan, servers)
        report("checking that the answers are right")
        benchmark.check()
        benchmark.run()
        benchmark.check_after()
        memory = {str(which): worker_peaks(server.pid) for which, server in servers.items()}
        more = {"open_files": min(map(open_files_limit, servers.values())), "flush_ms": benchmark.flush_ms}
    return Results(
        about(plan) | more,
        benchmark.operations,
        benchmark.growth,
        benchmark.crowds,
        benchmark.bulk,
        benchmark.flush,
        benchmark.overload,
        memory,
    )


def about(plan: Plan) -> dict[str, object]:
    return {
        "items": BASE,
        "small": plan.small,
        "large": plan.large,
        "connections": CONNECTIONS,
        "repeats": plan.repeats,
        "seconds": plan.seconds,
        "cpus": os.cpu_count(),
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    }
