"""The table for people, and the JSON file for programs."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from benchmarks.fairness import Fairness
from benchmarks.load import Sample
from benchmarks.repeats import Figure, Series

THEIRS = ("plain", "empty_drf", "empty_django", "postgres")


class Crowd(NamedTuple):
    """Many connections at once: wrk's figures, and how the least served connection fared."""

    wrk: Sample
    fairness: Fairness


class Results(NamedTuple):
    about: dict[str, Any]
    operations: dict[str, Series]
    growth: dict[str, Series]
    crowds: dict[str, Crowd]
    memory: dict[str, list[int]]


def ratios(series: Series) -> dict[str, Figure]:
    return {name: series.ratio("ours", name) for name in THEIRS if name in series.samples}


def cost_growth(series: Series) -> Figure:
    return series.ratio("small", "large")


def widest_spread(series: Series) -> float:
    """Of the row's requests a second and ratios."""
    return max(figure.spread for figure in (series.figure("ours", "rps"), *ratios(series).values()))


def print_results(results: Results) -> None:
    about = results.about
    print(f"\n{about['items']:,} items, {about['connections']} connections, {about['repeats']} repeats of "
          f"{about['seconds']} s, {about['cpus']} processors, {about['date']}\n")  # fmt: skip
    if results.operations:
        head = ("operation", "ours/s", "p50 ms", "p99 ms", "× plain", "× empty DRF", "× empty Django", "× PostgreSQL",
                "spread ±", "others' CPU")  # fmt: skip
        print_table(head, [operation_cells(name, series) for name, series in results.operations.items()])
    if results.growth:
        small, large = (f"{about[name]:,}" for name in ("small", "large"))
        head = (f"growth, {large} over {small}", f"{small}: /s", f"{large}: /s", "cost ×", "page 1 ×", "spread ±",
                "others' CPU")  # fmt: skip
        print_table(head, [growth_cells(name, series) for name, series in results.growth.items()])
    if results.crowds:
        head = ("connections", "ours/s", "p50 ms", "p99 ms", "slowest ms", "errors", "fewest answers", "median",
                "longest wait ms")  # fmt: skip
        print_table(head, [crowd_cells(name, crowd) for name, crowd in results.crowds.items()])
    for name, peaks in results.memory.items():
        print(f"peak memory of {name}'s workers: {', '.join(f'{peak} MB' for peak in peaks)}")


def operation_cells(name: str, series: Series) -> list[str]:
    ours = [series.figure("ours", attribute).median for attribute in ("rps", "p50_ms", "p99_ms")]
    theirs = ratios(series)
    return [
        name,
        f"{ours[0]:,.0f}",
        f"{ours[1]:.2f}",
        f"{ours[2]:.2f}",
        *(number(theirs[each].median) if each in theirs else "–" for each in THEIRS),
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


def crowd_cells(name: str, crowd: Crowd) -> list[str]:
    wrk, fairness = crowd
    times = (f"{value:.1f}" for value in (wrk.p50_ms, wrk.p99_ms, wrk.slowest_ms))
    return [
        name, f"{wrk.rps:,.0f}", *times, str(wrk.errors + fairness.errors),
        str(fairness.fewest), f"{fairness.median:g}", f"{fairness.longest_wait_ms:.0f}",
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


def as_json(results: Results) -> dict[str, Any]:
    return {
        "about": results.about,
        "operations": {name: operation_json(series) for name, series in results.operations.items()},
        "growth": {name: round(cost_growth(series).median, 4) for name, series in results.growth.items()},
        "growth_range": {name: cost_growth(series)[1:] for name, series in results.growth.items()},
        "deep_over_page1": {
            name: round(series.ratio("large", "large_page1").median, 4)
            for name, series in results.growth.items()
            if "large_page1" in series.samples
        },
        "connections": {
            name: crowd.wrk.__dict__ | {"fairness": crowd.fairness._asdict()} for name, crowd in results.crowds.items()
        },
        "worker_peak_mb": results.memory,
    }


def operation_json(series: Series) -> dict[str, Any]:
    theirs = ratios(series)
    return {
        **{name: round(series.figure("ours", name).median, 3) for name in ("rps", "p50_ms", "p99_ms")},
        **{f"vs_{name}": round(figure.median, 4) for name, figure in theirs.items()},
        "ranges": {
            "rps": series.figure("ours", "rps")[1:],
            **{f"vs_{name}": figure[1:] for name, figure in theirs.items()},
        },
        "others_cpu_percent": round(series.others, 1),
    }
