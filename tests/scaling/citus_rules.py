"""Rules of Citus for statements on distributed tables, checked by their texts, without Citus.

Regular expressions replace a parser: they rely on this project's formatting, and tests show that each one matches.
"""

import re
from collections.abc import Iterator

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


# Values, but for the two in CAST.
LITERAL = re.compile(r"'(?!UTC'|1 microsecond')(?:[^']|'')*'")


def without_values(text: str) -> str:
    """Return a recorded statement without the values in its text, and without Django's quotes."""
    return LITERAL.sub("''", without_name(text)).replace('"', "")
