"""The tables for people."""

from collections.abc import Iterable

from benchmarks.overload import Overload
from benchmarks.repeats import Series
from benchmarks.results import Crowd, Results, bulk_ratios, cost_growth, flush_ratios, ratios

THEIRS = ("plain", "empty_drf", "empty_django", "postgres")


def widest_spread(series: Series) -> float:
    """Return the widest spread of the row's requests per second and ratios."""
    return max(figure.spread for figure in (series.figure("ours", "rps"), *ratios(series).values()))


def print_results(results: Results) -> None:
    about = results.about
    print(f"\n{about['items']:,} items, {about['connections']} connections, {about['repeats']} repeats of "
          f"{about['seconds']} s, {about['cpus']} processors, {about['date']}\n")  # fmt: skip
    if results.operations:
        head = ("operation", "ours/s", "p50 ms", "p99 ms", "× plain", "× empty DRF", "× empty Django", "× PostgreSQL",
                "× another of ours", "spread ±", "others' CPU")  # fmt: skip
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
    if results.bulk:
        head = ("10,000 items a request", "items/s", "ms", "COPY: rows/s", "as text: rows/s", "× COPY", "× as text",
                "spread ±", "others' CPU")  # fmt: skip
        print_table(head, [bulk_cells(name, series) for name, series in results.bulk.items()])
    if results.flush:
        slow, normal = (f"{about['flush_ms'][name]:.2f}" for name in ("slow", "normal"))
        head = (f"flush of {slow} ms", f"at {normal} ms: /s", "ours/s", "ratio", "CREATE alone/s", "grouped/s", "ratio",
                "spread ±", "others' CPU")  # fmt: skip
        print_table(head, [flush_cells(name, series) for name, series in results.flush.items()])
    if results.overload:
        head = ("overload", "before/s", "accepted/s", "refused/s", "refused", "p50 ms", "p99 ms", "refusal p99 ms",
                "no Retry-After", "other", "broken", "unanswered", "starved", "after/s", "after ×")  # fmt: skip
        print_table(head, [overload_cells(name, overload) for name, overload in results.overload.items()])
        print(f"the servers may open {about['open_files']} files")
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


def crowd_cells(name: str, crowd: Crowd) -> list[str]:
    wrk, fairness = crowd
    times = (f"{value:.1f}" for value in (wrk.p50_ms, wrk.p99_ms, wrk.slowest_ms))
    return [
        name, f"{wrk.rps:,.0f}", *times, str(wrk.errors + fairness.errors),
        str(fairness.lowest), f"{fairness.median:g}", f"{fairness.longest_wait_ms:.0f}",
    ]  # fmt: skip


def bulk_cells(name: str, series: Series) -> list[str]:
    found = bulk_ratios(series).values()
    items, *rows = (f"{series.figure(each, 'rps').median:,.0f}" for each in ("bulk", "copy", "copy_as_text"))
    return [
        name, items, f"{series.figure('bulk', 'p50_ms').median:.0f}", *rows, *(number(each.median) for each in found),
        f"{max(each.spread for each in found):.0f} %", f"{series.others:.0f} %",
    ]  # fmt: skip


def flush_cells(name: str, series: Series) -> list[str]:
    slow, grouped = flush_ratios(series).values()
    rates = {each: f"{series.figure(each, 'rps').median:,.0f}" for each in series.samples}
    return [
        name, rates["normal"], rates["slow"], number(slow.median), rates["statement"], rates["grouped"],
        number(grouped.median), f"{max(slow.spread, grouped.spread):.0f} %", f"{series.others:.0f} %",
    ]  # fmt: skip


def overload_cells(name: str, found: Overload) -> list[str]:
    rates = (f"{value:,.0f}" for value in (found.before, found.accepted, found.refused))
    times = (f"{value:,.0f}" for value in (found.p50_ms, found.p99_ms, found.refused_p99_ms))
    wrong = map(str, (found.without_retry_after, found.others, found.broken, found.unanswered, found.starved))
    return [
        name, *rates, f"{100 * found.refused_share:.0f} %", *times, *wrong,
        f"{found.after:,.0f}", number(found.recovered),
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
