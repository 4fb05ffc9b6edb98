"""Limits the number of a project's imports that run in a worker; others wait on the event loop."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Bulkhead:
    """A limit for each project. Needs no lock, because only the event loop uses it.

    The number of those that wait is limited by the quota of uploads.
    """

    def __init__(self, limit: int | None) -> None:
        self.limit = limit
        self.slots: dict[str, asyncio.Semaphore] = {}
        # The numbers of running and waiting requests, by project.
        self.present: Counter[str] = Counter()

    @asynccontextmanager
    async def enter(self, project: str | None) -> AsyncIterator[None]:
        """Wait for a slot of the project; requests without a project are not limited."""
        if project is None or self.limit is None:
            yield
            return
        slots = self.slots.setdefault(project, asyncio.Semaphore(self.limit))
        self.present[project] += 1
        try:
            async with slots:
                yield
        finally:
            self.present[project] -= 1
            if not self.present[project]:
                del self.present[project], self.slots[project]
