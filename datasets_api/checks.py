"""Deployment checks (`manage.py check --deploy`) for settings that are only safe on a private network."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning  # noqa: A004  Django's name

ANY_HOST = Warning(
    "ALLOWED_HOSTS is *: links in responses use whatever host name the request has.",
    hint="Set it to the names that clients use.",
    id="datasets_api.W001",
)
NO_RATE_LIMITS = Warning(
    "RATE_LIMIT_ENABLED is false: clients may guess keys and send requests without a limit.",
    hint="Set it to true.",
    id="datasets_api.W002",
)
NO_PROXY = Warning(
    "PROXY_COUNT is 0: clients speak plain HTTP to this service, keys included.",
    hint="Put a TLS proxy in front, and set PROXY_COUNT.",
    id="datasets_api.W003",
)


def check_for_open_network(**_: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if "*" in settings.ALLOWED_HOSTS:
        found.append(ANY_HOST)
    if not settings.RATE_LIMIT_ENABLED:
        found.append(NO_RATE_LIMITS)
    if not settings.PROXY_COUNT:
        found.append(NO_PROXY)
    return found
