"""The plan of a run: what it measures, on which data, how often and how long."""

from argparse import Namespace
from dataclasses import dataclass
from fnmatch import fnmatchcase

from benchmarks.databases import Which
from benchmarks.flush import STEPS
from benchmarks.operations import operations

BASE, SMALL, LARGE = 100_000, 10_000, 1_000_000
GROWTH = ("retrieve", "list100", "list100_deep", "as_of100", "patch", "create")
CROWDS = {"connections_64": 64, "connections_256": 256}
# In the order in which they are run; the growth of one comes right after it.
OPERATIONS = operations(BASE)
# Only where they are asked for, by an option or by name.
FLUSH = {f"flush_{name}": name for name in STEPS}
OVERLOAD = {f"overload_{name}": name for name in ("retrieve", "create")}
# What --quick measures: what v1 has.
QUICK = (
    "retrieve", "list10", "list100", "list100_unfiltered", "list100_deep", "unauthorized", "patch",
    "create_1000_datasets", "create",
    "growth_retrieve", "growth_list100", "growth_list100_deep", "growth_patch", "growth_create",
    *CROWDS,
)  # fmt: skip
BULK = "bulk"
NAMES = (*OPERATIONS, *(f"growth_{name}" for name in GROWTH), *CROWDS, BULK)


@dataclass(frozen=True)
class Plan:
    names: tuple[str, ...]
    repeats: int
    seconds: int
    small: int
    large: int

    @classmethod
    def of(cls, options: Namespace) -> "Plan":
        names = matching(options.only.split(",")) if options.only else (QUICK if options.quick else NAMES)
        more = (*(FLUSH if options.flush else ()), *(OVERLOAD if options.overload else ()))
        return cls(
            names=tuple(dict.fromkeys((*names, *more))),
            repeats=options.repeats or (3 if options.quick else 5),
            seconds=options.seconds or (1 if options.quick else 3),
            small=SMALL,
            large=BASE if options.quick else LARGE,
        )

    @property
    def databases(self) -> list[Which]:
        return sorted({which for name in self.names for which in self.needed_for(name)})

    def needed_for(self, name: str) -> set[Which]:
        if name.startswith("growth_"):
            versions = OPERATIONS[name.removeprefix("growth_")].versions
            return {Which("ours", size, versions) for size in (self.small, self.large)}
        if name in FLUSH:
            return {Which("ours", BASE), Which("ours", BASE, is_slow=True)}
        if name not in OPERATIONS:
            return {Which("ours", BASE)}
        operation = OPERATIONS[name]
        plain = set() if operation.beside else {Which("plain", BASE)}
        return {Which("ours", BASE, operation.versions), *plain}


def matching(patterns: list[str]) -> tuple[str, ...]:
    """Raises ValueError for a pattern that names nothing."""
    names = (*NAMES, *FLUSH, *OVERLOAD)
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in names):
            raise ValueError(f"{pattern!r} is none of: {', '.join(names)}")
    return tuple(name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns))
