"""GET /metrics: for whoever has METRICS_TOKEN, or, where none is set, for a program on this machine."""

import ipaddress
import platform
import secrets
from collections.abc import Iterator
from pathlib import Path

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied

from datasets_api.observability.metrics import metrics
from datasets_api.observability.worker_numbers import worker_states
from datasets_api.version import VERSION
from rest.errors import envelope_response

# A proxy on this machine would otherwise make everyone a local program.
PROXY_HEADERS = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED_PROTO", "HTTP_VIA")


def metrics_page(request: HttpRequest) -> HttpResponse:
    if settings.METRICS_TOKEN:
        if not has_token(request):
            return envelope_response(MetricsTokenRequired("The metrics need their own token."))
    elif not is_local(request):
        return envelope_response(PermissionDenied("The metrics are for this machine alone; METRICS_TOKEN opens them."))
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(full_registry()), content_type=content_type, headers={"Cache-Control": "no-store"})


class MetricsTokenRequired(AuthenticationFailed):
    auth_header = "Bearer"


def has_token(request: HttpRequest) -> bool:
    sent = request.META.get("HTTP_AUTHORIZATION", "")
    return secrets.compare_digest(sent.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())


def is_local(request: HttpRequest) -> bool:
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", "").strip("[]"))
    except ValueError:
        return False
    return address.is_loopback and not any(header in request.META for header in PROXY_HEADERS)


def full_registry() -> CollectorRegistry:
    """The sums over all workers where they share METRICS_DIR, else what this process has counted."""
    registry = CollectorRegistry()
    registry.register(ServiceCollector())
    if settings.METRICS_DIR:
        metrics()
        MultiProcessCollector(registry, settings.METRICS_DIR)
    else:
        registry.register(metrics().registry)
    return registry


class ServiceCollector(Collector):
    """What is not counted but known."""

    def collect(self) -> Iterator[Metric]:
        labels = {"version": VERSION, "python": platform.python_version(), "django": django.get_version()}
        info = GaugeMetricFamily("datasets_build_info", "What runs; the value is always 1.", labels=list(labels))
        info.add_metric(list(labels.values()), 1)
        yield info
        up = GaugeMetricFamily("datasets_worker_up", "Whether the worker has been heard of lately.", labels=["worker"])
        for number, is_up in self.workers():
            up.add_metric([str(number)], is_up)
        yield up

    def workers(self) -> Iterator[tuple[int, bool]]:
        """Numbered: a worker that replaces another has its number."""
        if settings.METRICS_DIR:
            yield from worker_states(Path(settings.METRICS_DIR))
        else:
            yield 0, True
