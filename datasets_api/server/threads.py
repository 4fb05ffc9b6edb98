"""The thread pools that Django runs in."""

import asyncio
import functools
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from database.backend.base import close_unusable_connections
from datasets_api.server.errors import QueueFull, WaitedTooLong

P = ParamSpec("P")
T = TypeVar("T")


class ThreadPool(ThreadPoolExecutor):
    """A ThreadPoolExecutor whose queue is limited in length and waiting time, for use from one event loop."""

    def __init__(self, name: str, size: int, *, max_waiting: float, max_wait_seconds: float) -> None:
        super().__init__(size, thread_name_prefix=name)
        self.size, self.max_waiting, self.max_wait_seconds = size, max_waiting, max_wait_seconds
        self.inside = 0

    @property
    def waiting(self) -> int:
        return max(0, self.inside - self.size)

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
        if time.monotonic() - queued_at > self.max_wait_seconds:
            raise WaitedTooLong
        close_unusable_connections()
        return call()
