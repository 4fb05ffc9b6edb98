"""The cost of processes from Linux's /proc: CPU used by others, and the peak memory of a server's workers."""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


class CPUTime(NamedTuple):
    """Seconds since some start: of the clock, of CPU of the whole machine, and of our own processes."""

    clock: float
    machine: float
    own: float


def cpu_time() -> CPUTime:
    return CPUTime(time.monotonic(), machine_seconds(), own_seconds())


def others_percent(before: CPUTime, after: CPUTime) -> float:
    """Return other processes' use of the CPU in percent of all processors."""
    clock, machine, own = (late - early for early, late in zip(before, after, strict=True))
    return max(0.0, 100 * (machine - own) / (clock * (os.cpu_count() or 1)))


def machine_seconds() -> float:
    """Busy, or taken away by the hypervisor; without interrupts, which belong to no process and are mostly ours."""
    user, nice, system, _idle, _iowait, _irq, _softirq, steal, *_ = map(
        int, (PROC / "stat").read_text().splitlines()[0].split()[1:]
    )
    return (user + nice + system + steal) / TICKS


def own_seconds() -> float:
    """This process and all below it (servers, PostgreSQL, wrk), the ended and awaited ones among them too."""
    return tree_seconds(os.getpid())


def tree_seconds(*roots: int) -> float:
    """CPU time of these processes and of all below them, those that ended and were awaited among them."""
    stats = dict(all_stats())
    pids = set[int]().union(*(tree(root, stats) for root in roots))
    # utime, stime, cutime and cstime are the fields 14 to 17; the list starts with the third.
    return sum(sum(map(int, stats[pid][11:15])) for pid in pids if pid in stats) / TICKS


def all_stats() -> Iterator[tuple[int, list[str]]]:
    """The fields of each process after its name: state, parent and so on."""
    for entry in PROC.glob("[0-9]*"):
        with suppress(OSError):
            yield int(entry.name), (entry / "stat").read_text().rpartition(")")[2].split()


def tree(root: int, stats: dict[int, list[str]]) -> set[int]:
    """The process and its descendants."""
    found, fresh = {root}, {root}
    while fresh:
        fresh = {pid for pid, fields in stats.items() if int(fields[1]) in fresh} - found
        found |= fresh
    return found


def worker_peaks(server: int) -> list[int]:
    """The peak resident memory of a server's worker processes, in MB."""
    workers = tree(server, dict(all_stats())) - {server}
    return sorted(
        peak_memory(pid) for pid in workers if b"resource_tracker" not in (PROC / str(pid) / "cmdline").read_bytes()
    )


def peak_memory(pid: int) -> int:
    status = (PROC / str(pid) / "status").read_text().splitlines()
    line = next(line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) // 1024
