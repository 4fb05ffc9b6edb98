"""Records each request's cost in the metrics, and logs it if LOG_REQUESTS is set or the request was slow."""

import logging
import math
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from database.query_stats import thread_stats
from datasets_api.observability.metrics import RequestStats, record_request
from rest.preauthorization import ContinueUpload
from rest.request_ids import current_request_id

logger = logging.getLogger("datasets_api.requests")

# Set in META by the server when the request is complete, so that the duration includes the wait for a thread.
RECEIVED_AT = "datasets_api.received_at"
NO_ROUTE = "none"


class RequestMetricsMiddleware:
    """Measures requests; comes before HTTPMiddleware, which has set the request id when a request is logged."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.logs_all = settings.LOG_REQUESTS
        self.slow_seconds = settings.SLOW_REQUEST_SECONDS or math.inf

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        of_queries = thread_stats.own
        of_queries.clear()
        start = request.META.get(RECEIVED_AT) or time.monotonic()
        response = self.get_response(request)
        if response.status_code == ContinueUpload.status_code:
            # Not final: the same request follows with its file.
            return response
        if isinstance(response, StreamingHttpResponse):
            self.watch_stream(request, response, start)
        else:
            seconds = time.monotonic() - start
            stats = RequestStats(seconds, of_queries.seconds, of_queries.statements, of_queries.rows)
            self.finish(request, response.status_code, stats)
        return response

    def watch_stream(self, request: HttpRequest, response: StreamingHttpResponse, start: float) -> None:
        """Record a stream when it is closed: its chunks are produced later, in other threads."""
        stream = Stream(response)

        def finish() -> None:
            seconds = time.monotonic() - start
            self.finish(
                request, response.status_code, RequestStats(seconds, stream.seconds, stream.statements, stream.rows)
            )

        response._resource_closers.append(finish)  # type: ignore[attr-defined]  # noqa: SLF001

    def finish(self, request: HttpRequest, status: int, stats: RequestStats) -> None:
        route = route_of(request)
        record_request(route, request.method, status, stats)
        if stats.seconds >= self.slow_seconds:
            logger.warning("Slow request", extra=request_fields(request, route, status, stats))
        elif self.logs_all:
            logger.info("Request", extra=request_fields(request, route, status, stats))


class Stream:
    """Sums up the statements of a stream, whose chunks are produced in several threads."""

    def __init__(self, response: StreamingHttpResponse) -> None:
        stats = thread_stats.own
        self.seconds, self.statements, self.rows = stats.seconds, stats.statements, stats.rows
        self.request_id = current_request_id.get()
        response.streaming_content = self.watched(response.streaming_content)  # type: ignore[arg-type]

    def watched(self, chunks: Iterable[Any]) -> Iterator[Any]:
        chunks = iter(chunks)
        end = object()
        while (chunk := self.next_of(chunks, end)) is not end:
            yield chunk

    def next_of(self, chunks: Iterator[Any], end: object) -> Any:
        stats = thread_stats.own
        stats.clear()
        current_request_id.set(self.request_id)
        try:
            return next(chunks, end)
        finally:
            self.seconds += stats.seconds
            self.statements += stats.statements
            self.rows += stats.rows


def route_of(request: HttpRequest) -> str:
    """Return the route's name, which is the same for both prefixes; the path would contain ids."""
    match = request.resolver_match
    return match.view_name if match else NO_ROUTE


def request_fields(request: HttpRequest, route: str, status: int, stats: RequestStats) -> dict[str, Any]:
    access = getattr(request, "auth", None)
    return {
        "method": request.method,
        "route": route,
        "status": status,
        "duration": round(stats.seconds, 6),
        "database_duration": round(stats.database_seconds, 6),
        "statements": stats.statements,
        "project_id": access.project.id if access and access.project else None,
        "user_id": access.user.id if access else None,
        "key_id": access.key_id if access else None,
    }
