"""Quotas for a worker's resources, in total and per caller."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from datasets_api.server.errors import CallerOverQuota
from rest.errors import ServiceUnavailable


class Quota:
    """A limit in total and per caller. Needs no lock, because only the event loop uses it."""

    def __init__(
        self, noun: str, setting: str, *, total: int, per_caller: int, error: type[ServiceUnavailable]
    ) -> None:
        """`setting` is the setting that limits a single caller."""
        self.noun, self.setting, self.total, self.per_caller, self.error = noun, setting, total, per_caller, error
        self.used = 0
        self.by_caller: Counter[str] = Counter()

    @contextmanager
    def hold(self, caller: str, amount: int = 0) -> Iterator["Holding"]:
        holding = Holding(self, caller)
        try:
            holding.add(amount)
            yield holding
        finally:
            holding.release()


class Holding:
    def __init__(self, quota: Quota, caller: str) -> None:
        self.quota, self.caller, self.amount = quota, caller, 0

    def add(self, amount: int) -> None:
        """Add to the amount held. Raises CallerOverQuota or the quota's own error."""
        quota = self.quota
        if quota.by_caller[self.caller] + amount > quota.per_caller:
            raise CallerOverQuota(quota.per_caller, quota.noun, quota.setting)
        if quota.used + amount > quota.total:
            raise quota.error
        self._change(amount)

    def release(self) -> None:
        self._change(-self.amount)

    def _change(self, amount: int) -> None:
        quota = self.quota
        self.amount += amount
        quota.used += amount
        quota.by_caller[self.caller] += amount
        if not quota.by_caller[self.caller]:
            del quota.by_caller[self.caller]
