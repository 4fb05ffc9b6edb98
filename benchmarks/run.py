"""Builds, starts, checks, drives and stops everything, in that order."""

import os
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import agreement, fairness, fill, load, postgres_alone
from benchmarks.data import Databases
from benchmarks.load import CONNECTIONS, LoadError, Request, Sample
from benchmarks.operations import Operation, operations
from benchmarks.plan import BASE, CROWDS, OPERATIONS, Plan
from benchmarks.processes import worker_peaks
from benchmarks.repeats import Run, Series, take_turns
from benchmarks.servers import Server, serving
from benchmarks.table import Crowd, Results
from datasets_api.postgres import EmbeddedPostgres

EMPTY = {name: Request(f"/bench/{name}/") for name in ("empty_drf", "empty_django")}


@dataclass
class Benchmark:
    plan: Plan
    servers: dict[tuple[str, int], Server]
    operations: dict[str, Series] = field(default_factory=dict)
    growth: dict[str, Series] = field(default_factory=dict)
    crowds: dict[str, Crowd] = field(default_factory=dict)

    @property
    def ours(self) -> Server:
        return self.servers["ours", BASE]

    def check(self) -> None:
        for (service, _), server in self.servers.items():
            if service == "ours":
                agreement.check_size(server)
        for name, operation in operations(BASE).items():
            if name in self.plan.names:
                agreement.check_operation(self.ours, self.servers.get(("plain", BASE)), operation)

    def run(self) -> None:
        for name in OPERATIONS:
            if name in self.plan.names:
                report(name)
                self.operations[name] = self.take_turns(self.variants(operations(BASE)[name]))
            if f"growth_{name}" in self.plan.names:
                report(f"growth_{name}")
                self.growth[name] = self.take_turns(self.sizes(name))
            if name == "retrieve":
                self.run_crowds()

    def run_crowds(self) -> None:
        for name, connections in CROWDS.items():
            if name in self.plan.names:
                report(name)
                self.crowds[name] = self.crowd(connections)

    def take_turns(self, variants: dict[str, Run]) -> Series:
        return take_turns(variants, repeats=self.plan.repeats, seconds=self.plan.seconds)

    def variants(self, operation: Operation) -> dict[str, Run]:
        runs = {"ours": http(self.ours, operation.request)}
        runs["plain"] = http(self.servers["plain", BASE], operation.request)
        runs |= {name: http(self.ours, request) for name, request in EMPTY.items()}
        runs["postgres"] = lambda seconds: postgres_alone.drive(self.ours.database, operation.script, seconds=seconds)
        return runs

    def sizes(self, name: str) -> dict[str, Run]:
        """The same operation on the small and the large table; a deep page also beside the large one's first."""
        small, large = (self.servers["ours", size] for size in (self.plan.small, self.plan.large))
        runs = {
            "small": http(small, operations(self.plan.small)[name].request),
            "large": http(large, operations(self.plan.large)[name].request),
        }
        if name == "list100_deep":
            runs["large_page1"] = http(large, operations(self.plan.large)["list100"].request)
        return runs

    def crowd(self, connections: int) -> Crowd:
        request, seconds = operations(BASE)["retrieve"].request, 2 * self.plan.seconds
        wrk = load.measure(self.ours, request, seconds=seconds, connections=connections)
        fixed = Request(request.path.replace("{item}", agreement.VALUES["item"]))
        return Crowd(wrk, fairness.watch(self.ours.base, fixed, connections=connections, seconds=seconds))

    def check_heads(self) -> None:
        """After all the writes every head must still count its dataset's items, and know the last revision."""
        for (service, _), server in self.servers.items():
            if service == "ours":
                with server.database.connected() as connection:
                    if connection.execute(fill.MISCOUNTED).fetchone() != (0,):
                        raise LoadError(f"Heads of {server.database.items:,} items are wrong after the writes.")


def http(server: Server, request: Request) -> Run:
    def run(seconds: float) -> Sample:
        return load.drive(server, request, seconds=seconds)

    return run


def report(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def run(plan: Plan, folder: Path) -> Results:
    """Keeps the built data in the folder."""
    with ExitStack() as stack:
        postgres = EmbeddedPostgres(folder / "data")
        stack.enter_context(postgres.serve())
        copies = stack.enter_context(Databases(postgres.url, report).copies(plan.databases))
        servers = {which: stack.enter_context(serving(copy, log_dir=folder)) for which, copy in copies.items()}
        benchmark = Benchmark(plan, servers)
        report("checking that both services give the same answers")
        benchmark.check()
        benchmark.run()
        benchmark.check_heads()
        memory = {
            f"{service} ({items:,} items)": worker_peaks(server.pid) for (service, items), server in servers.items()
        }
    return Results(about(plan), benchmark.operations, benchmark.growth, benchmark.crowds, memory)


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
