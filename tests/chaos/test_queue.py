"""With more requests than threads and queue places, the rest is rejected at once, and monitors get responses."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg
import pytest

from tests.chaos.lock_waits import count_lock_waits
from tests.people import People, key
from tests.rows import dataset
from tests.service.scrape import scrape, value
from tests.service_process import ServiceProcess
from tests.service_process import test_database_url as database_url
from tests.waiting import wait_for

THREADS = 4
PLACES = 2
CLIENTS = 12


@pytest.fixture
def narrow(live_database: None) -> Iterator[ServiceProcess]:
    # However slow the machine is, nobody's patience ends.
    bounds = {"SERVER_QUEUE_SIZE": str(PLACES), "SERVER_PROJECT_SHARE": "1"}
    running = ServiceProcess(workers=1, STATEMENT_TIMEOUT_SECONDS="0", **bounds)
    yield running
    running.stop()


def test_requests_beyond_the_queue_are_rejected_at_once(narrow: ServiceProcess) -> None:
    people = People()
    kept = dataset(people.project)
    url = f"{narrow.base}/api/projects/{people.project.id}/dataset_items/"
    headers = {"Authorization": f"Bearer {key(people.owner)}", "X-Request-Id": "of-the-client"}
    headers["Origin"] = "https://front-end.example"

    def create(_: int) -> tuple[httpx.Response, float]:
        start = time.monotonic()
        answer = httpx.post(url, json={"dataset": str(kept.id)}, headers=headers, timeout=60)
        return answer, time.monotonic() - start

    with (
        ThreadPoolExecutor(CLIENTS) as clients,
        psycopg.connect(database_url()) as blocker,
    ):
        blocker.execute("LOCK TABLE dataset_head")
        asked = []
        # One by one, because a request that no thread has started yet takes a place in the queue too.
        while len(asked) < THREADS:
            asked.append(clients.submit(create, len(asked)))
            wait_for(lambda: count_lock_waits() == len(asked))
        asked += [clients.submit(create, number) for number in range(THREADS, CLIENTS)]
        wait_for(lambda: sum(each.done() for each in asked) == CLIENTS - THREADS - PLACES)
        monitors = [httpx.get(f"{narrow.base}/{path}").status_code for path in ("_livez", "_readyz")]
        refused = [each.result() for each in asked if each.done()]
        blocker.rollback()
        done = [each.result()[0].status_code for each in asked]

    assert monitors == [200, 200]
    assert sorted(done) == [201] * (THREADS + PLACES) + [503] * (CLIENTS - THREADS - PLACES)
    for answer, seconds in refused:
        assert answer.json()["code"] == "service_unavailable"
        assert (answer.headers["Retry-After"], answer.headers["X-Request-Id"]) == ("1", "of-the-client")
        # CORS headers let a page read the error and Retry-After.
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]
        assert seconds < 5
    counted = value(scrape(narrow.base), "datasets_front_refusals_total", reason="queue_full")
    assert counted == CLIENTS - THREADS - PLACES
