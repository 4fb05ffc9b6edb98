"""A project whose requests hang only blocks its share of a worker's threads; other projects are unaffected."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait

import httpx
import psycopg
import pytest

from auth.models import Project
from tests.chaos.lock_waits import count_lock_waits
from tests.people import People, key
from tests.rows import dataset
from tests.service.scrape import scrape, value
from tests.service_process import ServiceProcess
from tests.service_process import test_database_url as database_url
from tests.waiting import wait_for

# One project's share of a worker's four threads.
SHARE = 2
# One project's share of four places in the queue.
PLACES = 2
CLIENTS = 9


class Caller:
    """Creates items in a dataset; the path contains the project's id or @current."""

    def __init__(self, service: ServiceProcess, project: Project, token: str, segment: str = "") -> None:
        self.url = f"{service.base}/api/projects/{segment or project.id}/dataset_items/"
        self.headers = {"Authorization": f"Bearer {token}"}
        self.dataset = dataset(project)

    def create(self) -> httpx.Response:
        return httpx.post(self.url, json={"dataset": str(self.dataset.id)}, headers=self.headers, timeout=60)

    def list_items(self) -> httpx.Response:
        return httpx.get(self.url, headers=self.headers, timeout=60)


@pytest.fixture
def narrow(live_database: None) -> Iterator[ServiceProcess]:
    running = ServiceProcess(workers=1, SERVER_QUEUE_SIZE="4", STATEMENT_TIMEOUT_SECONDS="0")
    yield running
    running.stop()


@pytest.fixture
def people(narrow: ServiceProcess) -> People:
    return People()


def locked(hanging: Caller) -> psycopg.Connection[tuple[object, ...]]:
    """Lock the caller's dataset, so that writes wait until this connection is closed."""
    blocker = psycopg.connect(database_url())
    blocker.execute("SELECT FROM dataset_head WHERE team_id = %s FOR UPDATE", [hanging.dataset.team_id])
    return blocker


def start_requests(clients: ThreadPoolExecutor, caller: Caller) -> list[Future[httpx.Response]]:
    """Start more requests than there are threads and places, and return once the excess ones were rejected."""
    asked = [clients.submit(caller.create) for _ in range(CLIENTS)]
    wait_for(lambda: sum(each.done() for each in asked) == CLIENTS - SHARE - PLACES)
    return asked


@pytest.mark.parametrize("segment", ["", "@current"])
def test_other_projects_work_while_one_project_hangs(narrow: ServiceProcess, people: People, segment: str) -> None:
    hanging = Caller(narrow, people.project, key(people.owner), segment)
    other = Caller(narrow, people.foreign_project, key(people.stranger))

    with ThreadPoolExecutor(CLIENTS) as clients:
        with locked(hanging):
            asked = start_requests(clients, hanging)
            refused = [each.result() for each in asked if each.done()]
            held = count_lock_waits()
            served = [each().status_code for _ in range(5) for each in (other.create, other.list_items)]
        wait(asked)

    assert held == SHARE
    assert served == [201, 200] * 5
    assert sorted(each.result().status_code for each in asked) == [201] * (SHARE + PLACES) + [503] * len(refused)
    for answer in refused:
        assert answer.json() == {
            "type": "server_error",
            "code": "project_busy",
            "detail": "Too many requests of this project are in progress. Please wait for some of them to end.",
            "attr": None,
        }
        assert answer.headers["Retry-After"] == "1"
    counted = value(scrape(narrow.base), "datasets_front_refusals_total", reason="project_busy")
    assert counted == len(refused)


def test_both_names_of_a_project_share_its_threads(narrow: ServiceProcess, people: People) -> None:
    by_number = Caller(narrow, people.project, key(people.owner))
    by_name = Caller(narrow, people.project, key(people.owner), "@current")
    by_name.dataset = by_number.dataset

    with ThreadPoolExecutor(CLIENTS) as clients:
        with locked(by_number):
            asked = start_requests(clients, by_number)
            answers = [by_name.create() for _ in range(3)]
            held = count_lock_waits()
        wait(asked)

    assert [each.json()["code"] for each in answers] == ["project_busy"] * 3
    assert held == SHARE


def test_requests_that_wait_too_long_are_rejected(narrow: ServiceProcess, people: People) -> None:
    hanging = Caller(narrow, people.project, key(people.owner))

    with ThreadPoolExecutor(CLIENTS) as clients:
        with locked(hanging):
            asked = start_requests(clients, hanging)
            begin = time.monotonic()
            wait_for(lambda: sum(each.done() for each in asked) == CLIENTS - SHARE)
            seconds = time.monotonic() - begin
        wait(asked)

    assert seconds > 5
    assert [each.result().status_code for each in asked].count(201) == SHARE


def test_clients_that_disconnect_free_no_threads(narrow: ServiceProcess, people: People) -> None:
    """The requests of disconnected clients still hang in the database."""
    hanging = Caller(narrow, people.project, key(people.owner))
    other = Caller(narrow, people.foreign_project, key(people.stranger))

    def create_impatiently(_: int) -> None:
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(hanging.url, json={"dataset": str(hanging.dataset.id)}, headers=hanging.headers, timeout=1)

    with ThreadPoolExecutor(CLIENTS) as clients, locked(hanging):
        # The first ones block threads, the next ones wait for one.
        for number in (SHARE, PLACES):
            list(clients.map(create_impatiently, range(number)))
        assert count_lock_waits() == SHARE
        assert other.create().status_code == 201
