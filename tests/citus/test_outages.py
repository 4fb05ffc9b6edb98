"""A worker that hangs or is down only affects its own projects, whose clients get a 503 with Retry-After."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from tests.citus.neighbors import Neighbor, Neighbors, long_unused_key
from tests.http_connection import HTTPResponse
from tests.scaling.citus import Cluster
from tests.service_process import ServiceProcess
from tests.waiting import wait_for

CLIENTS = 20
WRITES_KEYS = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'UPDATE%personalapikey%'"


@pytest.fixture(scope="module")
def running(django_db_setup: None) -> Iterator[ServiceProcess]:
    service = ServiceProcess(workers=1, STATEMENT_TIMEOUT_SECONDS="2")
    yield service
    service.stop()


@pytest.fixture
def neighbors(cluster: Cluster, running: ServiceProcess, live_database: None) -> Neighbors:
    found = Neighbors.on(cluster, running)
    # So that connections to both workers are open.
    assert [each.create().status for each in (found.first, found.second)] == [201, 201]
    return found


def served_by(neighbor: Neighbor) -> list[int]:
    return [each().status for _ in range(5) for each in (neighbor.create, neighbor.list_items)]


def assert_refused(answers: list[HTTPResponse]) -> None:
    assert {each.status for each in answers} == {503}
    assert all(int(each.headers["retry-after"]) >= 1 for each in answers)


def test_a_worker_that_hangs_holds_up_only_its_own_projects(cluster: Cluster, neighbors: Neighbors) -> None:
    hanging, healthy, _ = neighbors

    with ThreadPoolExecutor(CLIENTS) as clients, cluster.silent(hanging.worker):
        asked = [clients.submit(hanging.create) for _ in range(CLIENTS)]
        served = served_by(healthy)
        wait(asked)

    assert served == [201, 200] * 5
    assert_refused([each.result() for each in asked])
    wait_for(lambda: hanging.create().status == 201)


def test_keys_are_used_while_a_worker_hangs(cluster: Cluster, neighbors: Neighbors) -> None:
    """The time of the last use is written on every worker."""
    hanging, healthy, people = neighbors
    healthy.token = long_unused_key(people)

    with cluster.silent(hanging.worker):
        served = served_by(healthy)
        writing = cluster.ask(WRITES_KEYS)

    assert served == [201, 200] * 5
    assert writing in ([(0,)], [(1,)])


@pytest.mark.parametrize("outage", ["killed", "stopped"])
def test_a_worker_that_is_down_stops_only_its_own_projects(cluster: Cluster, neighbors: Neighbors, outage: str) -> None:
    down, healthy, _ = neighbors

    with getattr(cluster, outage)(down.worker):
        refused = [down.create(), down.list_items(), down.create()]
        served = served_by(healthy)

    assert_refused(refused)
    assert served == [201, 200] * 5
    wait_for(lambda: down.create().status == 201)
    assert down.count() == 2
