"""The results of a run: the ratios of its series, and the JSON file for programs."""

from typing import Any, NamedTuple

from benchmarks.repeats import Figure, Series


class Results(NamedTuple):
    about: dict[str, Any]
    operations: dict[str, Series]
    growth: dict[str, Series]
    bulk: dict[str, Series]
    memory: dict[str, list[int]]


def ratios(series: Series) -> dict[str, Figure]:
    """To each other variant: the plain service and so on, or another operation of ours."""
    return {name: series.ratio("ours", name) for name in series.samples if name != "ours"}


def cost_growth(series: Series) -> Figure:
    return series.ratio("small", "large")


def bulk_ratios(series: Series) -> dict[str, Figure]:
    return {name: series.ratio("bulk", name) for name in series.samples if name != "bulk"}


def dump_json(results: Results) -> dict[str, Any]:
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
        "bulk": {name: bulk_json(series) for name, series in results.bulk.items()},
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


def bulk_json(series: Series) -> dict[str, Any]:
    found = bulk_ratios(series)
    return {
        **{f"{name}_items_per_second": round(series.figure(name, "rps").median) for name in series.samples},
        **{f"vs_{name}": round(figure.median, 4) for name, figure in found.items()},
        "ranges": {f"vs_{name}": figure[1:] for name, figure in found.items()},
        "others_cpu_percent": round(series.others, 1),
    }
