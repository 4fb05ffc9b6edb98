"""The round trips that docs/python.md counts, beside other clients'."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from datasets_client import Client
from datasets_client._lock import LockedDataset
from datasets_client._operations.locking import check_locked, lock_dataset


@pytest.fixture
def count(client: Client, service: object) -> Callable[[Callable[[Client], object]], int]:
    """Return the number of requests that a job takes, with a client that knows nothing yet."""

    def count_requests(job: Callable[[Client], object]) -> int:
        requests: list[object] = []
        with Client(client.settings.url, client.settings.api_key) as fresh:
            fresh._driver.client.event_hooks = {"request": [requests.append], "response": []}
            job(fresh)
        return len(requests)

    return count_requests


def test_the_five_jobs_take_as_many_round_trips_as_the_guide_says(
    client: Client, name: str, count: Callable[[Callable[[Client], object]], int]
) -> None:
    rows = [{"id": f"case-{number}", "input": number, "output": number} for number in range(10_000)]
    mapping = {"input": "input", "output": "output"}
    client.create(name)

    assert count(lambda fresh: fresh.dataset(name).push(rows, key="id", mapping=mapping)) == 3
    assert count(lambda fresh: fresh.dataset(name)["case-7"].update(output="x")) == 4
    assert count(lambda fresh: fresh.dataset(name).to_pandas()) == 2
    assert count(lambda fresh: fresh.dataset(name).diff(0)) <= 14


def test_a_check_of_the_lock_reads_no_rows(
    client: Client, name: str, count: Callable[[Callable[[Client], object]], int]
) -> None:
    dataset = client.create(name)
    dataset.push([{"input": 1}])
    locked: LockedDataset = client._driver.run(lock_dataset(dataset._subject))
    paths: list[str] = []

    def check(fresh: Client) -> None:
        fresh._driver.client.event_hooks = {"request": [lambda request: paths.append(request.url.path)]}
        assert fresh._driver.run(check_locked(fresh._subject, locked)).state == "ok"

    count(check)
    assert not [path for path in paths if path.endswith("/export/")]
    assert len(paths) == 2
