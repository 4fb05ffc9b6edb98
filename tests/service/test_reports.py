"""Reports to Sentry and to an OpenTelemetry collector, received by a server of the test."""

import gzip
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.db import connection
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.people import People, key
from tests.service.up_process import manage
from tests.service_process import ServiceProcess

WAIT_SECONDS = 20
CONTENT = "the-content-of-an-item"


class Collector(ThreadingHTTPServer):
    """Collects all posted bodies."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.received: list[tuple[str, bytes]] = []
        self.thread = threading.Thread(target=self.serve_forever)
        self.thread.start()

    def wait_for(self, mark: bytes) -> bytes:
        """Return all bodies, once one contains the mark."""
        deadline = time.monotonic() + WAIT_SECONDS
        while not any(mark in body for _, body in self.received):
            assert time.monotonic() < deadline, self.received
            time.sleep(0.05)
        return b"\n".join(body for _, body in self.received)


class Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.server.received.append((self.path, body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    made.shutdown()
    made.thread.join()
    made.server_close()


@pytest.fixture
def broken_table(transactional_db: None) -> Iterator[None]:
    """Rename a column, so that a request for datasets fails with an unexpected error."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE dataset RENAME COLUMN description TO gone")
        yield
        cursor.execute("ALTER TABLE dataset RENAME COLUMN gone TO description")


def fail(service: ServiceProcess, people: People, value: str, request_id: str) -> int:
    path = f"{service.base}/api/projects/{people.project.id}/datasets/?search={CONTENT}&personal_api_key={value}"
    headers = {"Authorization": f"Bearer {value}", "X-Request-Id": request_id}
    return httpx.request("POST", path, headers=headers, json={"name": CONTENT, "personal_api_key": value}).status_code


def test_sentry_gets_errors_without_contents(collector: Collector, broken_table: None) -> None:
    people, request_id = People(), uuid4().hex
    value = key(people.owner)
    service = ServiceProcess(SENTRY_DSN=f"http://public@127.0.0.1:{collector.server_port}/1", workers=1)
    try:
        status = fail(service, people, value, request_id)
        received = collector.wait_for(request_id.encode())
    finally:
        service.stop()

    [event] = [json.loads(line) for line in received.splitlines() if b'"exception"' in line]
    assert status == 500
    assert {path for path, _ in collector.received} == {"/api/1/envelope/"}
    assert (event["level"], event["tags"]["request_id"]) == ("error", request_id)
    assert event["logentry"] == {"message": "Unhandled error"}
    assert [each["value"] for each in event["exception"]["values"]] == [
        "psycopg.errors.UndefinedColumn: SQLSTATE 42703",
        "django.db.utils.ProgrammingError",
    ]
    functions = [frame["function"] for frame in event["exception"]["values"][-1]["stacktrace"]["frames"]]
    assert "create_dataset" in functions
    for hidden in (value, CONTENT, "personal_api_key"):
        assert hidden.encode() not in received


@pytest.mark.django_db(transaction=True)
def test_a_collector_gets_a_span_for_each_request(collector: Collector) -> None:
    people, request_id, trace_id = People(), uuid4().hex, uuid4().hex
    value = key(people.owner)
    endpoint = f"http://127.0.0.1:{collector.server_port}"
    service = ServiceProcess(OTEL_EXPORTER_OTLP_ENDPOINT=endpoint, workers=1)
    try:
        answer = httpx.get(
            f"{service.base}/api/projects/{people.project.id}/datasets/",
            params={"search": CONTENT, "personal_api_key": value},
            headers={"X-Request-Id": request_id, "traceparent": f"00-{trace_id}-{'1' * 16}-01"},
        )
    finally:
        # The worker sends its spans before it ends.
        service.stop()
    received = collector.wait_for(request_id.encode())

    spans = [
        span
        for path, body in collector.received
        for of_resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for of_scope in of_resource.scope_spans
        for span in of_scope.spans
    ]
    [span] = [each for each in spans if each.trace_id.hex() == trace_id]
    attributes = {each.key: each.value for each in span.attributes}
    assert answer.status_code == 200
    assert {path for path, _ in collector.received} == {"/v1/traces"}
    assert (span.name, span.parent_span_id.hex()) == ("GET dataset-list", "1" * 16)
    assert attributes["http.route"].string_value == "dataset-list"
    assert attributes["http.response.status_code"].int_value == 200
    # Access, the time limit, and the search.
    assert attributes["db.statements"].int_value == 3
    assert attributes["request.id"].string_value == request_id
    for hidden in (value, CONTENT, "personal_api_key"):
        assert hidden.encode() not in received


def test_the_libraries_are_not_loaded_by_default() -> None:
    code = "import sys; print(sorted(name for name in sys.modules if name.startswith(('sentry_sdk', 'opentelemetry'))))"

    done = manage("shell", "-v", "0", "-c", code, DATABASE_URL="postgresql:///unused", SECRET_KEY="abcdefg" * 10)

    assert done.stdout.strip() == "[]", done.stderr
