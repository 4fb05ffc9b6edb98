"""/metrics: sums over all workers, including dead ones; bounded labels; access."""

import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from datasets_api.observability import metrics, metrics_page
from datasets_api.observability.metrics import METHODS, Metrics, RequestStats, record_request
from datasets_api.observability.metrics_dir import PREFIX, metrics_dir
from datasets_api.observability.worker_numbers import take_number, worker_states
from tests.api import Api, envelope
from tests.people import People, key
from tests.rows import dataset, item
from tests.service.raw_connection import RawConnection
from tests.service.scrape import samples_of, scrape, value
from tests.service_process import ServiceProcess
from tests.waiting import wait_for

REQUESTS = "datasets_http_requests_total"
STATEMENTS = "datasets_database_statements_total"
DURATIONS = "datasets_http_request_duration_seconds"
WAIT_SECONDS = 30


# --- Several processes ----------------------------------------------------------------------------------------------


@pytest.fixture
def running(live_database: None) -> Iterator[ServiceProcess]:
    process = ServiceProcess(workers=2)
    yield process
    process.stop()


def livez(running: ServiceProcess, times: int) -> None:
    """Send requests on new connections, which the kernel distributes among the workers."""
    for _ in range(times):
        assert httpx.get(f"{running.base}/_livez").status_code == 200


def test_every_worker_shows_the_sum_over_all_workers(running: ServiceProcess) -> None:
    livez(running, 40)

    scraped = [scrape(running.base) for _ in range(10)]

    assert {value(each, REQUESTS, route="livez", method="GET", status="200") for each in scraped} == {40}
    assert {value(each, f"{DURATIONS}_count", route="livez") for each in scraped} == {40}
    assert {value(each, f"{DURATIONS}_bucket", route="livez", le="+Inf") for each in scraped} == {40}
    assert value(scraped[-1], "datasets_worker_up") == 2
    assert value(scraped[-1], "datasets_worker_starts_total") == 2


def test_the_counts_of_a_killed_worker_are_kept(running: ServiceProcess) -> None:
    livez(running, 20)
    for worker in psutil.Process(running.process.pid).children():
        os.kill(worker.pid, signal.SIGKILL)
    wait_for(lambda: is_answered_by_two_new(running), 60)

    before = value(scrape(running.base), REQUESTS, route="livez")
    livez(running, 20)
    after = scrape(running.base)

    assert before == 20
    assert value(after, REQUESTS, route="livez") == 40
    assert after["datasets_worker_up"] == {
        frozenset({("worker", "0")}): 1,
        frozenset({("worker", "1")}): 1,
    }


def test_the_gauges_of_a_dead_worker_are_removed(running: ServiceProcess) -> None:
    wire = RawConnection(running.port)
    wire.send(b"POST /_livez HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n" + b"x" * 50000)
    wait_for(lambda: value(scrape(running.base), "datasets_request_body_bytes") == 50000, 60)

    for worker in psutil.Process(running.process.pid).children():
        os.kill(worker.pid, signal.SIGKILL)
    wait_for(lambda: is_answered_by_two_new(running), 60)

    assert value(scrape(running.base), "datasets_request_body_bytes") == 0
    wire.close()


def is_answered_by_two_new(running: ServiceProcess) -> bool:
    try:
        return value(scrape(running.base), "datasets_worker_starts_total") == 4
    except httpx.HTTPError:
        return False


def test_requests_that_the_server_rejects_are_counted(running: ServiceProcess) -> None:
    wire = RawConnection(running.port)
    wire.send(b"POST /_livez HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc")
    wire.close()

    wait_for(
        lambda: value(scrape(running.base), "datasets_front_refusals_total", reason="body_cut_short"), WAIT_SECONDS
    )


def test_gauges_are_sampled(running: ServiceProcess) -> None:
    wire = RawConnection(running.port)
    wire.send(b"POST /_livez HTTP/1.1\r\nHost: x\r\nContent-Length: 65000\r\n\r\n" + b"x" * 60000)

    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        found = scrape(running.base)
        if value(found, "datasets_request_body_bytes") == 60000 and value(found, "datasets_database_connections"):
            break
        assert time.monotonic() < deadline
        time.sleep(0.1)

    assert value(found, "datasets_requests_queued") == 0
    wire.close()


# --- Counters -------------------------------------------------------------------------------------------------------


