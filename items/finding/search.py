"""The condition of a search: a text anywhere in an item's values, whatever its case.

JSON is stored as its text, so a plain search in that would also find what no author wrote: brackets, commas, the "n" of
an escaped line break. Hence two steps. The text, escaped as JSON escapes it, must stand somewhere in the value: cheap,
and rules out most rows. Then a pattern reads the value from its start, token by token, and wants the text inside a
string (a key or a text), or inside a number.
"""

import json
import re

from django.db import connection

from items.models import JSON_COLUMNS

TEXT_COLUMNS = ("ref_trace_id", "ref_source_id")
# As many as PostgreSQL makes a pattern of without effort.
MAX_LENGTH = 1000

# From this version on PostgreSQL knows the case of all letters in any database; before, in those whose locale does.
HAS_UNICODE_CASE = 170_000
CHARACTER = r'(?:[^"\\]|\\[^u]|\\u[0-9a-f]{4})'
BEFORE_A_TOKEN = rf'^(?:[^"]|"{CHARACTER}*")*'
IN_A_STRING = rf'"{CHARACTER}*'
MARKS = re.compile(r"[!-/:-@\[-`{-~]")
OF_NUMBERS = re.compile(r"[0-9.eE+-]+")


def folded(expression: str) -> str:
    """Without its case. By way of upper case, since some letters have two lower ones."""
    collation = ' COLLATE "pg_c_utf8"' if connection.pg_version >= HAS_UNICODE_CASE else ""  # type: ignore[attr-defined]
    return f"lower(upper({expression}{collation}))"


def search_condition(name: str) -> str:
    """Over the item `i`, with the parameters of search_parameters."""
    text, part, pattern = (folded(f"%({name}{each})s::text") for each in ("", "_part", "_pattern"))
    in_json = [
        f"(strpos({folded(f'i.{column}::text')}, {part}) > 0 AND {folded(f'i.{column}::text')} ~ {pattern})"
        for column in JSON_COLUMNS
    ]
    in_text = [f"strpos({folded(f'i.{column}')}, {text}) > 0" for column in TEXT_COLUMNS]
    return f"({' OR '.join(in_text + in_json)})"


def search_parameters(name: str, text: str) -> dict[str, str]:
    return {name: text, f"{name}_part": longest_part(text), f"{name}_pattern": pattern_of(text)}


def escaped(text: str) -> str:
    """As it stands in a JSON string, but for slashes."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def longest_part(text: str) -> str:
    """Without slashes, which stand in a JSON string with a backslash or without."""
    return max((escaped(part) for part in text.split("/")), key=len)


def pattern_of(text: str) -> str:
    wanted = r"\\?/".join(quoted(escaped(part)) for part in text.split("/"))
    tokens = [IN_A_STRING + wanted]
    if OF_NUMBERS.fullmatch(text):
        # An "e" by itself also stands in true and false.
        tokens.append(f"[0-9]{wanted}" if text in "eE" else wanted)
    return f"{BEFORE_A_TOKEN}(?:{'|'.join(tokens)})"


def quoted(text: str) -> str:
    """For a pattern: ASCII's marks stand for themselves behind a backslash; letters and digits must not have one."""
    return MARKS.sub(r"\\\g<0>", text)
