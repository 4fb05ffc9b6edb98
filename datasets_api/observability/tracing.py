"""Sends a span for each request to an OpenTelemetry collector, if OTEL_EXPORTER_OTLP_ENDPOINT is set.

OpenTelemetry's instrumentation of Django is not used, because it sends addresses and queries.
"""

from collections.abc import Callable
from multiprocessing.util import Finalize

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from database.query_stats import thread_stats
from datasets_api.observability.metrics import known_method
from datasets_api.observability.middleware import route_of
from datasets_api.version import VERSION
from rest.request_ids import current_request_id

propagator = TraceContextTextMapPropagator()


class TracingMiddleware:
    """Traces requests; comes before RequestMetricsMiddleware, whose counts it reads."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.tracer = tracer()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        method = known_method(request.method)
        with self.tracer.start_as_current_span(
            method, parent_of(request), SpanKind.SERVER, record_exception=False, end_on_exit=False
        ) as span:
            response = self.get_response(request)
        set_span_attributes(span, request, method)
        if response.streaming:
            response._resource_closers.append(lambda: end(span, response))  # type: ignore[attr-defined]  # noqa: SLF001
        else:
            end(span, response)
        return response


def tracer() -> Tracer:
    """Create a tracer with a thread that sends spans, in each worker, and flush it when the worker ends."""
    provider = TracerProvider(resource=Resource.create({"service.name": "datasets-api", "service.version": VERSION}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    Finalize(None, provider.shutdown, exitpriority=10)
    return provider.get_tracer("datasets_api")


def parent_of(request: HttpRequest) -> Context:
    names = ("traceparent", "tracestate")
    return propagator.extract({name: request.headers[name] for name in names if name in request.headers})


def set_span_attributes(span: Span, request: HttpRequest, method: str) -> None:
    route = route_of(request)
    span.update_name(f"{method} {route}")
    span.set_attributes(
        {
            "http.request.method": method,
            "http.route": route,
            "request.id": current_request_id.get(),
            "db.statements": thread_stats.own.statements,
            "db.duration": thread_stats.own.seconds,
        }
    )


def end(span: Span, response: HttpResponseBase) -> None:
    """End the span; for a stream, once its final status is known."""
    span.set_attribute("http.response.status_code", response.status_code)
    if response.status_code >= 500:
        span.set_status(Status(StatusCode.ERROR))
    span.end()
