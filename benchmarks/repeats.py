"""Repeats whose variants take turns, so that what disturbs the machine disturbs all alike; and what to make of them."""

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from benchmarks.load import Sample

Run = Callable[[float], Sample]
WARM_UP_SECONDS = 1
# An empty view does the same from the first request on, and pgbench prepares again each time.
NOT_WARMED_UP = ("empty_drf", "empty_django", "postgres")


class Figure(NamedTuple):
    """The median of the repeats, and the range that they were in."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: list[float]) -> "Figure":
        return cls(statistics.median(values), min(values), max(values))

    @property
    def spread(self) -> float:
        """Half of the range, as percent of the median."""
        return 50 * (self.high - self.low) / self.median if self.median else 0.0


@dataclass(frozen=True)
class Series:
    """The samples of each variant, in the order of the repeats."""

    samples: dict[str, list[Sample]]

    def figure(self, variant: str, attribute: str) -> Figure:
        return Figure.of([getattr(sample, attribute) for sample in self.samples[variant]])

    def ratio(self, variant: str, other: str, attribute: str = "rps") -> Figure:
        """The one's requests a second (or another figure) over the other's, taken within each repeat."""
        pairs = zip(self.samples[variant], self.samples[other], strict=True)
        return Figure.of([getattr(one, attribute) / getattr(another, attribute) for one, another in pairs])

    @property
    def others(self) -> float:
        """The CPU that other processes used, on average, as percent of the machine."""
        return statistics.fmean(sample.others for sample in self._all())

    def _all(self) -> Iterator[Sample]:
        for samples in self.samples.values():
            yield from samples


def interleave(variants: dict[str, Run], *, repeats: int, seconds: float) -> Series:
    """Each repeat begins with another variant: none always comes after the same one at the start."""
    for name, run in variants.items():
        if name not in NOT_WARMED_UP:
            run(WARM_UP_SECONDS)
    samples: dict[str, list[Sample]] = {name: [] for name in variants}
    names = list(variants)
    for repeat in range(repeats):
        first = repeat % len(names)
        for name in names[first:] + names[:first]:
            samples[name].append(variants[name](seconds))
    return Series(samples)