@pytest.fixture
def fresh_metrics(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Metrics of this process only."""
    fresh = Metrics("")
    for module in (metrics, metrics_page):
        monkeypatch.setattr(module, "metrics", lambda: fresh)
    metrics.route_metrics.cache_clear()
    yield
    metrics.route_metrics.cache_clear()


def read_here() -> Any:
    return samples_of(Api().get("/metrics").content.decode())


@pytest.mark.django_db
def test_statements_and_rows_are_counted_by_route(fresh_metrics: None) -> None:
    people = People()
    made = item(dataset(people.project, author=people.owner.id), author=people.owner.id)
    api = Api(key(people.owner))
    with CaptureQueriesContext(connection) as of_item:
        assert api.get(f"/api/projects/{people.project.id}/dataset_items/{made.id}/").status_code == 200
        expected = [len(of_item.captured_queries)]
    with CaptureQueriesContext(connection) as of_list:
        assert api.get(f"/api/environments/{people.project.id}/datasets/").status_code == 200
        expected.append(len(of_list.captured_queries))

    found = read_here()

    counted = [value(found, STATEMENTS, route=route) for route in ("dataset-item-detail", "dataset-list")]
    assert counted == expected == [1, 2]
    assert value(found, "datasets_database_rows_total", route="dataset-item-detail") == 1
    assert value(found, "datasets_database_seconds_total", route="dataset-item-detail") > 0


@pytest.mark.django_db
def test_reading_metrics_runs_no_statement(fresh_metrics: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert Api().get("/metrics").status_code == 200

    assert len(queries) == 0


@pytest.mark.django_db
def test_labels_are_bounded_for_any_request(fresh_metrics: None) -> None:
    people = People()
    api = Api(key(people.owner))
    odd = "secretly"
    for path in (f"/api/projects/{odd}/datasets/{odd}/", f"/{odd}", f"/api/{odd}/?personal_api_key={odd}", "/api"):
        for method in ("GET", "OPTIONS", odd.upper()):
            api.ask(method, path, {odd: odd}, headers={"x-request-id": odd, "user-agent": odd})

    text = Api().get("/metrics").content.decode()
    found = samples_of(text)
    labels = {name: {dict(each)[name] for each in found[REQUESTS]} for name in ("route", "method", "status")}

    assert odd not in text.lower()
    assert labels["route"] <= {*filter(None, names_of_routes()), "none"}
    assert labels["method"] <= METHODS | {"OTHER"}
    assert labels["status"] <= {"200", "400", "401", "403", "404", "405"}


def names_of_routes(resolver: Any = None) -> Iterator[str]:
    for each in (resolver or get_resolver()).url_patterns:
        if hasattr(each, "url_patterns"):
            yield from names_of_routes(each)
        else:
            assert each.name, f"{each} needs a name, which the metrics show"
            yield each.name


def test_durations_are_counted_in_the_right_bucket(fresh_metrics: None) -> None:
    for seconds in (0.0005, 0.001, 0.002, 11.0):
        record_request("r", "GET", 200, RequestStats(seconds, 0.0, 0, 0))

    text = Api().get("/metrics").content.decode()

    found = samples_of(text)
    assert value(found, f"{DURATIONS}_bucket", route="r", le="0.001") == 2
    assert value(found, f"{DURATIONS}_bucket", route="r", le="0.0025") == 3
    assert value(found, f"{DURATIONS}_bucket", route="r", le="10.0") == 3
    assert value(found, f"{DURATIONS}_bucket", route="r", le="+Inf") == 4
    assert value(found, f"{DURATIONS}_sum", route="r") == pytest.approx(11.0035)


# --- Access ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "[::1]"])
def test_a_program_on_this_machine_may_read_them(address: str) -> None:
    assert Api(REMOTE_ADDR=address).get("/metrics").status_code == 200


@pytest.mark.parametrize("environ", [{"REMOTE_ADDR": "10.0.0.1"}, {"REMOTE_ADDR": ""}, {"HTTP_X_FORWARDED_FOR": "::1"}])
def test_other_clients_may_not_read_them(environ: dict[str, str]) -> None:
    answer = Api(**environ).get("/metrics")

    assert (answer.status_code, envelope(answer)["code"]) == (403, "permission_denied")
    assert b"datasets_" not in answer.content


def test_a_client_with_the_token_may_read_them(settings: Any) -> None:
    settings.METRICS_TOKEN = "right"  # noqa: S105

    with_it = Api("right", REMOTE_ADDR="10.0.0.1").get("/metrics")
    with_another, without, not_ascii = (
        Api(each).get("/metrics") for each in ("wrong", None, "\u00e9\u00e9".encode().decode("latin-1"))
    )

    assert with_it.status_code == 200
    for each in (with_another, without, not_ascii):
        assert (each.status_code, each.headers["WWW-Authenticate"]) == (401, "Bearer")


# --- The files ------------------------------------------------------------------------------------------------------


def test_the_number_of_a_dead_worker_is_reused(tmp_path: Path) -> None:
    first, second = take_number(tmp_path), take_number(tmp_path)
    first.file.close()

    before = list(worker_states(tmp_path))
    third = take_number(tmp_path)

    assert (first.value, second.value, third.value) == (0, 1, 0)
    assert before == [(0, False), (1, True)]
    assert list(worker_states(tmp_path)) == [(0, True), (1, True)]
    second.file.close()
    third.file.close()


def test_a_worker_that_hangs_is_not_up(tmp_path: Path) -> None:
    number = take_number(tmp_path)
    os.utime(number.file.fileno(), (0, 0))

    assert list(worker_states(tmp_path)) == [(0, False)]
    number.touch()
    assert list(worker_states(tmp_path)) == [(0, True)]
    number.file.close()


def test_the_folder_is_removed_by_its_service_or_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    abandoned = tmp_path / f"{PREFIX}x"
    abandoned.mkdir()
    (abandoned / "owner.lock").touch()

    with metrics_dir():
        (made,) = tmp_path.iterdir()
        assert settings.METRICS_DIR == os.environ["PROMETHEUS_MULTIPROC_DIR"] == str(made)
        settings.METRICS_DIR = ""
        with metrics_dir():
            assert len(list(tmp_path.iterdir())) == 2

    assert list(tmp_path.iterdir()) == []


def test_counting_is_thread_safe(fresh_metrics: None) -> None:
    def count() -> None:
        for _ in range(5000):
            record_request("r", "GET", 200, RequestStats(0.0, 1.0, 1, 1))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert value(read_here(), STATEMENTS, route="r") == 20_000
