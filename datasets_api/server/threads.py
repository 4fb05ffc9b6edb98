"""The thread pools that Django runs in."""

import asyncio
import functools
import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.conf import settings

from database.backend.base import close_unusable_connections
from datasets_api.server.bulkhead import Bulkhead
from datasets_api.server.errors import QueueFull, WaitedTooLong

P = ParamSpec("P")
T = TypeVar("T")


class ThreadPool(ThreadPoolExecutor):
    """A ThreadPoolExecutor whose queue is limited in length and waiting time, with a limited share for each project.

    For use from one event loop.
    """

    def __init__(
        self, name: str, size: int, *, max_waiting: float = math.inf, max_wait_seconds: float | None = None
    ) -> None:
        super().__init__(size, thread_name_prefix=name)
        self.size, self.max_waiting, self.max_wait_seconds = size, max_waiting, max_wait_seconds
        share = settings.SERVER_PROJECT_SHARE
        # The number of threads that one project may use; None for all of them.
        self.project_share = None if share == 1 else max(1, int(size * share))
        self.bulkhead = Bulkhead(self.project_share, max_waiting=max_waiting, max_wait_seconds=max_wait_seconds)
        self.inside = 0

    @property
    def waiting(self) -> int:
        return max(0, self.inside - self.size)

    async def run_for(self, project: str | None, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Wait for the project's share, then run the function. Raises ProjectBusy, besides the errors of `run`."""
        async with self.bulkhead.enter(project):
            return await self.run(function, *args, **kwargs)

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the function in a thread. Raises QueueFull or WaitedTooLong, besides the function's own errors."""
        if self.waiting >= self.max_waiting:
            raise QueueFull
        self.inside += 1
        try:
            call = functools.partial(function, *args, **kwargs)
            return await asyncio.wrap_future(self.submit(self._start, time.monotonic(), call))
        finally:
            self.inside -= 1

    def _start(self, queued_at: float, call: Callable[[], T]) -> T:
        if self.max_wait_seconds is not None and time.monotonic() - queued_at > self.max_wait_seconds:
            raise WaitedTooLong
        close_unusable_connections()
        return call()
