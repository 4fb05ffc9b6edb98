"""A service that is down, busy, or cut off: nothing is lost and nothing is doubled."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import pytest

from datasets_client import (
    AsyncClient,
    Client,
    ConnectionFailed,
    Dataset,
    RateLimited,
    Retry,
    RevisionsWentBackWarning,
    ServiceUnavailable,
    UnfinishedPush,
)
from datasets_client._commands import Response
from datasets_client._refs import MAX_LAG_SECONDS, SeenRevision
from tests.faulty_proxy import FaultyProxy
from tests.service import Service

ROWS = [{"input": {"n": number, "text": "x" * 200}} for number in range(2000)]


@pytest.fixture
def filled(proxied: Client, name: str) -> Dataset:
    made = proxied.create(name)
    made.push(ROWS)
    return made


def numbers(dataset: Dataset) -> list[int]:
    return [item.input["n"] for item in dataset]


def test_429_is_waited_for_as_long_as_it_asks(proxy: FaultyProxy, filled: Dataset) -> None:
    proxy.refuse(2, retry_after="1")
    begin = time.monotonic()

    assert len(filled) == 2000

    assert time.monotonic() - begin >= 2


def test_a_service_that_is_down_is_waited_for(proxy: FaultyProxy, filled: Dataset) -> None:
    proxy.refuse(3, "503 Service Unavailable", None)

    assert filled[0].input["n"] == 0


def test_waiting_has_an_end(proxy: FaultyProxy, service: Service, name: str) -> None:
    with Client(proxy.url, service.api_key, retry=Retry(0.5)) as client:
        proxy.refuse(9, "429 Too Many Requests", "30")
        with pytest.raises(RateLimited) as caught:
            len(client.dataset(name))
        assert caught.value.retry_after == 30
        proxy.refuse(99, "502 Bad Gateway", None)
        with pytest.raises(ServiceUnavailable):
            len(client.dataset(name))
        proxy.close()
        with pytest.raises(ConnectionFailed, match="did not respond"):
            len(client.dataset(name))


@pytest.mark.parametrize("pinned", [False, True])
def test_an_export_that_is_cut_goes_on_where_it_was(proxy: FaultyProxy, filled: Dataset, pinned: bool) -> None:
    dataset = filled.latest if pinned else filled
    dataset.resolved_revision()
    proxy.cut(50_000, 300, 200_000, 0, 400_000)

    assert numbers(dataset) == list(range(2000))


def test_a_cut_export_stays_at_its_revision_while_others_write(proxy: FaultyProxy, filled: Dataset) -> None:
    proxy.cut(300_000)
    found = []
    for item in filled:
        if not found:
            Dataset(filled._driver, filled._subject)[5].update(input={"n": -1})
        found.append(item.input["n"])

    assert found == list(range(2000))


def test_pages_go_on_after_a_cut(proxy: FaultyProxy, filled: Dataset) -> None:
    choice = filled.where(search="xxx")
    proxy.cut(100, 1000)

    assert numbers(choice) == list(range(2000))


def test_a_write_whose_answer_is_lost_is_done_once(proxy: FaultyProxy, filled: Dataset) -> None:
    revision = filled.resolved_revision()
    proxy.swallow(2)

    assert filled.push([{"input": {"n": 2000}}]).created == 1
    item = filled[0]
    etag_read = filled[item.id]
    proxy.swallow(1)
    changed = etag_read.update(output="once")

    assert changed.version == 2
    assert len(filled) == 2001
    assert filled.resolved_revision() == revision + 2


def test_the_same_holds_for_await(proxy: FaultyProxy, filled: Dataset, service: Service, name: str) -> None:
    async def use() -> None:
        async with AsyncClient(proxy.url, service.api_key, retry=Retry(20)) as client:
            dataset = client.dataset(name)
            proxy.cut(300_000, 0)
            assert [item.input["n"] async for item in dataset] == list(range(2000))
            proxy.swallow(1)
            assert (await dataset.push([{"input": {"n": 2000}}])).created == 1
            assert await dataset.count() == 2001

    asyncio.run(use())


def test_iteration_can_be_left_early(filled: Dataset) -> None:
    for item in filled:
        if item.input["n"] == 3:
            break

    assert len(filled) == 2000


def test_a_lower_revision_than_before_is_said_loudly(dataset: Dataset) -> None:
    dataset.push([{"input": 1}])
    connection, before = dataset._subject.connection, time.monotonic() - MAX_LAG_SECONDS - 1
    connection.seen_revisions[str(dataset.id)] = SeenRevision(99, before)

    with pytest.warns(RevisionsWentBackWarning, match="older backup"):
        len(dataset)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        len(dataset)


def test_a_response_that_was_overtaken_is_no_alarm(dataset: Dataset) -> None:
    dataset.push([{"input": 1}])
    dataset._subject.connection.note_revision(str(dataset.id), Response(200, {"dataset-revision": "99"}))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        len(dataset)


PUSH = """
import sys
from datasets_client import Client
from datasets_client._operations import pushing
pushing.PART_ROWS = int(sys.argv[2])
rows = ({"input": {"n": number, "text": "x" * 50}} for number in range(int(sys.argv[3])))
print(Client().dataset(sys.argv[1]).push(rows).created)
"""


def push_and_kill(name: str, part: int, rows: int, delays: list[float]) -> None:
    """Push in a process that is killed after each delay, then once to the end, unless it ended before it was killed."""
    command = [sys.executable, "-c", PUSH, name, str(part), str(rows)]
    for delay in delays:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        killer = threading.Timer(delay, process.kill)
        killer.start()
        code = process.wait()
        killer.cancel()
        if code == 0:
            # A fast machine: pushing the same rows once more would rightly add them.
            return
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


@pytest.mark.usefixtures("login")
def test_a_push_that_is_killed_and_repeated_stores_every_row_once(dataset: Dataset, name: str) -> None:
    push_and_kill(name, 250, 4000, [0.8, 1.1, 1.4, 1.7])

    assert numbers(dataset) == list(range(4000))


@pytest.mark.slow
@pytest.mark.usefixtures("login")
def test_a_push_of_100_000_rows_killed_20_times_stores_100_000(dataset: Dataset, name: str) -> None:
    import random  # noqa: PLC0415

    chance = random.Random(19)  # noqa: S311
    push_and_kill(name, 2000, 100_000, [chance.uniform(0.6, 3.0) for _ in range(20)])

    assert numbers(dataset) == list(range(100_000))


def interrupted(dataset: Dataset, rows: int) -> None:
    """Leave the journal of a push that broke off after its first part."""
    part = b"".join(b'{"input":%d}\n' % number for number in range(rows))
    from datasets_client._journal import Journal  # noqa: PLC0415

    connection = dataset._subject.connection
    target = f"{connection.settings.project_url}\n{dataset.id}\nFalse\n"
    journal = Journal.open(connection.cache.folder, target, part)
    journal.key(0, part)
    journal.record(0, {"created": rows})
    journal.key(1, b"other rows\n")


def test_other_rows_do_not_pass_for_the_rest_of_an_interrupted_push(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("datasets_client._operations.pushing.PART_ROWS", 10)
    interrupted(dataset, 10)

    with pytest.raises(UnfinishedPush, match="resume=False"):
        dataset.push({"input": number} for number in range(20))
    assert dataset.push(({"input": number} for number in range(20)), resume=False).created == 20


def test_the_same_rows_pushed_twice_on_purpose_are_stored_twice(dataset: Dataset, tmp_path: Path) -> None:
    dataset.push([{"input": 1}])
    dataset.push([{"input": 1}])

    assert len(dataset) == 2
    assert not list((tmp_path / "cache" / "pushes").glob("*.json"))
