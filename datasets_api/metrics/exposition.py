"""The sums over all processes, as Prometheus reads them."""

import os
import platform
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate

import django
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from datasets_api.metrics.memory import CELLS, RECORD_NUMBERS, Slot
from datasets_api.metrics.recording import (
    BOUNDS,
    BUCKETS,
    DATABASE_SECONDS,
    ROWS,
    SAMPLE_SECONDS,
    SECONDS,
    STATEMENTS,
    memory,
)
from datasets_api.version import VERSION

# A process that has not written for so long hangs, or is gone.
SILENCE_SECONDS = 10 * SAMPLE_SECONDS
REFUSALS = [name.removeprefix("refused_") for name in CELLS if name.startswith("refused_")]
BOUND_TEXTS = [*map(str, BOUNDS), "+Inf"]
Key = tuple[str, ...]
Sums = dict[Key, list[float]]


def exposition(accept: str) -> tuple[bytes, str]:
    """The text and its content type, in the form that the reader prefers."""
    registry = CollectorRegistry()
    registry.register(ServiceCollector())
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type


class ServiceCollector(Collector):
    def collect(self) -> Iterator[Metric]:
        slots = memory().slots()
        memory().own["heartbeat"] = time.time()
        by_answer = sums_of(slots)
        yield build_info()
        yield from workers(slots)
        yield counter("datasets_http_requests", "Requests answered.", ("route", "method", "status"), total(by_answer))
        by_route = merged(by_answer, 2)
        yield durations(by_route)
        yield from database_work(by_route)
        yield from front(slots)


def sums_of(slots: list[Slot]) -> Sums:
    """By route, method and status."""
    sums: Sums = defaultdict(lambda: [0.0] * RECORD_NUMBERS)
    for slot in slots:
        for key, numbers in slot.records():
            add(sums[tuple(key.split(" "))], numbers)
    return sums


def merged(sums: Sums, labels: int) -> Sums:
    """By the first labels alone."""
    fewer: Sums = defaultdict(lambda: [0.0] * RECORD_NUMBERS)
    for key, numbers in sums.items():
        add(fewer[key[:labels]], numbers)
    return fewer


def add(sums: list[float], numbers: list[float]) -> None:
    for place, number in enumerate(numbers):
        sums[place] += number


def total(sums: Sums) -> dict[Key, float]:
    return {key: sum(numbers[:BUCKETS]) for key, numbers in sums.items()}


def build_info() -> Metric:
    labels = {"version": VERSION, "python": platform.python_version(), "django": django.get_version()}
    family = GaugeMetricFamily("datasets_build_info", "What runs; the value is always 1.", labels=list(labels))
    family.add_metric(list(labels.values()), 1)
    return family


def workers(slots: list[Slot]) -> Iterator[Metric]:
    """Numbered by their slots: a worker that is started again has the number of the one before."""
    up = GaugeMetricFamily("datasets_worker_up", "Whether the worker has been heard of lately.", labels=["worker"])
    for number, slot in enumerate(slots):
        up.add_metric([str(number)], is_up(slot))
    yield up
    yield counter("datasets_worker_starts", "Workers started.", (), {(): sum(slot["starts"] for slot in slots)})


def is_up(slot: Slot) -> bool:
    return int(slot["pid"]) == os.getpid() or time.time() - slot["heartbeat"] < SILENCE_SECONDS


def durations(by_route: Sums) -> Metric:
    family = HistogramMetricFamily(
        "datasets_http_request_duration_seconds",
        "From the moment a request was there to its answer, the wait for a thread included.",
        labels=["route", "method"],
    )
    for key, numbers in sorted(by_route.items()):
        buckets = list(zip(BOUND_TEXTS, accumulate(numbers[:BUCKETS]), strict=True))
        family.add_metric(key, buckets, numbers[SECONDS])
    return family


def database_work(by_route: Sums) -> Iterator[Metric]:
    for name, documentation, place in (
        ("datasets_database_seconds", "Time spent in statements.", DATABASE_SECONDS),
        ("datasets_database_statements", "Statements run.", STATEMENTS),
        ("datasets_database_rows", "Rows that statements read or wrote.", ROWS),
    ):
        values = {key: numbers[place] for key, numbers in by_route.items()}
        yield counter(name, documentation, ("route", "method"), values)


def front(slots: list[Slot]) -> Iterator[Metric]:
    refusals: dict[Key, float] = {(reason,): sum(slot[f"refused_{reason}"] for slot in slots) for reason in REFUSALS}
    yield counter("datasets_front_refusals", "Requests refused before they reached a view.", ("reason",), refusals)
    running = [slot for slot in slots if is_up(slot)]
    for cell, name, documentation in (
        ("requests", "datasets_requests_in_progress", "Requests that wait for a thread or are worked on."),
        ("queued", "datasets_requests_queued", "Requests that wait for a thread."),
        ("body_bytes", "datasets_request_body_bytes", "Request bodies held in memory."),
        ("connections", "datasets_database_connections", "Open connections to the database."),
    ):
        yield GaugeMetricFamily(name, documentation, value=sum(slot[cell] for slot in running))


def counter(name: str, documentation: str, labels: Key, values: dict[Key, float]) -> Metric:
    family = CounterMetricFamily(name, documentation, labels=list(labels))
    for key, value in sorted(values.items()):
        family.add_metric(list(key), value)
    return family
