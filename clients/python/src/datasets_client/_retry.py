"""Send with retries on lost connections, 408, 429 and 502 to 504, up to a maximum wait."""

from __future__ import annotations

import logging
import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace

from datasets_client._commands import Attempt, Failure, OpenStream, Request, Response, Sleep, Steps
from datasets_client._errors import ConnectionFailed, error_from_response, parse_seconds

RETRIED = frozenset({408, 429, 502, 503, 504})
WRITES = frozenset({"POST", "PUT", "PATCH"})
FIRST_DELAY = 0.25
MAX_DELAY = 15.0
# Shorter waits are nobody's concern.
REPORTED_SECONDS = 2.0
LOGGER = logging.getLogger("datasets_client")


@dataclass(frozen=True)
class Retry:
    """The limit on retries: `max_wait` bounds the seconds spent between attempts of one request."""

    max_wait: float = 120.0


class Waits:
    """The delays of one request: exponential with jitter, or what Retry-After asks for."""

    def __init__(self, retry: Retry) -> None:
        self.max_wait = self.left = retry.max_wait
        self.is_reported = False
        self.delay = FIRST_DELAY

    def next_delay(self, headers: Mapping[str, str]) -> float | None:
        """Return the seconds to wait, or None once the maximum wait is used up."""
        asked = parse_seconds(headers.get("retry-after", ""))
        delay = self.delay * random.uniform(0.5, 1.0) if asked is None else asked + random.uniform(0, 0.1)  # noqa: S311
        self.delay = min(self.delay * 2, MAX_DELAY)
        if delay > self.left:
            return None
        self.left -= delay
        return delay

    def report(self, outcome: Response | Failure, delay: float) -> None:
        """Log once for each request with a long wait."""
        if not self.is_reported and self.max_wait - self.left > REPORTED_SECONDS:
            self.is_reported = True
            reason = outcome.reason if isinstance(outcome, Failure) else f"status {outcome.status}"
            LOGGER.warning("Waiting for the server (%s); trying again for up to %.0f s.", reason, self.left + delay)


def with_idempotency_key(request: Request) -> Request:
    """Return a write with a key, so that it can be sent again without being done again."""
    if request.method not in WRITES or "Idempotency-Key" in request.headers:
        return request
    return replace(request, headers={**request.headers, "Idempotency-Key": uuid.uuid4().hex})


def send(request: Request, retry: Retry) -> Steps[Response]:
    """Return the response to a request; raises APIError for a refusal, ConnectionFailed where none comes."""
    request = with_idempotency_key(request)
    waits = Waits(retry)
    while True:
        outcome: Response | Failure = yield Attempt(request)
        if isinstance(outcome, Response) and outcome.status not in RETRIED:
            return checked(outcome)
        yield from wait_or_raise(waits, outcome)


def open_stream(request: Request, waits: Waits) -> Steps[Response]:
    """Return the response whose body is then read by ReadStream."""
    while True:
        outcome: Response | Failure = yield OpenStream(request)
        if isinstance(outcome, Response) and outcome.status not in RETRIED:
            return checked(outcome)
        yield from wait_or_raise(waits, outcome)


def checked(response: Response) -> Response:
    if response.status >= 300:
        raise error_from_response(response.status, response.text, response.headers)
    return response


def wait_or_raise(waits: Waits, outcome: Response | Failure) -> Steps[None]:
    headers = outcome.headers if isinstance(outcome, Response) else {}
    delay = None if isinstance(outcome, Failure) and outcome.is_permanent else waits.next_delay(headers)
    if delay is not None:
        waits.report(outcome, delay)
        yield Sleep(delay)
        return
    if isinstance(outcome, Response):
        raise error_from_response(outcome.status, outcome.text, outcome.headers)
    raise ConnectionFailed(f"The server did not respond: {outcome.reason}")
