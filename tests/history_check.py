"""Does history hold? Asked in this process, and of the console command."""

from items.integrity.rule import check_rule
from items.integrity.rules import RULES
from tests.auth.commands import manage


def assert_history_holds() -> None:
    assert [violation for rule in RULES if (violation := check_rule(rule, project_id=None))] == []


def check_history() -> tuple[int, str]:
    """How `manage.py check_history` ends in a process of its own, and what it prints."""
    done = manage("check_history")
    return done.returncode, done.stdout + done.stderr
