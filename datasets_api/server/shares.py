"""Each project's share of a pool's threads, so that its slow requests do not block other projects."""

import math
from collections import Counter, deque
from typing import Generic, TypeVar

from datasets_api.server.errors import ProjectBusy

T = TypeVar("T")


class Shares(Generic[T]):
    """Counts the running calls of each project, and keeps those that have to wait, in order."""

    def __init__(self, limit: int | None, *, max_waiting: float = math.inf) -> None:
        """`limit` is the number of running calls per project or None, `max_waiting` the total of waiting ones."""
        self.limit, self.max_waiting = limit, max_waiting
        self.running: Counter[str] = Counter()
        # A project has waiting calls only while its share is used up.
        self.waiting: dict[str, deque[T]] = {}
        self.waiting_count = 0

    def take(self, project: str | None, call: T) -> bool:
        """Return whether the call may run now; otherwise keep it. Raises ProjectBusy.

        Calls without a project are not limited.
        """
        if project is None or self.limit is None:
            return True
        if self.running[project] < self.limit:
            self.running[project] += 1
            return True
        waiting = self.waiting.get(project, ())
        # One project may take half of the places, which leaves room for the calls of others.
        if len(waiting) >= self.max_waiting / 2 or self.waiting_count >= self.max_waiting:
            raise ProjectBusy
        self.waiting.setdefault(project, deque()).append(call)
        self.waiting_count += 1
        return False

    def release(self, project: str | None) -> T | None:
        """Return the project's next call, which gets the place of one that has ended, or None."""
        if project is None or self.limit is None:
            return None
        if project in self.waiting:
            return self._remove(project, self.waiting[project][0])
        self.running[project] -= 1
        if not self.running[project]:
            del self.running[project]
        return None

    def give_up(self, project: str | None, call: T) -> bool:
        """Return whether the call was still waiting."""
        if project is None or call not in self.waiting.get(project, ()):
            return False
        self._remove(project, call)
        return True

    def _remove(self, project: str, call: T) -> T:
        waiting = self.waiting[project]
        waiting.remove(call)
        self.waiting_count -= 1
        if not waiting:
            del self.waiting[project]
        return call
