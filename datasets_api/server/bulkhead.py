"""Keeps a part of a worker for the other projects, however slow what one project asks for is.

Requests of a project beyond its share wait on the event loop, where they hold no thread.
"""

import asyncio
import math
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from datasets_api.server.errors import ProjectBusy


class Bulkhead:
    """Used on the event loop alone, hence without a lock."""

    def __init__(
        self, limit: int | None, *, max_waiting: float = math.inf, max_wait_seconds: float | None = None
    ) -> None:
        """`limit` is how many one project may have inside at once (None: any), `max_waiting` how many wait in all."""
        self.limit, self.max_waiting, self.max_wait_seconds = limit, max_waiting, max_wait_seconds
        self.slots: dict[str, asyncio.Semaphore] = {}
        # Inside and waiting, by project.
        self.present: Counter[str] = Counter()
        self.waiting: Counter[str] = Counter()

    @asynccontextmanager
    async def enter(self, project: str | None) -> AsyncIterator[None]:
        """Raises ProjectBusy. What concerns no project has no share to keep to."""
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
        # Half of the places: those who wait for one slow project leave room for those of another.
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
