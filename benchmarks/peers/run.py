"""Starts the services, fills and checks them, and lets them take turns."""

import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.consistency import check_heads
from benchmarks.databases import Which
from benchmarks.machine import Machine, describe_machine, describe_postgres
from benchmarks.peers import servers
from benchmarks.peers.agreement import filled
from benchmarks.peers.items import new_items
from benchmarks.peers.service import Service
from benchmarks.peers.work import WORKS, Sizes, Subject, runs
from benchmarks.repeats import Series, interleave

# The package that gives each peer its version, and our variant with as many processes as the peer has.
PEERS = {"MLflow": ("mlflow", "ours"), "Phoenix": ("arize-phoenix", "ours, 1 worker")}
OURS = Which("ours", 1000)


@dataclass
class Results:
    machine: Machine
    versions: dict[str, str]
    series: dict[str, Series]


def run(folder: Path, sizes: Sizes, *, repeats: int, seconds: float) -> Results:
    from benchmarks.data import copied  # noqa: PLC0415  these need the settings
    from benchmarks.run import report  # noqa: PLC0415

    machine = describe_machine(folder)
    requested = [OURS, *(Which(name.lower(), 0) for name in PEERS)]
    with copied(requested, folder, report) as databases:
        machine |= describe_postgres(databases[OURS].url)
        postmaster = int((folder / "data/postgres/postmaster.pid").read_text().split()[0])
        report("starting the services")
        with ExitStack() as stack:
            services = {
                "ours": stack.enter_context(servers.ours(databases[OURS], folder, workers=2)),
                "ours, 1 worker": stack.enter_context(servers.ours(databases[OURS], folder, workers=1)),
                "MLflow": stack.enter_context(servers.mlflow(databases[Which("mlflow", 0)], folder)),
                "Phoenix": stack.enter_context(servers.phoenix(databases[Which("phoenix", 0)], folder)),
            }
            report("filling and checking them")
            subjects = fill(services, sizes)
            series = {}
            for work in WORKS:
                variants = runs(work, subjects, postmaster)
                series[work.name] = interleave(variants, repeats=repeats, seconds=seconds)
                report(f"{work.name}: {summary(series[work.name])}")
        check_heads(databases[OURS])
    return Results(machine, versions(), series)


def fill(services: dict[str, Service], sizes: Sizes) -> dict[str, Subject]:
    """All are given the same items."""
    items = {"small": new_items(sizes.small), "large": new_items(sizes.large)}
    return {name: filled(service, items, sizes) for name, service in services.items()}


def summary(series: Series) -> str:
    """A run takes long: its first figures are there before it ends."""
    return ", ".join(f"{name} {series.figure(name, 'cpu_ms').median:.1f} ms of CPU" for name in series.samples)


def versions() -> dict[str, str]:
    found = {}
    for name, (package, _) in PEERS.items():
        python = servers.ENVIRONMENTS / name.lower() / "bin/python"
        code = f"from importlib.metadata import version; print(version({package!r}))"
        found[name] = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    return found
