"""Checks at the end of a test run that every statement of the service concerns a single project."""

from tests.scaling import citus_rules
from tests.scaling.citus_rules import without_values
from tests.scaling.partitions import split_schema
from tests.scaling.recording import Statement, recorded

# Functions that may send statements over several projects, with the reason.
OVER_ALL_PROJECTS = {
    "items/integrity/rule.py:check_rule": "a command that examines whole tables, once in a while",
    "items/management/commands/export_items.py:dataset_snapshot": "a command that is given a dataset, not its project",
    "items/erasure/search.py:search_tables": "a command that looks for a text in every table",
    "items/idempotency.py:prune_records": "a command that clears one table by age",
}


def check_statements() -> None:
    """Check the statements of this run, which may consist of a part of the tests."""
    checked = {each for each in recorded() if each.sender not in OVER_ALL_PROJECTS}
    with split_schema() as schema:
        faults = [(each, fault) for each in sorted(checked) if (fault := schema.fault_in(each.text))]
    faults += [
        (each, f"has {fault}") for each in sorted(checked) for fault in citus_rules.faults(without_values(each.text))
    ]
    assert not faults, "\n\n".join(
        [
            "Statements that do not concern a single project, or that Citus refuses:",
            *(describe_fault(*each) for each in faults),
        ]
    )


def describe_fault(statement: Statement, fault: str) -> str:
    return f"{statement.sender} {fault}:\n{statement.text.strip()[:2000]}"
