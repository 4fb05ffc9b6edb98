"""Sends errors to Sentry if SENTRY_DSN is set, with nothing that the log does not contain.

Of Sentry's integrations, only the one for logging is used: the others send addresses, headers, bodies, local variables
and statements with their values, and removing all of that reliably is impossible.
"""

from typing import Any

import sentry_sdk
from django.core.exceptions import ImproperlyConfigured
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.utils import BadDsn

from datasets_api.observability.logs import exception_chain, safe_message
from datasets_api.version import VERSION
from rest.request_ids import current_request_id

KEPT_FIELDS = ("event_id", "timestamp", "level", "logger", "platform", "release", "environment", "sdk")
KEPT_FRAME_FIELDS = ("filename", "function", "module", "lineno", "abs_path", "in_app")


def report_errors(dsn: str) -> None:
    try:
        sentry_sdk.init(
            dsn=dsn,
            release=VERSION,
            default_integrations=False,
            auto_enabling_integrations=False,
            integrations=[LoggingIntegration(level=None)],
            include_local_variables=False,
            include_source_context=False,
            send_default_pii=False,
            max_breadcrumbs=0,
            before_send=strip_contents,  # type: ignore[arg-type]  # returns a plain dict
        )
    except BadDsn as error:
        raise ImproperlyConfigured("SENTRY_DSN is invalid; expected https://KEY@HOST/PROJECT.") from error


def strip_contents(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """Return a new event with only the parts that are known to be harmless."""
    clean = {name: event[name] for name in KEPT_FIELDS if name in event}
    clean["tags"] = {"request_id": current_request_id.get()}
    # The message without its arguments.
    clean["logentry"] = {"message": event.get("logentry", {}).get("message", "")}
    if info := hint.get("exc_info"):
        exceptions = event.get("exception", {}).get("values", [])
        # Both lists begin with the root cause.
        clean["exception"] = {
            "values": [clean_exception(*each) for each in zip(exceptions, exception_chain(info[1]), strict=False)]
        }
    return clean


def clean_exception(exceptions: dict[str, Any], error: BaseException) -> dict[str, Any]:
    frames = (exceptions.get("stacktrace") or {}).get("frames", [])
    return {
        "type": type(error).__name__,
        "module": type(error).__module__,
        "value": safe_message(error),
        "stacktrace": {"frames": [{name: frame.get(name) for name in KEPT_FRAME_FIELDS} for frame in frames]},
    }
