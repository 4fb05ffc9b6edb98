"""The plan of a run: what it measures, on which data, how often and how long."""

from argparse import Namespace
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import NamedTuple

from benchmarks.databases import Which
from benchmarks.operations import Operation, operations

BULK = "bulk"
GROWTH = ("retrieve", "list100", "list100_deep", "as_of100", "patch", "create")


class Scale(NamedTuple):
    """Items of the large dataset, items of the two whose costs are compared, and how often and long each is driven."""

    base: int
    small: int
    large: int
    repeats: int
    seconds: int


FULL = Scale(100_000, 10_000, 1_000_000, repeats=5, seconds=3)
QUICK = Scale(100_000, 10_000, 100_000, repeats=3, seconds=1)
# To see that everything runs; the figures say nothing.
SMOKE = Scale(1_000, 1_000, 1_000, repeats=1, seconds=1)
# --quick measures the operations that v1 has.
QUICK_NAMES = (
    "retrieve", "list10", "list100", "list100_unfiltered", "list100_deep", "unauthorized", "patch",
    "create_1000_datasets", "create",
    "growth_retrieve", "growth_list100", "growth_list100_deep", "growth_patch", "growth_create",
)  # fmt: skip
# In the order in which they are run; the growth of one comes right after it.
NAMES = (*operations(FULL.base), *(f"growth_{name}" for name in GROWTH), BULK)


@dataclass(frozen=True)
class Plan:
    names: tuple[str, ...]
    scale: Scale
    operations: dict[str, Operation]

    @classmethod
    def of(cls, options: Namespace) -> "Plan":
        names = matching(options.only.split(",")) if options.only else (QUICK_NAMES if options.quick else NAMES)
        scale = SMOKE if options.smoke else QUICK if options.quick else FULL
        scale = scale._replace(repeats=options.repeats or scale.repeats, seconds=options.seconds or scale.seconds)
        return cls(names, scale, operations(scale.base))

    @property
    def databases(self) -> list[Which]:
        return sorted({which for name in self.names for which in self.needed_for(name)})

    def needed_for(self, name: str) -> set[Which]:
        if name.startswith("growth_"):
            return set(self.sizes(name.removeprefix("growth_")))
        if name not in self.operations:
            return {self.ours()}
        operation = self.operations[name]
        plain = set() if operation.beside else {self.plain}
        return {self.ours(operation.versions), *plain}

    def ours(self, versions: int = 1) -> Which:
        return Which("ours", self.scale.base, versions)

    @property
    def plain(self) -> Which:
        return Which("plain", self.scale.base)

    def sizes(self, name: str) -> tuple[Which, Which]:
        versions = self.operations[name].versions
        return Which("ours", self.scale.small, versions), Which("ours", self.scale.large, versions)


def matching(patterns: list[str]) -> tuple[str, ...]:
    """Raises ValueError for a pattern that names nothing."""
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in NAMES):
            raise ValueError(f"{pattern!r} is none of: {', '.join(NAMES)}")
    return tuple(name for name in NAMES if any(fnmatchcase(name, pattern) for pattern in patterns))
