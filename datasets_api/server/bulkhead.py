"""Limits one project's share of a worker, so that its slow requests do not block other projects.

Requests beyond a project's share wait on the event loop, where they block no thread.
"""

import asyncio
import math
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from datasets_api.server.errors import ProjectBusy


class Bulkhead:
    """A limit for each project. Needs no lock, because only the event loop uses it."""

    def __init__(
        self, limit: int | None, *, max_waiting: float = math.inf, max_wait_seconds: float | None = None
    ) -> None:
        """`limit` is the number of concurrent requests per project or None, `max_waiting` the total of waiting ones."""
        self.limit, self.max_waiting, self.max_wait_seconds = limit, max_waiting, max_wait_seconds
        self.slots: dict[str, asyncio.Semaphore] = {}
        # The numbers of running and waiting requests, by project.
        self.present: Counter[str] = Counter()
        self.waiting: Counter[str] = Counter()

    @asynccontextmanager
    async def enter(self, project: str | None) -> AsyncIterator[None]:
        """Wait for a slot of the project; requests without a project are not limited. Raises ProjectBusy."""
        if project is None or self.limit is None:
            yield
            return
        slots = self.slots.setdefault(project, asyncio.Semaphore(self.limit))
        self.present[project] += 1
        try:
            await self._acquire(project, slots)
            try:
                yield
            finally:
                slots.release()
        finally:
            self.present[project] -= 1
            if not self.present[project]:
                del self.present[project], self.slots[project]

    async def _acquire(self, project: str, slots: asyncio.Semaphore) -> None:
        if not slots.locked():
            await slots.acquire()
            return
        # One project may take half of the places, which leaves room for the requests of others.
        if self.waiting[project] >= self.max_waiting / 2 or self.waiting.total() >= self.max_waiting:
            raise ProjectBusy
        self.waiting[project] += 1
        try:
            async with asyncio.timeout(self.max_wait_seconds):
                await slots.acquire()
        except TimeoutError as error:
            raise ProjectBusy from error
        finally:
            self.waiting[project] -= 1
            if not self.waiting[project]:
                del self.waiting[project]
