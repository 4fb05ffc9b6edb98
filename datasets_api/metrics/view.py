"""Who may read the metrics: whoever has METRICS_TOKEN, or, where none is set, a program on this machine."""

import ipaddress
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied

from datasets_api.metrics.exposition import exposition
from rest.errors import envelope_response

# A proxy on this machine would otherwise make everyone a local program.
PROXY_HEADERS = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED_PROTO", "HTTP_VIA")


def metrics(request: HttpRequest) -> HttpResponse:
    if settings.METRICS_TOKEN:
        if not has_token(request):
            return envelope_response(Unauthorised("The metrics need their own token."))
    elif not is_local(request):
        return envelope_response(PermissionDenied("The metrics are for this machine alone; METRICS_TOKEN opens them."))
    text, content_type = exposition(request.headers.get("Accept", ""))
    return HttpResponse(text, content_type=content_type, headers={"Cache-Control": "no-store"})


class Unauthorised(AuthenticationFailed):
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
