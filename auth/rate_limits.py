"""Counts requests against the two rates in a table, shared by all workers and machines.

A window opens with the first request and lasts its rate's period; a window that a machine with a wrong clock opened in
the future is moved to now. One statement counts the request and returns the counts. The table is unlogged: no request
waits for the disk, and a crash resets the counts.
"""

import math
import random
import time

from django.conf import settings
from django.db import DatabaseError

from auth.models import RateLimit
from database.query import fetch_one
from database.sql import sql
from rest.database_errors import READ_ONLY, STORAGE_FULL, classify

COUNT = sql(
    "count_request",
    """
INSERT INTO api_auth_ratelimit AS r (ident, burst_started_at, burst_count, sustained_started_at, sustained_count)
VALUES (%(ident)s, %(now)s, 1, %(now)s, 1)
ON CONFLICT (ident) DO UPDATE SET
    burst_started_at = CASE WHEN r.burst_started_at <= %(burst_over)s THEN %(now)s
                            ELSE LEAST(r.burst_started_at, %(now)s) END,
    burst_count = CASE WHEN r.burst_started_at <= %(burst_over)s THEN 1 ELSE r.burst_count + 1 END,
    sustained_started_at =
        CASE WHEN r.sustained_started_at <= %(sustained_over)s THEN %(now)s
             ELSE LEAST(r.sustained_started_at, %(now)s) END,
    sustained_count = CASE WHEN r.sustained_started_at <= %(sustained_over)s THEN 1 ELSE r.sustained_count + 1 END
RETURNING burst_started_at, burst_count, sustained_started_at, sustained_count
""",
)
# One in this many requests deletes the rows of expired windows, which keeps the table small without a background job.
CLEANUP_ONE_IN = 5000


def seconds_to_wait(ident: str) -> int:
    """Count one request, and return the seconds until its windows allow it; 0 if they do now."""
    if not settings.RATE_LIMIT_ENABLED:
        return 0
    burst, sustained, now = settings.RATE_LIMIT_BURST, settings.RATE_LIMIT_SUSTAINED, time.time()
    burst_over, sustained_over = now - burst.seconds, now - sustained.seconds
    try:
        row = fetch_one(
            COUNT, {"ident": ident[:100], "now": now, "burst_over": burst_over, "sustained_over": sustained_over}
        )
    except DatabaseError as error:
        # A database that cannot be written can still serve reads, uncounted.
        if classify(error) in {READ_ONLY, STORAGE_FULL}:
            return 0
        raise
    assert row is not None  # noqa: S101  an upsert returns its row
    burst_started, burst_count, sustained_started, sustained_count = row
    if random.randrange(CLEANUP_ONE_IN) == 0:  # noqa: S311  not for security
        expired = RateLimit.objects.filter(sustained_started_at__lte=sustained_over, burst_started_at__lte=burst_over)
        expired.delete()
    remaining = [0.0]
    if burst_count > burst.requests:
        remaining.append(burst_started - burst_over)
    if sustained_count > sustained.requests:
        remaining.append(sustained_started - sustained_over)
    return math.ceil(max(remaining))
