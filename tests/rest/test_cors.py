"""CORS preflights of pages from other origins."""

from typing import Any

import pytest

from tests.api import Api

PATH = "/api/projects/1/dataset_items/"
OURS = ["authorization", "content-type", "idempotency-key", "if-match", "if-none-match", "revision-message"]
TRACING = [
    "traceparent", "tracestate", "baggage", "sentry-trace", "x-datadog-trace-id", "elastic-apm-traceparent",
    "x-posthog-distinct-id", "x-posthog-session-id", "x-posthog-window-id",
]  # fmt: skip


def preflight(requested: str | None) -> Any:
    headers = {"Origin": "https://app.example.com", "Access-Control-Request-Method": "PATCH"}
    return Api().ask(
        "OPTIONS", PATH, headers=headers | ({"Access-Control-Request-Headers": requested} if requested else {})
    )


@pytest.mark.parametrize("separator", [",", ", "])
def test_all_requested_headers_are_allowed(separator: str) -> None:
    requested = separator.join(OURS + TRACING)

    answer = preflight(requested)

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Access-Control-Allow-Headers"] == requested
    assert "access-control-request-headers" in answer.headers["Vary"]


def test_credentials_are_not_allowed() -> None:
    answer = preflight("cookie")

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("requested", ["a b", "a,,b", ",a", "a:b", "a\u00e9", '"a"', None])
def test_malformed_header_names_are_not_sent_back(requested: str | None) -> None:
    answer = preflight(requested)

    assert answer.status_code == 200
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"]


def test_other_responses_name_no_headers() -> None:
    headers = {"Origin": "https://app.example.com", "Access-Control-Request-Headers": "a"}

    answer = Api().get(PATH, headers=headers)

    assert "Access-Control-Allow-Headers" not in answer.headers


def test_origins_that_are_not_allowed_get_no_headers(settings: Any) -> None:
    settings.CORS_ALLOW_ALL_ORIGINS = False
    settings.CORS_ALLOWED_ORIGINS = ["https://other.example.com"]

    assert "Access-Control-Allow-Headers" not in preflight("a").headers
