"""Limit the bytes of a page before its rows are sent.

A list reads each JSON column through page_columns(), which returns a value only if it is so small that a page of such
values is within the limit. If one is larger, the page is measured, and read again if it fits as a whole.
"""

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import NamedTuple

from django.conf import settings
from rest_framework.exceptions import APIException

from database.query import Row
from database.sql import fragment
from items.rows import ID_COLUMNS, JSON_COLUMNS, TIME_COLUMNS

# Replaces a value that was not read; no JSON text is empty.
WITHHELD = ""
# The highest ratio of PostgreSQL's own compression (pglz): 273 bytes in little more than 3.
MAX_COMPRESSION = 88
# Values up to this stored length are decompressed to measure them, which takes milliseconds at most.
MAX_MEASURED = 65_536
# A value stored in few bytes is small, however well it is compressed.
GUARDED = """
CASE WHEN coalesce(pg_column_size($column), 0) <= %(max_stored)s THEN $column::text
     WHEN CASE WHEN pg_column_compression($column) IS NULL THEN pg_column_size($column) <= %(max_bytes)s
               ELSE pg_column_size($column) <= %(max_measured)s AND octet_length($column::text) <= %(max_bytes)s END
     THEN $column::text ELSE '' END"""
# For a column that is text already.
GUARDED_TEXT = "CASE WHEN octet_length($column) > %(max_bytes)s THEN '' ELSE $column END"
BYTES = "coalesce(octet_length($column::text), 0)"
# A naive time, which is loaded and rendered at half the cost. The renderer writes it as UTC.
SHOWN_TIME = "$column AT TIME ZONE 'UTC'"
UNBOUNDED = 2**62

FetchRows = Callable[[dict[str, int]], list[Row]]


class PageTooLarge(APIException):
    status_code = 400
    default_code = "page_too_large"
    default_type = "invalid_request"

    def __init__(self, rows: int, fitting: int, *, has_fields: bool = True) -> None:
        """`fitting` is the number of rows within the limit."""
        advice = [f"ask for limit={fitting}"] if fitting > 0 else []
        advice += ["name the fields= that you need"] if has_fields else []
        limit = f"{settings.PAGE_LIMIT_BYTES:,} bytes"
        text = ", or ".join(advice) or "read its rows one by one"
        super().__init__(f"This page of {rows} would have more than {limit}: {text}.")


class PageColumns(NamedTuple):
    """The columns of a page's rows, and the positions of JSON among them."""

    sql: str
    json_indexes: tuple[int, ...]


def page_columns(row: str, names: Iterable[str], *, is_text: bool = False, only_shown: bool = False) -> PageColumns:
    """Select columns of the row `row`; is_text if its JSON columns are text already.

    `only_shown` is for rows that are only rendered: UUID objects and times with a zone take 10 % of a list of 100.
    """
    columns = list(names)
    expressions = dict.fromkeys(JSON_COLUMNS, GUARDED_TEXT if is_text else GUARDED)
    if only_shown:
        # Under names of their own: ORDER BY id would otherwise sort by the text, without the index.
        expressions |= {name: f"$column::text AS {name}_text" for name in ID_COLUMNS}
        expressions |= {name: f"{SHOWN_TIME} AS {name}_utc" for name in TIME_COLUMNS}
    parts = [fragment(expressions.get(name, "$column"), column=f"{row}.{name}") for name in columns]
    return PageColumns(", ".join(parts), tuple(index for index, name in enumerate(columns) if name in JSON_COLUMNS))


def guarded(column: str, guard: str = GUARDED) -> str:
    """Select a JSON column that is withheld if it is large."""
    return fragment(guard, column=column)


def length_sql(column: str) -> str:
    return fragment(BYTES, column=column)


def bytes_sql(row: str, names: Iterable[str]) -> str:
    """Return the number of bytes of the JSON columns among these."""
    return " + ".join(length_sql(f"{row}.{name}") for name in names if name in JSON_COLUMNS) or "0"


def guards(limit: int, columns: int = len(JSON_COLUMNS)) -> dict[str, int]:
    """Return the parameters of guarded columns for a page of `limit` rows."""
    max_bytes = settings.PAGE_LIMIT_BYTES // (limit * columns)
    return {"max_bytes": max_bytes, "max_stored": max_bytes // MAX_COMPRESSION, "max_measured": MAX_MEASURED}


NO_GUARDS = dict.fromkeys(("max_bytes", "max_stored", "max_measured"), UNBOUNDED)


def fetch_bounded(  # noqa: PLR0913  describes a page, all by keyword
    fetch: FetchRows,
    measure: Callable[[], list[int]],
    *,
    limit: int,
    json_indexes: Sequence[int],
    start: int = 0,
    spare: int = 0,
    has_fields: bool = True,
) -> list[Row]:
    """Fetch the rows of a page; `measure` returns the bytes of each. Raises PageTooLarge.

    `json_indexes` are positions of JSON in a row, counted from `start`; `spare` rows of the limit are not shown.
    """
    rows = fetch(guards(limit, max(1, len(json_indexes))))
    if not any(WITHHELD in map(itemgetter(start + index), rows) for index in json_indexes):
        return rows
    check_bytes(measure(), spare, has_fields=has_fields)
    return fetch(NO_GUARDS)


def check_bytes(lengths: list[int], spare: int = 0, *, has_fields: bool = True) -> None:
    total = fitting = 0
    for length in lengths:
        total += length
        fitting += total <= settings.PAGE_LIMIT_BYTES
    if total > settings.PAGE_LIMIT_BYTES:
        raise PageTooLarge(len(lengths) - spare, fitting - spare, has_fields=has_fields)


def measured(rows: list[Row], *indexes: int) -> list[int]:
    """Return the bytes of each row, from its last column or from these; null means that there is no row."""
    columns = indexes or (-1,)
    return [sum(row[index] for index in columns) for row in rows if row[columns[0]] is not None]
