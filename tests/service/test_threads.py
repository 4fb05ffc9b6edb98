"""The pool that Django runs in: order, shares of projects, and calls that give up."""

import asyncio
import functools
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from django.conf import LazySettings

from datasets_api.server.errors import ProjectBusy, QueueFull, WaitedTooLong
from datasets_api.server.threads import ThreadPool
from tests.waiting import wait_for


def on_event_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    @functools.wraps(test)
    def run(**fixtures: Any) -> None:
        asyncio.run(test(**fixtures))

    return run


class Gate:
    """A function for threads that returns once it is opened, and records who came."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.arrivals: list[str] = []

    def __call__(self, name: str) -> str:
        self.arrivals.append(name)
        assert self.opened.wait(20)
        return name


@pytest.fixture
def gate() -> Gate:
    return Gate()


async def until(condition: Callable[[], bool]) -> None:
    await asyncio.to_thread(wait_for, condition)


def start(pool: ThreadPool, project: str | None, gate: Gate, name: str) -> asyncio.Task[str]:
    return asyncio.ensure_future(pool.run_for(project, gate, name))


@on_event_loop
async def test_results_and_errors_reach_the_caller() -> None:
    pool = ThreadPool("t", 1)
    assert await pool.run(sum, [1, 2, 3]) == 6
    with pytest.raises(ZeroDivisionError):
        await pool.run_for("7", divmod, 1, 0)
    assert pool.inside == 0
    assert not pool.shares.running


@on_event_loop
async def test_a_project_runs_its_calls_in_order_within_its_share(gate: Gate) -> None:
    pool = ThreadPool("t", 4)
    tasks = [start(pool, "7", gate, str(number)) for number in range(5)]
    await until(lambda: len(gate.arrivals) == 2)
    other = start(pool, "8", gate, "other")
    await until(lambda: "other" in gate.arrivals)

    assert sorted(gate.arrivals) == ["0", "1", "other"]
    assert (pool.inside, pool.shares.waiting_count) == (3, 3)
    gate.opened.set()
    assert await asyncio.gather(*tasks) == ["0", "1", "2", "3", "4"]
    assert await other == "other"
    assert sorted(gate.arrivals[3:]) == ["2", "3", "4"]
    assert pool.inside == pool.shares.waiting_count == 0
    assert not pool.shares.running


@on_event_loop
async def test_a_project_with_many_calls_does_not_overtake_others(settings: LazySettings) -> None:
    """Its next call goes to the end of the queue, although its own thread could take it at once."""
    settings.SERVER_PROJECT_SHARE = 0.5
    pool, gate = ThreadPool("t", 1), Gate()
    order: list[str] = []
    first = start(pool, "7", gate, "first")
    await until(lambda: gate.arrivals == ["first"])
    calls = [("7", "second"), ("8", "other"), ("7", "third")]
    tasks = [asyncio.ensure_future(pool.run_for(project, order.append, name)) for project, name in calls]
    await until(lambda: pool.shares.waiting_count == 2 and pool.inside == 2)
    gate.opened.set()
    await asyncio.gather(first, *tasks)

    assert order == ["other", "second", "third"]


@on_event_loop
async def test_a_full_queue_rejects(gate: Gate, settings: LazySettings) -> None:
    settings.SERVER_PROJECT_SHARE = 1
    pool = ThreadPool("t", 1, max_waiting=1)
    running, waiting = start(pool, "7", gate, "a"), start(pool, "7", gate, "b")
    await until(lambda: pool.inside == 2)
    with pytest.raises(QueueFull):
        await pool.run_for("7", gate, "c")
    gate.opened.set()
    assert [await running, await waiting] == ["a", "b"]


@on_event_loop
async def test_a_project_takes_half_of_the_places(gate: Gate) -> None:
    pool = ThreadPool("t", 2, max_waiting=4, max_wait_seconds=60)
    tasks = [start(pool, "7", gate, str(number)) for number in range(3)]
    await until(lambda: pool.shares.waiting_count == 2)
    with pytest.raises(ProjectBusy):
        await pool.run_for("7", gate, "refused")
    gate.opened.set()
    assert await asyncio.gather(*tasks) == ["0", "1", "2"]


@on_event_loop
async def test_waiting_for_the_share_ends(gate: Gate) -> None:
    pool = ThreadPool("t", 2, max_wait_seconds=0.2)
    running = start(pool, "7", gate, "a")
    await until(lambda: gate.arrivals == ["a"])
    with pytest.raises(ProjectBusy):
        await pool.run_for("7", gate, "b")
    gate.opened.set()
    assert await running == "a"
    assert gate.arrivals == ["a"]
    assert pool.shares.waiting_count == 0


@on_event_loop
async def test_waiting_for_a_thread_ends(gate: Gate) -> None:
    pool = ThreadPool("t", 1, max_wait_seconds=0.2)
    running, late = start(pool, "7", gate, "a"), start(pool, "8", gate, "b")
    await until(lambda: pool.inside == 2)
    await asyncio.sleep(0.3)
    gate.opened.set()
    assert await running == "a"
    with pytest.raises(WaitedTooLong):
        await late
    assert gate.arrivals == ["a"]


@pytest.mark.parametrize("project", ["7", "8"])
@on_event_loop
async def test_a_canceled_call_never_runs(gate: Gate, project: str) -> None:
    """One waits for its project's share, the other one for the thread."""
    pool = ThreadPool("t", 1)
    running, canceled = start(pool, "7", gate, "a"), start(pool, project, gate, "b")
    await until(lambda: pool.inside + pool.shares.waiting_count == 2)
    canceled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await canceled
    gate.opened.set()
    assert await running == "a"
    await until(lambda: pool.inside == 0)
    assert gate.arrivals == ["a"]
    assert not pool.shares.running
    assert pool.shares.waiting_count == 0
