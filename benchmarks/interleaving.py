"""Works that take turns, each timed once a repeat: for the measurements that have a command of their own."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Timed:
    seconds: list[float] = field(default_factory=list)
    result: Any = None  # of the last repeat

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def spread(self) -> float:
        """Half of the range, as a share of the median."""
        return (max(self.seconds) - min(self.seconds)) / 2 / self.median

    def times(self, other: "Timed") -> float:
        """Return the median ratio to the other, taken within each repeat."""
        return statistics.median(own / its for own, its in zip(self.seconds, other.seconds, strict=True))


def interleave(works: Mapping[str, Callable[[], Any]], *, repeats: int) -> dict[str, Timed]:
    timed = {name: Timed() for name in works}
    for _ in range(repeats):
        for name, work in works.items():
            start = time.monotonic()
            timed[name].result = work()
            timed[name].seconds.append(time.monotonic() - start)
    return timed
