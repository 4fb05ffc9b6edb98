"""The results: a table for people, and the JSON file for programs."""

from datetime import UTC, datetime
from typing import Any

from benchmarks.machine import print_machine
from benchmarks.peers.run import PEERS, Results
from benchmarks.repeats import Series
from benchmarks.table import number, print_table


def print_results(results: Results) -> None:
    print()
    print_machine(results.machine)
    for peer, (_, ours) in PEERS.items():
        head = (
            f"{ours} beside {peer} {results.versions[peer]}", "ours/s", "theirs/s", "ours/s ÷ theirs/s", "ours: CPU ms",
            "theirs: CPU ms", "their CPU ÷ ours", "CPU spread ±", "others' CPU",
        )  # fmt: skip
        print_table(head, [cells(name, each, ours, peer) for name, each in results.series.items() if has(each, peer)])


def has(series: Series, peer: str) -> bool:
    return peer in series.samples


def cells(name: str, series: Series, ours: str, peer: str) -> list[str]:
    cpu = series.ratio(peer, ours, "cpu_ms")
    return [
        name,
        *(number(series.figure(each, "rps").median) for each in (ours, peer)),
        number(series.ratio(ours, peer).median),
        *(number(series.figure(each, "cpu_ms").median) for each in (ours, peer)),
        number(cpu.median),
        f"{cpu.spread:.0f} %",
        f"{series.others:.0f} %",
    ]


def dump_json(results: Results) -> dict[str, Any]:
    return {
        "about": {
            "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
            "machine": results.machine,
            "versions": results.versions,
        },
        **{
            peer: {
                name: {
                    "rate": series.ratio(ours, peer)._asdict(),
                    "cpu": series.ratio(peer, ours, "cpu_ms")._asdict(),
                    "cpu_ms": {each: series.figure(each, "cpu_ms").median for each in (ours, peer)},
                }
                for name, series in results.series.items()
                if has(series, peer)
            }
            for peer, (_, ours) in PEERS.items()
        },
    }
