"""The table of growth, and what grows that must not."""

from collections.abc import Iterator, Mapping

from benchmarks.growth.operations import operations
from benchmarks.growth.rounds import Measured
from benchmarks.table import number, print_table

# Over the smallest size.
MAX_RATIO = 1.25


def print_growth(measured: Mapping[str, Measured]) -> None:
    base, *larger = next(iter(measured.values())).rounds
    sizes = [base, *larger]
    head = ["by request", "statements", "rows", *(f"buffers, {short(items)}" for items in sizes)]
    head += [f"ms, {short(items)}" for items in sizes]
    head += [f"service µs, {short(base)}", f"PostgreSQL µs, {short(base)}"]
    head += [f"CPU ×, {short(items)}" for items in larger] + [f"PostgreSQL ×, {short(items)}" for items in larger]
    print_table(head, [cells(name, each, base, larger) for name, each in measured.items()])
    print("\n".join(grown(measured)) or f"None of what must not grow costs more than {MAX_RATIO} times as much CPU.")


def cells(name: str, measured: Measured, base: int, larger: list[int]) -> list[str]:
    sizes = [base, *larger]
    return [
        name,
        *(f"{measured.median(sizes[-1], each):,.0f}" for each in ("statements", "rows")),
        *(f"{measured.median(items, 'buffers'):,.0f}" for items in sizes),
        *(number(measured.median(items, "seconds") * 1000) for items in sizes),
        *(f"{measured.median(base, each):,.0f}" for each in ("service", "postgres")),
        *(number(measured.ratio(items, base)) for items in larger),
        *(number(measured.ratio(items, base, "postgres")) for items in larger),
    ]


def grown(measured: Mapping[str, Measured]) -> Iterator[str]:
    """A sentence for each operation whose cost must not depend on the size, and does."""
    for name, each in measured.items():
        base, *larger = each.rounds
        for items in larger:
            if operations(base)[name].is_constant and (ratio := each.ratio(items, base)) > MAX_RATIO:
                yield f"{name} takes {ratio:.2f} times as much CPU with {items:,} items as with {base:,}."


def short(items: int) -> str:
    """1M for 1,000,000."""
    for unit, letter in ((1_000_000, "M"), (1000, "k")):
        if items >= unit and items % unit == 0:
            return f"{items // unit}{letter}"
    return str(items)
