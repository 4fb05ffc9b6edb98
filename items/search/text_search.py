"""The condition of ?search=: a text anywhere in an item's values, ignoring case.

JSON is stored as text, and a plain substring search would also match brackets, commas and the "n" of an escaped line
break. So the condition has two steps. First, the JSON-escaped text must occur somewhere in the value, which is cheap
and rules out most rows. Then a regular expression reads the value from its start, token by token, and requires the text
to be inside a string (a key or a value) or inside a number.
"""

import json
import re

from django.db import connection

from database.sql import fragment
from items.rows import JSON_COLUMNS

TEXT_COLUMNS = ("ref_trace_id", "ref_source_id")
# PostgreSQL compiles patterns of this length quickly.
MAX_SEARCH_LENGTH = 1000

# From this version on, every database knows the case of all letters; before, only those with a suitable locale.
HAS_UNICODE_CASE = 170_000
CHARACTER = r'(?:[^"\\]|\\[^u]|\\u[0-9a-f]{4})'
TOKEN_PREFIX = rf'^(?:[^"]|"{CHARACTER}*")*'
STRING_PREFIX = rf'"{CHARACTER}*'
IN_JSON = "(strpos($json, $part) > 0 AND $json ~ $pattern)"
IN_TEXT = "strpos($column, $text) > 0"
PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
NUMBER_CHARACTERS = re.compile(r"[0-9.eE+-]+")


def casefold_sql(expression: str) -> str:
    """Fold the case by way of upper case, since some letters have two lowercase forms."""
    has_unicode_case = connection.pg_version >= HAS_UNICODE_CASE  # type: ignore[attr-defined]
    collation = "pg_c_utf8" if has_unicode_case else "default"
    return fragment('lower(upper($expression COLLATE "$collation"))', expression=expression, collation=collation)


def search_sql(name: str) -> str:
    """Return the condition on an item `i`; it takes the parameters of search_params()."""
    text, part, pattern = (casefold_sql(f"%({name}{each})s::text") for each in ("", "_part", "_pattern"))
    in_json = [
        fragment(IN_JSON, json=casefold_sql(f"i.{column}::text"), part=part, pattern=pattern) for column in JSON_COLUMNS
    ]
    in_text = [fragment(IN_TEXT, column=casefold_sql(f"i.{column}"), text=text) for column in TEXT_COLUMNS]
    return f"({' OR '.join(in_text + in_json)})"


def search_params(name: str, text: str) -> dict[str, str]:
    return {name: text, f"{name}_part": literal_part(text), f"{name}_pattern": search_regex(text)}


def json_escape(text: str) -> str:
    """Escape the text as in a JSON string, except for slashes."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def literal_part(text: str) -> str:
    """Return the longest part without slashes, which JSON may write with or without a backslash."""
    return max((json_escape(part) for part in text.split("/")), key=len)


def search_regex(text: str) -> str:
    literal = r"\\?/".join(escape_regex(json_escape(part)) for part in text.split("/"))
    tokens = [STRING_PREFIX + literal]
    if NUMBER_CHARACTERS.fullmatch(text):
        # A single "e" also occurs in true and false.
        tokens.append(f"[0-9]{literal}" if text in "eE" else literal)
    return f"{TOKEN_PREFIX}(?:{'|'.join(tokens)})"


def escape_regex(text: str) -> str:
    """Escape ASCII punctuation. In a PostgreSQL pattern, letters and digits must not be escaped."""
    return PUNCTUATION.sub(r"\\\g<0>", text)
