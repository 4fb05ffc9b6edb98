"""GET /metrics, for clients with METRICS_TOKEN or, if it is not set, for programs on this machine."""

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

# A request with one of these came through a proxy, so its address is not the client's.
PROXY_HEADERS = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED_PROTO", "HTTP_VIA")


def metrics_page(request: HttpRequest) -> HttpResponse:
    if settings.METRICS_TOKEN:
        if not has_token(request):
            return envelope_response(MetricsTokenRequired("The metrics require the token METRICS_TOKEN."))
    elif not is_local(request):
        detail = "The metrics are only available on this machine; set METRICS_TOKEN to allow others."
        return envelope_response(PermissionDenied(detail))
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
    """Return the sums over all workers if they share METRICS_DIR, otherwise this process's metrics."""
    registry = CollectorRegistry()
    registry.register(ServiceCollector())
    if settings.METRICS_DIR:
        metrics()
        MultiProcessCollector(registry, settings.METRICS_DIR)
    else:
        registry.register(metrics().registry)
    return registry


class ServiceCollector(Collector):
    """Metrics computed on request: the version, and the workers that are up."""

    def collect(self) -> Iterator[Metric]:
        labels = {"version": VERSION, "python": platform.python_version(), "django": django.get_version()}
        info = GaugeMetricFamily("datasets_build_info", "The versions; the value is always 1.", labels=list(labels))
        info.add_metric(list(labels.values()), 1)
        yield info
        up = GaugeMetricFamily("datasets_worker_up", "Whether the worker has reported recently.", labels=["worker"])
        for number, is_up in self.workers():
            up.add_metric([str(number)], is_up)
        yield up

    def workers(self) -> Iterator[tuple[int, bool]]:
        """Yield each worker's number and whether it is up; a replacement keeps the number."""
        if settings.METRICS_DIR:
            yield from worker_states(Path(settings.METRICS_DIR))
        else:
            yield 0, True
