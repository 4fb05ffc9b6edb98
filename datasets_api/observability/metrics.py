"""Prometheus metrics: each response, each request that the server itself rejects, and gauges sampled once a second.

No metric contains a key, an id, an address or content. With PROMETHEUS_MULTIPROC_DIR, all workers count in files of
that folder (prometheus_client's multiprocess mode), and the sums include workers that have ended.
"""

import functools
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, values

from database.query_stats import open_connections
from datasets_api.observability.worker_numbers import WorkerNumber, take_number

# Upper bounds of the histogram's buckets, in seconds.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SAMPLE_SECONDS = 1.0


class RequestStats(NamedTuple):
    """The cost of a request."""

    seconds: float
    database_seconds: float
    statements: int
    rows: int


class ServerLoad(NamedTuple):
    """The requests and bodies that a worker currently holds."""

    requests: int
    queued: int
    body_bytes: int


class Metrics:
    def __init__(self, directory: str) -> None:
        self.number: WorkerNumber | None = None
        if directory:
            self.number = number = take_number(Path(directory))
            # Files are named after the number instead of the process id, so that the next worker continues them.
            values.ValueClass = values.MultiProcessValue(lambda: number.value)
        self.registry = registry = CollectorRegistry()
        by_route = ["route", "method"]
        self.requests = Counter(
            "datasets_http_requests", "Requests answered.", [*by_route, "status"], registry=registry
        )
        self.durations = Histogram(
            "datasets_http_request_duration_seconds",
            "From the arrival of a request to its response, including the wait for a thread.",
            by_route, buckets=BUCKETS, registry=registry,
        )  # fmt: skip
        self.database_seconds = Counter(
            "datasets_database_seconds", "Time spent in statements.", by_route, registry=registry
        )
        self.statements = Counter("datasets_database_statements", "Statements run.", by_route, registry=registry)
        self.rows = Counter(
            "datasets_database_rows", "Rows that statements read or wrote.", by_route, registry=registry
        )
        self.refusals = Counter(
            "datasets_front_refusals", "Requests rejected before they reached a view.", ["reason"], registry=registry
        )
        self.starts = Counter("datasets_worker_starts", "Workers started.", registry=registry)
        self.in_progress = self._gauge("datasets_requests_in_progress", "Requests that wait for or run in a thread.")
        self.queued = self._gauge("datasets_requests_queued", "Requests that wait for a thread.")
        self.body_bytes = self._gauge("datasets_request_body_bytes", "Request bodies held in memory.")
        self.connections = self._gauge("datasets_database_connections", "Open connections to the database.")
        self.writable = Gauge(
            "datasets_database_writable", "Whether the database accepted writes at the last request to /_readyz.",
            registry=registry, multiprocess_mode="livemostrecent",
        )  # fmt: skip
        self.starts.inc()

    def _gauge(self, name: str, documentation: str) -> Gauge:
        return Gauge(name, documentation, registry=self.registry, multiprocess_mode="livesum")


@functools.cache
def metrics() -> Metrics:
    """Return this process's metrics. Created on first use, in the worker and not in the process that starts it."""
    return Metrics(settings.METRICS_DIR)


class RouteMetrics(NamedTuple):
    requests: Counter
    durations: Histogram
    database_seconds: Counter
    statements: Counter
    rows: Counter


@functools.cache
def route_metrics(route: str, method: str, status: int) -> RouteMetrics:
    """Return the labeled metrics. The cache is bounded, because routes, statuses and known methods are."""
    found = metrics()
    return RouteMetrics(
        found.requests.labels(route, method, str(status)),
        found.durations.labels(route, method),
        found.database_seconds.labels(route, method),
        found.statements.labels(route, method),
        found.rows.labels(route, method),
    )


def known_method(method: str | None) -> str:
    """Return the method, or OTHER for one that a client invented."""
    return method if method in METHODS else "OTHER"


def record_request(route: str, method: str | None, status: int, stats: RequestStats) -> None:
    found = route_metrics(route, known_method(method), status)
    found.requests.inc()
    found.durations.observe(stats.seconds)
    found.database_seconds.inc(stats.database_seconds)
    found.statements.inc(stats.statements)
    found.rows.inc(stats.rows)


def record_refusal(reason: str) -> None:
    metrics().refusals.labels(reason).inc()


def record_writable(*, is_writable: bool) -> None:
    metrics().writable.set(is_writable)


def record_sample(load: ServerLoad) -> None:
    """Set the gauges. They are sampled, because updating them would slow down each request."""
    found = metrics()
    found.in_progress.set(load.requests)
    found.queued.set(load.queued)
    found.body_bytes.set(load.body_bytes)
    found.connections.set(open_connections())
    if found.number:
        found.number.touch()
