"""Every statement uses only what Citus supports on distributed tables; checked by their texts, without Citus.

Regular expressions replace a parser: they rely on this project's formatting, and tests show that each one matches.
"""

import re
from collections.abc import Iterator

import pytest

from tests.all_statements import all_statements
from tests.scaling.tables import TEAM_OWNED

# STABLE functions, or those whose result would differ from machine to machine.
STABLE = re.compile(
    r"\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|random|gen_random_uuid)\s*\("
    r"|\bcurrent_(?:timestamp|date|time)\b|\w*_at [-+] interval\b|\w*_at [-+] %\(",
    re.IGNORECASE,
)
TABLES = "|".join(TEAM_OWNED)
INSERT = re.compile(rf"INSERT INTO (?:{TABLES})(?: AS \w+)? \([^)]*\)\s*(VALUES|SELECT)\b")
SET_CLAUSE = re.compile(rf"UPDATE (?:{TABLES})(?: \w+)?\s+SET\b|DO UPDATE\s+SET\b")
END_OF_SET = re.compile(r"\s(?:FROM|WHERE|RETURNING)\b")
# What an INSERT … SELECT may select as team_id, its first column: a table's column, with or without a prefix.
TEAM_ID = re.compile(r"\s+(?:[a-z]\.)?team_id,")
CAST = re.compile(r"AT TIME ZONE 'UTC' \+ interval '1 microsecond'\) AT TIME ZONE 'UTC'")


def enclosed(text: str, start: int) -> str:
    """Return the text from `start` to the end of the enclosing parentheses."""
    depth = 0
    for end in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        if depth < 0:
            return text[start:end]
    return text[start:]


def without_name(text: str) -> str:
    return re.sub(r" /\*.*?\*/", "", text)


def faults(text: str) -> Iterator[str]:
    for found in SET_CLAUSE.finditer(text):
        clause = END_OF_SET.split(enclosed(text, found.end()))[0]
        if STABLE.search(CAST.sub("", clause)):
            yield "a STABLE function in SET"
    for found in INSERT.finditer(text):
        rest = enclosed(text, found.end())
        returning = rest.partition("RETURNING")[2]
        if "SELECT" in returning or (found[1] == "VALUES" and "SELECT" in rest):
            yield "a subquery in VALUES or RETURNING of an INSERT"
        if found[1] == "SELECT" and not TEAM_ID.match(rest):
            yield "an INSERT … SELECT without a table's team_id"


def test_all_statements_are_named_and_found() -> None:
    found = all_statements()

    assert {"create_item", "update_item", "fetch_access", "copy_items_to_fork"} <= found.keys()
    assert len(found) > 60
    assert all(re.match(rf"[A-Z]+ /\* {name} \*/ ", text) for name, text in found.items())


def test_citus_supports_every_statement() -> None:
    found = {name: list(faults(without_name(text))) for name, text in all_statements().items()}

    assert {name: each for name, each in found.items() if each} == {}


def test_inserts_and_updates_are_checked() -> None:
    texts = "\n".join(map(without_name, all_statements().values()))

    assert len(INSERT.findall(texts)) == len(re.findall(rf"INSERT INTO (?:{TABLES})\b", texts)) > 15
    assert len(SET_CLAUSE.findall(texts)) > 8


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("UPDATE dataset_head SET changed_at = now() WHERE team_id = 1", "a STABLE function in SET"),
        (
            "UPDATE dataset_head SET changed_at = greatest(%(a)s, changed_at + interval '1 microsecond') WHERE true",
            "a STABLE function in SET",
        ),
        (
            "INSERT INTO dataset_tag (team_id, name) VALUES (1, 'a') RETURNING (SELECT revision FROM dataset_head)",
            "a subquery in VALUES or RETURNING of an INSERT",
        ),
        (
            "WITH a AS (INSERT INTO dataset_head (team_id) VALUES (coalesce((SELECT 1 FROM s), 0))) SELECT 1",
            "a subquery in VALUES or RETURNING of an INSERT",
        ),
        (
            "WITH a AS (INSERT INTO dataset_item (team_id, id) SELECT %(project_id)s, 1 FROM head) SELECT 1",
            "an INSERT … SELECT without a table's team_id",
        ),
    ],
)
def test_unsupported_statements_are_found(text: str, fault: str) -> None:
    assert list(faults(text)) == [fault]
