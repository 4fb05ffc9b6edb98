"""Does history hold? Asked in this process, and of the console command."""

from django.db import connection, transaction

from items.management.history_rules import RULES, breach_of
from tests.auth.console import manage


def assert_history_holds() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # As check_history does: row by row, some rules would take long.
        cursor.execute("SET LOCAL enable_nestloop = off")
        assert [breach for rule in RULES if (breach := breach_of(rule, project_id=None))] == []
        cursor.execute("SET LOCAL enable_nestloop = on")


def check_history() -> tuple[int, str]:
    """How `manage.py check_history` ends in a process of its own, and what it prints."""
    done = manage("check_history")
    return done.returncode, done.stdout + done.stderr
