"""Rate limits apply across processes: two services on one database share their counts."""

import http.client
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from auth.models import RateLimit
from auth.rate_limits import COUNT, seconds_to_wait
from rest.rates import Rate
from tests.people import People, key
from tests.service_process import ServiceProcess

LIMIT = 3


@pytest.fixture(scope="module")
def other_throttled_service(django_db_setup: None, django_db_blocker: Any) -> Iterator[ServiceProcess]:
    with django_db_blocker.unblock():
        running = ServiceProcess(workers=1, RATE_LIMIT_ENABLED="true", RATE_LIMIT_BURST=f"{LIMIT}/minute")
    yield running
    running.stop()


def ask(service: ServiceProcess, path: str, value: str) -> tuple[int, int]:
    """Return the status and the seconds to wait."""
    client = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
    client.request("GET", path, headers={"Authorization": f"Bearer {value}"})
    answer = client.getresponse()
    client.close()
    return answer.status, int(answer.getheader("Retry-After") or 0)


def test_two_services_on_one_database_share_one_count(
    throttled_service: ServiceProcess, other_throttled_service: ServiceProcess, live_database: None
) -> None:
    people = People()
    path = f"/api/projects/{people.project.id}/datasets/"
    services = [each for each, _ in zip(cycle((throttled_service, other_throttled_service)), range(20), strict=False)]

    for value, passed in ((key(people.colleague), 200), ("wrong", 401)):
        with ThreadPoolExecutor(8) as clients:
            answers = list(clients.map(ask, services, [path] * 20, [value] * 20))

        assert sorted(status for status, _ in answers) == [passed] * LIMIT + [429] * (20 - LIMIT)
        assert all(50 < wait <= 60 for status, wait in answers if status == 429)
        assert all(wait == 0 for status, wait in answers if status != 429)


def test_a_count_is_one_statement_that_reads_and_writes(db: None, settings: LazySettings) -> None:
    """No two requests read the same count; outside a transaction, no request waits for another one's."""
    settings.RATE_LIMIT_ENABLED = True

    with CaptureQueriesContext(connection) as captured:
        seconds_to_wait("key:x")

    assert [query["sql"] for query in captured.captured_queries] == [COUNT]
    assert "ON CONFLICT (ident) DO UPDATE" in COUNT
    assert "RETURNING" in COUNT


@pytest.mark.parametrize(("later", "wait", "counted"), [(59.999, 1, 2), (60.0, 0, 1), (60.001, 0, 1)])
def test_a_window_ends_after_its_period(
    later: float, wait: int, counted: int, db: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RATE_LIMIT_ENABLED, settings.RATE_LIMIT_BURST = True, Rate(1, 60)
    settings.RATE_LIMIT_SUSTAINED = Rate(100, 3600)
    start = 1_800_000_000.0
    monkeypatch.setattr("auth.rate_limits.time.time", lambda: start)
    assert seconds_to_wait("key:x") == 0

    monkeypatch.setattr("auth.rate_limits.time.time", lambda: start + later)

    assert seconds_to_wait("key:x") == wait
    assert RateLimit.objects.get().burst_count == counted


def test_a_wait_is_never_longer_than_the_period(
    db: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even if the process's clock is behind that of the process that opened the window."""
    settings.RATE_LIMIT_ENABLED, settings.RATE_LIMIT_BURST = True, Rate(1, 60)
    settings.RATE_LIMIT_SUSTAINED = Rate(1, 3600)
    start = 1_800_000_000.0
    monkeypatch.setattr("auth.rate_limits.time.time", lambda: start + 0.5)
    assert seconds_to_wait("key:x") == 0

    monkeypatch.setattr("auth.rate_limits.time.time", lambda: start)

    assert seconds_to_wait("key:x") == 3600


def test_requests_over_the_rate_do_not_extend_the_window(
    db: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RATE_LIMIT_ENABLED, settings.RATE_LIMIT_BURST = True, Rate(1, 60)
    settings.RATE_LIMIT_SUSTAINED = Rate(1000, 3600)
    start = 1_800_000_000.0

    waits = []
    for second in range(60):
        monkeypatch.setattr("auth.rate_limits.time.time", lambda second=second: start + second)
        waits.append(seconds_to_wait("key:x"))

    assert waits == [0, *range(59, 0, -1)]
