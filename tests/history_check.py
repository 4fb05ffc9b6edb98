"""Checks the history's rules, in this process and with the management command."""

from items.integrity.rule import check_rule
from items.integrity.rules import RULES
from tests.auth.commands import manage


def assert_history_holds() -> None:
    assert [violation for rule in RULES if (violation := check_rule(rule, project_id=None))] == []


def check_history() -> tuple[int, str]:
    """Run `manage.py check_history` in its own process, and return its exit code and output."""
    done = manage("check_history")
    return done.returncode, done.stdout + done.stderr
