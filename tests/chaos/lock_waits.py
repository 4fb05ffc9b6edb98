"""Counts the service's connections that wait for a lock."""

import psycopg

from tests.service_process import test_database_url as database_url

# Only connections of the service: autovacuum may wait too.
COUNT = """
SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND application_name = 'datasets-api' AND wait_event_type = 'Lock'
"""


def count_lock_waits() -> int:
    with psycopg.connect(database_url(), autocommit=True) as watcher:
        row = watcher.execute(COUNT).fetchone()
    assert row
    return int(row[0])
