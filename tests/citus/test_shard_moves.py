"""Shards are moved while they are written: clients see at most a 503, and no write is lost."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.citus.neighbors import Neighbor, Neighbors
from tests.history_check import assert_history_holds
from tests.scaling.citus import NODES, WORKERS, Cluster
from tests.service_process import ServiceProcess

WRITERS = 4
MOVE = """
SELECT citus_move_shard_placement(get_shard_id_for_distribution_column('dataset', %s),
                                  '127.0.0.1', %s, '127.0.0.1', %s, %s::citus.shard_transfer_mode)
"""
ISOLATE = "SELECT isolate_tenant_to_new_shard('dataset', {}, 'CASCADE', shard_transfer_mode => 'block_writes')"


@pytest.fixture
def moving(cluster: Cluster, service: ServiceProcess, live_database: None) -> Neighbor:
    return Neighbors.on(cluster, service).first


def statuses_during(change: Callable[[], object], neighbor: Neighbor) -> Counter[int]:
    """Return the statuses of writes during and after the change."""
    is_over = threading.Event()

    def write() -> Counter[int]:
        counted: Counter[int] = Counter()
        while not is_over.is_set():
            counted[neighbor.create().status] += 1
        counted[neighbor.create().status] += 1
        return counted

    with ThreadPoolExecutor(WRITERS) as writers:
        asked = [writers.submit(write) for _ in range(WRITERS)]
        try:
            change()
        finally:
            is_over.set()
        return sum((each.result() for each in asked), Counter())


def assert_all_kept(counted: Counter[int], neighbor: Neighbor) -> None:
    assert counted.keys() <= {201, 503}, neighbor.service.output()[-10_000:]
    assert counted[201] >= WRITERS
    assert neighbor.count() == counted[201]
    assert_history_holds()


@pytest.mark.parametrize("mode", ["block_writes", "force_logical"])
def test_a_shard_moves_under_writes(cluster: Cluster, moving: Neighbor, mode: str) -> None:
    other = next(each for each in WORKERS if each != moving.worker)
    home, away = (cluster.port + NODES.index(each) for each in (moving.worker, other))

    counted = statuses_during(lambda: cluster.ask(MOVE, moving.project.id, home, away, mode), moving)

    assert cluster.worker_of(moving.project.id) == other
    cluster.ask(MOVE, moving.project.id, away, home, mode)
    assert_all_kept(counted, moving)


def test_a_project_gets_a_shard_of_its_own_under_writes(cluster: Cluster, moving: Neighbor) -> None:
    counted = statuses_during(lambda: cluster.ask(ISOLATE.format(moving.project.id)), moving)

    assert_all_kept(counted, moving)
