"""What is to be measured, on which data, how often and how long."""

from argparse import Namespace
from dataclasses import dataclass
from fnmatch import fnmatchcase

from benchmarks.operations import operations

BASE, SMALL, LARGE = 100_000, 10_000, 1_000_000
GROWTH = ("retrieve", "list100", "list100_deep", "patch", "create")
CROWDS = {"connections_64": 64, "connections_256": 256}
# In the order in which they are run; the growth of one comes right after it.
OPERATIONS = tuple(operations(BASE))
NAMES = (*OPERATIONS, *(f"growth_{name}" for name in GROWTH), *CROWDS)


@dataclass(frozen=True)
class Plan:
    names: tuple[str, ...]
    repeats: int
    seconds: int
    small: int
    large: int

    @classmethod
    def of(cls, options: Namespace) -> "Plan":
        return cls(
            names=matching(options.only.split(",")) if options.only else NAMES,
            repeats=options.repeats or (3 if options.quick else 5),
            seconds=options.seconds or (1 if options.quick else 3),
            small=SMALL,
            large=BASE if options.quick else LARGE,
        )

    @property
    def has_growth(self) -> bool:
        return any(name.startswith("growth_") for name in self.names)

    @property
    def needs_plain(self) -> bool:
        return any(name in OPERATIONS for name in self.names)

    @property
    def databases(self) -> list[tuple[str, int]]:
        sizes = {self.small, self.large} if self.has_growth else set()
        if any(not name.startswith("growth_") for name in self.names):
            sizes.add(BASE)
        return [*(("ours", size) for size in sorted(sizes)), *([("plain", BASE)] if self.needs_plain else [])]


def matching(patterns: list[str]) -> tuple[str, ...]:
    """Raises ValueError for a pattern that names nothing."""
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in NAMES):
            raise ValueError(f"{pattern!r} is none of: {', '.join(NAMES)}")
    return tuple(name for name in NAMES if any(fnmatchcase(name, pattern) for pattern in patterns))
