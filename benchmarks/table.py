"""The tables for people."""

from collections.abc import Iterable
from typing import Any

from benchmarks.machine import print_machine
from benchmarks.repeats import Series
from benchmarks.results import Results, bulk_ratios, cost_growth, ratios

THEIRS = ("plain", "empty_drf", "empty_django", "postgres")


def widest_spread(series: Series) -> float:
    """Return the widest spread of the row's requests per second and ratios."""
    return max(figure.spread for figure in (series.figure("ours", "rps"), *ratios(series).values()))


OPERATION_HEAD = (
    "operation", "ours/s", "p50 ms", "p99 ms", "× plain", "× empty DRF", "× empty Django", "× PostgreSQL",
    "× another of ours", "spread ±", "others' CPU",
)  # fmt: skip
BULK_HEAD = (
    "10,000 items a request", "items/s", "ms", "COPY: rows/s", "as text: rows/s", "× COPY", "× as text", "spread ±",
    "others' CPU",
)  # fmt: skip


def print_results(results: Results) -> None:
    about = results.about
    print(f"\n{about['base']:,} items, {about['connections']} connections, {about['repeats']} repeats of "
          f"{about['seconds']} s, {about['cpus']} processors, {about['date']}\n")  # fmt: skip
    print_machine(about["machine"])
    if results.operations:
        print_table(OPERATION_HEAD, [operation_cells(name, series) for name, series in results.operations.items()])
    if results.growth:
        print_table(growth_head(about), [growth_cells(name, series) for name, series in results.growth.items()])
    if results.bulk:
        print_table(BULK_HEAD, [bulk_cells(name, series) for name, series in results.bulk.items()])
    for name, peaks in results.memory.items():
        print(f"peak memory of {name}'s workers: {', '.join(f'{peak} MB' for peak in peaks)}")


def growth_head(about: dict[str, Any]) -> tuple[str, ...]:
    small, large = (f"{about[name]:,}" for name in ("small", "large"))
    return (
        f"growth, {large} over {small}",
        f"{small}: /s",
        f"{large}: /s",
        "cost ×",
        "page 1 ×",
        "spread ±",
        "others' CPU",
    )


def operation_cells(name: str, series: Series) -> list[str]:
    ours = [series.figure("ours", attribute).median for attribute in ("rps", "p50_ms", "p99_ms")]
    theirs = ratios(series)
    return [
        name,
        f"{ours[0]:,.0f}",
        f"{ours[1]:.2f}",
        f"{ours[2]:.2f}",
        *(number(theirs[each].median) if each in theirs else "–" for each in THEIRS),
        next((f"{number(figure.median)} {each}" for each, figure in theirs.items() if each not in THEIRS), "–"),
        f"{widest_spread(series):.0f} %",
        f"{series.others:.0f} %",
    ]


def growth_cells(name: str, series: Series) -> list[str]:
    cost = cost_growth(series)
    page = series.ratio("large", "large_page1") if "large_page1" in series.samples else None
    return [
        name,
        *(f"{series.figure(size, 'rps').median:,.0f}" for size in ("small", "large")),
        number(cost.median),
        number(page.median) if page else "–",
        f"{cost.spread:.0f} %",
        f"{series.others:.0f} %",
    ]


def bulk_cells(name: str, series: Series) -> list[str]:
    found = bulk_ratios(series).values()
    items, *rows = (f"{series.figure(each, 'rps').median:,.0f}" for each in ("bulk", "copy", "copy_as_text"))
    return [
        name, items, f"{series.figure('bulk', 'p50_ms').median:.0f}", *rows, *(number(each.median) for each in found),
        f"{max(each.spread for each in found):.0f} %", f"{series.others:.0f} %",
    ]  # fmt: skip


def number(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def print_table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    lines = [list(head), *map(list, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        first, *others = (cell.ljust(width) if not place else cell.rjust(width)
                          for place, (cell, width) in enumerate(zip(line, widths, strict=True)))  # fmt: skip
        print("  ".join([first, *others]))
    print()
