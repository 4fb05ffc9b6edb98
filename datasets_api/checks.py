"""What `manage.py check --deploy` says of settings that are right on one's own machine, doubtful on an open network."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning  # noqa: A004  Django's name

ANY_HOST = Warning(
    "ALLOWED_HOSTS is *: the links in an answer are made of whatever host name its request has.",
    hint="Set it to the names that clients use.",
    id="datasets_api.W001",
)
NO_RATE_LIMITS = Warning(
    "RATE_LIMIT_ENABLED is false: keys may be tried, and the service kept busy, without a limit.",
    hint="Set it to true.",
    id="datasets_api.W002",
)
NO_PROXY = Warning(
    "PROXY_COUNT is 0: clients speak plain HTTP to this service, keys included.",
    hint="Put a proxy in front that adds TLS, and set PROXY_COUNT.",
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
