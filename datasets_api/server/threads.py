"""The thread pools that Django runs in."""

import asyncio
import math
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from django.conf import settings

from database.thread_connections import close_unusable_connections
from datasets_api.server.errors import ProjectBusy, QueueFull, WaitedTooLong
from datasets_api.server.shares import Shares

T = TypeVar("T")
Outcome = tuple[Any, BaseException | None]


class Call(Generic[T]):
    """A function to be called in a thread, and the future that gets its result on the event loop."""

    __slots__ = ("arguments", "function", "future", "loop", "project", "queued_at")

    def __init__(self, project: str | None, function: Callable[..., T], arguments: tuple[Any, ...]) -> None:
        self.project, self.function, self.arguments = project, function, arguments
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[T] = self.loop.create_future()
        self.queued_at = time.monotonic()

    def deliver(self, result: Any, error: BaseException | None) -> None:
        if self.future.done():
            return  # the request was canceled
        if error is None:
            self.future.set_result(result)
        else:
            self.future.set_exception(error)


class ThreadPool:
    """Threads with a queue that is limited in length and waiting time, and with a limited share for each project.

    For use from one event loop. A thread that ends a project's call starts the project's next one itself. With
    ThreadPoolExecutor and asyncio's semaphores, which leave that to the event loop, a worker takes 12 % longer for a
    retrieve and 8 % for a list of ten.
    """

    def __init__(
        self, name: str, size: int, *, max_waiting: float = math.inf, max_wait_seconds: float | None = None
    ) -> None:
        self.name, self.size, self.max_waiting, self.max_wait_seconds = name, size, max_waiting, max_wait_seconds
        share = settings.SERVER_PROJECT_SHARE
        # The number of threads that one project may use; None for all of them.
        self.project_share = None if share == 1 else max(1, int(size * share))
        self.shares: Shares[Call[Any]] = Shares(self.project_share, max_waiting=max_waiting)
        self.queue: SimpleQueue[Call[Any]] = SimpleQueue()
        self.threads: list[threading.Thread] = []
        # The number of calls that run or are in the queue.
        self.inside = 0
        # Guards `inside` and `shares`.
        self.lock = threading.Lock()

    @property
    def waiting(self) -> int:
        return max(0, self.inside - self.size)

    async def run(self, function: Callable[..., T], *arguments: Any) -> T:
        """Call the function in a thread. Raises QueueFull or WaitedTooLong, besides the function's own errors."""
        return await self.run_for(None, function, *arguments)

    async def run_for(self, project: str | None, function: Callable[..., T], *arguments: Any) -> T:
        """Wait for the project's share, then call the function. Raises ProjectBusy, besides the errors of `run`."""
        call = Call(project, function, arguments)
        with self.lock:
            if self.waiting >= self.max_waiting:
                raise QueueFull
            if has_share := self.shares.take(project, call):
                self._put(call)
        if has_share:
            return await call.future
        timer = self.max_wait_seconds and call.loop.call_later(self.max_wait_seconds, self._give_up, call)
        try:
            return await call.future
        except asyncio.CancelledError:
            self._give_up(call)
            raise
        finally:
            if timer:
                timer.cancel()

    def _give_up(self, call: Call[Any]) -> None:
        with self.lock:
            was_waiting = self.shares.give_up(call.project, call)
        if was_waiting:
            call.deliver(None, ProjectBusy())

    def _put(self, call: Call[Any]) -> None:
        self.inside += 1
        self.queue.put(call)
        if len(self.threads) < self.size:
            # Daemons, so that one that waits for the database does not keep the process from ending.
            thread = threading.Thread(target=self._work, name=f"{self.name}_{len(self.threads)}", daemon=True)
            self.threads.append(thread)
            thread.start()

    def _work(self) -> None:
        while True:
            self._run(self.queue.get())

    def _run(self, call: Call[Any]) -> None:
        if call.future.cancelled():
            outcome: Outcome = None, None
        elif self.max_wait_seconds is not None and time.monotonic() - call.queued_at > self.max_wait_seconds:
            outcome = None, WaitedTooLong()
        else:
            outcome = outcome_of(call.function, call.arguments)
        with self.lock:
            self.inside -= 1
            if next_call := self.shares.release(call.project):
                self._put(next_call)
        with suppress(RuntimeError):  # the event loop is closed
            call.loop.call_soon_threadsafe(call.deliver, *outcome)


def outcome_of(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Outcome:
    """Return the result or the error. Its traceback has no reference to the call, which would be a cycle."""
    try:
        close_unusable_connections()
        return function(*arguments), None
    except BaseException as error:
        return None, error
