"""Builds, starts, checks, drives and stops everything, in that order."""

import os
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import agreement, variants
from benchmarks.bulk import bulk_and_copies
from benchmarks.consistency import check_heads, check_history
from benchmarks.data import served
from benchmarks.databases import Which
from benchmarks.load import CONNECTIONS
from benchmarks.machine import Machine, describe_machine, describe_postgres
from benchmarks.plan import BULK, Plan
from benchmarks.processes import worker_peaks
from benchmarks.repeats import Run, Series, interleave
from benchmarks.results import Results
from benchmarks.servers import Server


@dataclass
class Benchmark:
    plan: Plan
    servers: dict[Which, Server]
    operations: dict[str, Series] = field(default_factory=dict)
    growth: dict[str, Series] = field(default_factory=dict)
    bulk: dict[str, Series] = field(default_factory=dict)

    def check(self) -> None:
        for which, server in self.servers.items():
            if which.service == "ours":
                agreement.check_size(server)
        """Check every operation whose database is there, measured or not."""
        for name, operation in self.plan.operations.items():
            if self.plan.needed_for(name) <= self.servers.keys():
                ours = self.servers[self.plan.ours(operation.versions)]
                agreement.check_operation(ours, self.servers.get(self.plan.plain), operation)

    def run(self) -> None:
        for name in self.plan.operations:
            if self.is_next(name):
                self.operations[name] = self.interleave(self.beside_others(name))
            if self.is_next(f"growth_{name}"):
                self.growth[name] = self.interleave(self.small_and_large(name))
        if self.is_next(BULK):
            self.bulk[BULK] = self.interleave(bulk_and_copies(self.servers[self.plan.ours()]))

    def is_next(self, name: str) -> bool:
        if name in self.plan.names:
            report(name)
        return name in self.plan.names

    def interleave(self, runs: dict[str, Run]) -> Series:
        return interleave(runs, repeats=self.plan.scale.repeats, seconds=self.plan.scale.seconds)

    def beside_others(self, name: str) -> dict[str, Run]:
        operation = self.plan.operations[name]
        ours = self.servers[self.plan.ours(operation.versions)]
        return variants.beside_others(operation, ours, self.servers.get(self.plan.plain))

    def small_and_large(self, name: str) -> dict[str, Run]:
        small, large = (self.servers[which] for which in self.plan.sizes(name))
        return variants.small_and_large(name, small, large)

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
    machine = describe_machine(folder)
    with served(plan.databases, folder, report) as servers:
        machine |= describe_postgres(next(iter(servers.values())).database.url)
        benchmark = Benchmark(plan, servers)
        report("checking that the answers are right")
        benchmark.check()
        benchmark.run()
        benchmark.check_after()
        memory = {str(which): worker_peaks(server.pid) for which, server in servers.items()}
    return Results(about(plan, machine), benchmark.operations, benchmark.growth, benchmark.bulk, memory)


def about(plan: Plan, machine: Machine) -> dict[str, object]:
    return {
        **plan.scale._asdict(),
        "connections": CONNECTIONS,
        "cpus": os.cpu_count(),
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": machine,
    }
