"""Optional quotas of a project: its items, archived ones included, and the bytes of all their versions.

Measuring reads every row of the project. So a process measures again only after a hundred times as long as that took,
and adds what it writes meanwhile: several processes may together exceed a quota by what they write in that time.
"""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from rest_framework.exceptions import APIException

from database.query import fetch_one
from database.sql import sql

# Bytes as PostgreSQL stores them: compressed, without reading them.
MEASURE = sql(
    "measure_project",
    """
SELECT count(*) FILTER (WHERE is_current), coalesce(sum(bytes), 0)::bigint FROM (
  SELECT true AS is_current, coalesce(pg_column_size(input), 0) + coalesce(pg_column_size(output), 0)
         + coalesce(pg_column_size(metadata), 0) AS bytes FROM dataset_item WHERE team_id = %(project_id)s
   UNION ALL
  SELECT false, coalesce(pg_column_size(input), 0) + coalesce(pg_column_size(output), 0)
         + coalesce(pg_column_size(metadata), 0) FROM item_version WHERE team_id = %(project_id)s
) AS measured
""",
)
# Measuring takes at most one part in so many of a process's time.
REST_FACTOR = 100
MIN_REST_SECONDS = 1.0
MAX_MEASURED_PROJECTS = 1000


class QuotaExceeded(APIException):
    status_code = 400
    default_code = "quota_exceeded"
    default_type = "invalid_request"

    def __init__(self, name: str, limit: int, unit: str) -> None:
        super().__init__(f"The project would hold more than {limit:,} {unit}, its limit ({name}).")


@dataclass
class Usage:
    """The usage of a project, as last measured and with what this process has added since."""

    items: int
    bytes: int
    expires_at: float
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, items: int, size: int) -> None:
        """Raises QuotaExceeded, and adds nothing then."""
        with self.lock:
            self._check(self.items + items, settings.PROJECT_MAX_ITEMS, "PROJECT_MAX_ITEMS", "items")
            self._check(self.bytes + size, settings.PROJECT_MAX_BYTES, "PROJECT_MAX_BYTES", "bytes")
            self.items += items
            self.bytes += size

    def add_values(self, values: Iterable[str | None]) -> None:
        """Add one item with these JSON texts."""
        self.add(1, sum(len(value) for value in values if value))

    def add_copies(self, count: int) -> None:
        """Add copies of the project's items, which count as the average of them."""
        self.add(count, count * self.bytes // max(self.items, 1))

    @staticmethod
    def _check(amount: int, limit: int, name: str, unit: str) -> None:
        if limit and amount > limit:
            raise QuotaExceeded(name, limit, unit)


usages: dict[int, Usage] = {}


def project_usage(project_id: int) -> Usage | None:
    """Return None without quotas."""
    if not (settings.PROJECT_MAX_ITEMS or settings.PROJECT_MAX_BYTES):
        return None
    usage = usages.get(project_id)
    if usage is None or usage.expires_at < time.monotonic():
        usage = usages[project_id] = measure(project_id)
        while len(usages) > MAX_MEASURED_PROJECTS:
            usages.pop(next(iter([*usages])), None)
    return usage


def measure(project_id: int) -> Usage:
    start = time.monotonic()
    row = fetch_one(MEASURE, {"project_id": project_id})
    assert row is not None  # noqa: S101  an aggregate returns its row
    end = time.monotonic()
    return Usage(row[0], row[1], end + max(REST_FACTOR * (end - start), MIN_REST_SECONDS))
