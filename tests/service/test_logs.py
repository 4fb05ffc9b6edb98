"""Log lines, as text or JSON: each has its request's id, and none contains keys or content."""

import json
import logging
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.db import DataError, connection
from django.http import HttpRequest, StreamingHttpResponse
from psycopg import sql

from database import query_stats
from database.query import fetch_one
from datasets_api.observability.logs import JSONFormatter, RequestFilter, TextFormatter
from datasets_api.observability.middleware import RequestMetricsMiddleware
from rest.request_ids import current_request_id
from tests.people import People, key_row
from tests.rows import dataset
from tests.service_process import ServiceProcess

# --- A running service ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def talkative(django_db_setup: None, django_db_blocker: Any) -> Iterator[ServiceProcess]:
    with django_db_blocker.unblock():
        running = ServiceProcess(LOG_REQUESTS="true", LOG_FORMAT="json", SLOW_QUERY_SECONDS="0.000001")
    yield running
    running.stop()


def lines_of(running: ServiceProcess, request_id: str) -> list[dict[str, Any]]:
    """Return the log lines of this request; the welcome message is not JSON."""
    deadline = time.monotonic() + 10
    while True:
        lines = [line for line in running.output().splitlines() if line.startswith("{")]
        found = [line for line in map(json.loads, lines) if line.get("request_id") == request_id]
        if any(line["logger"] == "datasets_api.requests" for line in found):
            return found
        assert time.monotonic() < deadline, "it was not logged"
        time.sleep(0.05)


def test_a_request_has_one_line_with_user_route_and_duration(talkative: ServiceProcess, live_database: None) -> None:
    people, request_id = People(), uuid4().hex
    made, (row, value) = dataset(people.project), key_row(people.owner)
    headers = {"Authorization": f"Bearer {value}", "X-Request-Id": request_id}

    answer = httpx.get(f"{talkative.base}/api/projects/{people.project.id}/datasets/{made.id}/", headers=headers)
    lines = lines_of(talkative, request_id)

    assert answer.status_code == 200
    [line] = [each for each in lines if each["logger"] == "datasets_api.requests"]
    assert {name: each for name, each in line.items() if name not in {"time", "duration", "database_duration"}} == {
        "level": "INFO",
        "logger": "datasets_api.requests",
        "message": "Request",
        "request_id": request_id,
        "method": "GET",
        "route": "dataset-detail",
        "status": 200,
        "statements": 2,
        "project_id": people.project.id,
        "user_id": people.owner.id,
        "key_id": row.id,
    }
    assert 0 < line["database_duration"] < line["duration"] < 60
    assert line["time"].endswith("+00:00")


def test_a_slow_statement_is_logged_without_values(talkative: ServiceProcess, live_database: None) -> None:
    people, request_id = People(), uuid4().hex
    _, value = key_row(people.owner)
    headers = {"Authorization": f"Bearer {value}", "X-Request-Id": request_id}

    httpx.get(f"{talkative.base}/api/projects/{people.project.id}/datasets/?search=needle", headers=headers)
    slow = [line for line in lines_of(talkative, request_id) if line["logger"] == "database.slow"]

    assert [line["message"] for line in slow] == ["Slow statement"] * 3
    assert "FROM api_auth_personalapikey k" in slow[0]["statement"]
    assert "LIKE" in slow[2]["statement"]
    assert "needle" not in json.dumps(slow)
    assert all(line["duration"] > 0 for line in slow)


# --- Lines ----------------------------------------------------------------------------------------------------------


def record_of(error: BaseException | None = None, **fields: Any) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.getLogger("some.where").makeRecord(
        "some.where", logging.ERROR, "file.py", 1, "It is %s", ("so",), info, extra=fields
    )
    RequestFilter().filter(record)
    return record


def raised(error: Exception, cause: Exception | None = None) -> Exception:
    try:
        raise error from cause  # noqa: TRY301
    except Exception as caught:
        return caught


def test_an_error_is_one_json_object_with_its_traceback() -> None:
    token = current_request_id.set("r-1")
    text = JSONFormatter().format(record_of(raised(AttributeError("no such name"), raised(ValueError("a secret")))))
    current_request_id.reset(token)

    line = json.loads(text)
    assert "\n" not in text
    assert (line["level"], line["logger"], line["message"], line["request_id"]) == (
        "ERROR",
        "some.where",
        "It is so",
        "r-1",
    )
    first, second = line["traceback"].split("Traceback (most recent call last):\n")[1:]
    assert first.splitlines()[-1] == "ValueError"
    assert "in raised" in second
    assert second.splitlines()[-1] == "AttributeError: no such name"


def test_a_text_line_has_the_same_fields() -> None:
    token = current_request_id.set("r-2")
    text = TextFormatter().format(record_of(raised(ValueError("a secret")), status=500))
    current_request_id.reset(token)

    head, *rest = text.splitlines()
    assert head.endswith("ERROR some.where It is so status=500 request_id=r-2")
    assert rest[0] == "Traceback (most recent call last):"
    assert rest[-1] == "ValueError"
    assert "a secret" not in text.replace('raised(ValueError("a secret"))', "")


@pytest.mark.django_db
def test_values_in_postgresqls_messages_are_not_logged() -> None:
    value = "nedd" + "ih"  # composed, so that the traceback's source line does not contain it
    with pytest.raises(DataError) as caught:
        fetch_one("SELECT %s::text::json", [value[::-1]])

    assert "hidden" in str(caught.value)
    for formatter in (TextFormatter(), JSONFormatter()):
        text = formatter.format(record_of(caught.value))
        assert "hidden" not in text
        assert "SQLSTATE 22P02" in text


# --- Statements and streams -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_fast_statements_are_not_logged(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch_one("SELECT 1", [])
    monkeypatch.setattr(query_stats, "SLOW_SECONDS", 0.0)
    fetch_one("SELECT\n  2", [])
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s", [3])
        cursor.execute(sql.SQL("SELECT {}").format(sql.Literal("hidden")))

    line = [record.__dict__["statement"] for record in caplog.records]
    assert line == ["SELECT 2", "SELECT %s", "a composed statement"]


def observed(response: StreamingHttpResponse, caplog: pytest.LogCaptureFixture) -> logging.LogRecord:
    """Return the log line of a request with this response."""
    middleware = RequestMetricsMiddleware(lambda _: response)
    middleware.logs_all = True
    request = HttpRequest()
    request.method = "GET"
    with caplog.at_level(logging.INFO):
        answer = middleware(request)
        assert not caplog.records, "it is logged when it is closed"
        b"".join(answer)  # type: ignore[arg-type]
        answer.close()
    [record] = caplog.records
    return record


@pytest.mark.django_db
def test_a_streams_statements_count_for_its_request(caplog: pytest.LogCaptureFixture) -> None:
    def chunks() -> Iterator[bytes]:
        for number in range(3):
            fetch_one("SELECT %s", [number])
            yield b"chunk"

    record = observed(StreamingHttpResponse(chunks()), caplog)

    assert (record.__dict__["statements"], record.__dict__["route"], record.__dict__["status"]) == (3, "none", 200)
    assert record.levelname == "INFO"


def test_a_slow_request_is_always_logged(caplog: pytest.LogCaptureFixture) -> None:
    middleware = RequestMetricsMiddleware(lambda _: StreamingHttpResponse([b""]))
    middleware.slow_seconds = 0.0
    request = HttpRequest()
    request.method = "GET"

    middleware(request).close()

    assert [(record.levelname, record.message) for record in caplog.records] == [("WARNING", "Slow request")]
