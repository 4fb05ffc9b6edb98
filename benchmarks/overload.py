"""Many more clients than the service has room for: are they told so, how do the others fare, and does it pass?"""

import resource
import statistics
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from benchmarks import agreement, load
from benchmarks.load import LoadError, Request
from benchmarks.load_clients import generate_load
from benchmarks.processes import PROC
from benchmarks.servers import Server

CONNECTIONS = 2000
OTHER_FILES = 100  # of this process


class Overload(NamedTuple):
    connections: int
    before: float  # answers a second to 16 connections
    accepted: float  # a second, as are all that are no times
    refused: float
    p50_ms: float  # of the accepted
    p99_ms: float
    refused_p99_ms: float
    without_retry_after: int  # refusals
    others: int  # answers of another status
    broken: int
    unanswered: int
    starved: int  # connections that got no answer before the clients left
    after: float

    @property
    def refused_share(self) -> float:
        return self.refused / (self.accepted + self.refused)

    @property
    def recovered(self) -> float:
        return self.after / self.before


def overload(server: Server, request: Request, *, seconds: float) -> Overload:
    """Raises LoadError where nothing was accepted."""
    allow_open_files(CONNECTIONS + OTHER_FILES)
    before = load.drive(server, request, seconds=seconds).rps
    fixed = replace(request, path=agreement.filled(request.path), body=agreement.filled(request.body))
    tally = generate_load(server.base, fixed, connections=CONNECTIONS, seconds=3 * seconds)
    after = load.drive(server, request, seconds=seconds).rps
    if len(tally.accepted) < 2:
        raise LoadError(f"Under overload nothing was accepted: {tally.statuses}, {tally.broken} broken.")
    return Overload(
        connections=CONNECTIONS,
        before=before,
        accepted=len(tally.accepted) / tally.seconds,
        refused=len(tally.refused) / tally.seconds,
        p50_ms=percentile(tally.accepted, 50),
        p99_ms=percentile(tally.accepted, 99),
        refused_p99_ms=percentile(tally.refused, 99),
        without_retry_after=tally.without_retry_after,
        others=tally.statuses.total() - len(tally.accepted) - len(tally.refused),
        broken=tally.broken,
        unanswered=tally.unanswered,
        starved=tally.starved,
        after=after,
    )


def percentile(seconds: list[float], percent: int) -> float:
    """In milliseconds."""
    return 1000 * statistics.quantiles(seconds, n=100)[percent - 1] if len(seconds) > 1 else 0.0


def allow_open_files(limit: int) -> None:
    """Raises this process's own limit. Servers that run already keep theirs."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < limit:
        raise LoadError(f"{limit} open files are needed, and no more than {hard} allowed (ulimit -Hn).")
    if soft < limit:
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))


def open_files_limit(server: Server) -> int:
    """Return the limit of the server's process, which its workers inherit."""
    limits = Path(PROC / str(server.pid) / "limits").read_text().splitlines()
    return int(next(line for line in limits if line.startswith("Max open files")).split()[3])
