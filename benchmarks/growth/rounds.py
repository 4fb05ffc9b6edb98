"""The processes of all sizes, which serve in rounds: what disturbs one of them soon disturbs the others too."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from benchmarks.databases import PROJECT_DIR, Database
from benchmarks.growth.meters import Costs
from benchmarks.growth.operations import Operation

# Long enough for what the service would refuse: it is measured how long that takes.
TIMEOUTS = {"SEARCH_TIMEOUT_SECONDS": "1800", "STATEMENT_TIMEOUT_SECONDS": "1800"}


@dataclass
class Measured:
    """The costs of an operation: for each size those of each round."""

    rounds: dict[int, list[Costs]] = field(default_factory=dict)

    def median(self, items: int, name: str) -> float:
        return float(statistics.median(getattr(each, name) for each in self.rounds[items]))

    def ratios(self, items: int, base: int, name: str) -> list[float]:
        """Return the cost over that with `base` items, in each round."""
        pairs = zip(self.rounds[items], self.rounds[base], strict=True)
        return [getattr(large, name) / getattr(small, name) for large, small in pairs]

    def ratio(self, items: int, base: int, name: str = "cpu") -> float:
        return statistics.median(self.ratios(items, base, name))


class Worker:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def measure(self, name: str) -> Costs:
        """Raises RuntimeError if the process has ended; it has said why."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{name}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{name} failed.")
        return Costs(**json.loads(line))


@contextmanager
def workers(databases: Mapping[int, Database]) -> Iterator[dict[int, Worker]]:
    with ExitStack() as stack:
        yield {items: stack.enter_context(working(database)) for items, database in databases.items()}


@contextmanager
def working(database: Database) -> Iterator[Worker]:
    environment = database.environment | TIMEOUTS | {"LOG_LEVEL": "ERROR", "SLOW_QUERY_SECONDS": "0"}
    command = [sys.executable, "-m", "benchmarks.growth.worker", str(database.items)]
    process = subprocess.Popen(
        command, cwd=PROJECT_DIR, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:  # closes its input, at whose end it stops
        yield Worker(process)


def run_rounds(among: Mapping[int, Worker], name: str, operation: Operation, rounds: int) -> Measured:
    measured = Measured({items: [] for items in among})
    for _ in range(min(rounds, operation.max_rounds or rounds)):
        for items, worker in among.items():
            measured.rounds[items].append(worker.measure(name))
    return measured
