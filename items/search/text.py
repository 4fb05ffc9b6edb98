"""The condition of a search: a text anywhere in an item's values, whatever its case.

JSON is stored as its text, so a plain search in that would also find what no author wrote: brackets, commas, the "n" of
an escaped line break. Hence two steps. The text, escaped as JSON escapes it, must stand somewhere in the value: cheap,
and rules out most rows. Then a pattern reads the value from its start, token by token, and wants the text inside a
string (a key or a text), or inside a number.
"""

import json
import re

from django.db import connection

from database.sql import fragment
from items.rows import JSON_COLUMNS

TEXT_COLUMNS = ("ref_trace_id", "ref_source_id")
# As many as PostgreSQL makes a pattern of without effort.
MAX_SEARCH_LENGTH = 1000

# From this version on PostgreSQL knows the case of all letters in any database; before, in those whose locale does.
HAS_UNICODE_CASE = 170_000
CHARACTER = r'(?:[^"\\]|\\[^u]|\\u[0-9a-f]{4})'
TOKEN_PREFIX = rf'^(?:[^"]|"{CHARACTER}*")*'
STRING_PREFIX = rf'"{CHARACTER}*'
IN_JSON = "(strpos($json, $part) > 0 AND $json ~ $pattern)"
IN_TEXT = "strpos($column, $text) > 0"
PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
NUMBER_CHARACTERS = re.compile(r"[0-9.eE+-]+")


def casefold_sql(expression: str) -> str:
    """Without its case. By way of upper case, since some letters have two lower ones."""
    has_unicode_case = connection.pg_version >= HAS_UNICODE_CASE  # type: ignore[attr-defined]
    collation = "pg_c_utf8" if has_unicode_case else "default"
    return fragment('lower(upper($expression COLLATE "$collation"))', expression=expression, collation=collation)


def search_sql(name: str) -> str:
    """Over the item `i`, with the parameters of search_parameters."""
    text, part, pattern = (casefold_sql(f"%({name}{each})s::text") for each in ("", "_part", "_pattern"))
    in_json = [
        fragment(IN_JSON, json=casefold_sql(f"i.{column}::text"), part=part, pattern=pattern) for column in JSON_COLUMNS
    ]
    in_text = [fragment(IN_TEXT, column=casefold_sql(f"i.{column}"), text=text) for column in TEXT_COLUMNS]
    return f"({' OR '.join(in_text + in_json)})"


def search_params(name: str, text: str) -> dict[str, str]:
    return {name: text, f"{name}_part": literal_part(text), f"{name}_pattern": search_regex(text)}


def json_escape(text: str) -> str:
    """As it stands in a JSON string, but for slashes."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def literal_part(text: str) -> str:
    """Without slashes, which stand in a JSON string with a backslash or without."""
    return max((json_escape(part) for part in text.split("/")), key=len)


def search_regex(text: str) -> str:
    literal = r"\\?/".join(escape_regex(json_escape(part)) for part in text.split("/"))
    tokens = [STRING_PREFIX + literal]
    if NUMBER_CHARACTERS.fullmatch(text):
        # An "e" by itself also stands in true and false.
        tokens.append(f"[0-9]{literal}" if text in "eE" else literal)
    return f"{TOKEN_PREFIX}(?:{'|'.join(tokens)})"


def escape_regex(text: str) -> str:
    """For a pattern: ASCII's marks stand for themselves behind a backslash; letters and digits must not have one."""
    return PUNCTUATION.sub(r"\\\g<0>", text)
