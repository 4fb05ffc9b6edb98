"""Search for a text in every table, and in the files of the database."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from django.db import connection
from psycopg.sql import SQL, Identifier

CHUNK_BYTES = 1024 * 1024
LIST_COLUMNS = """
SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
  JOIN information_schema.tables t USING (table_schema, table_name)
 WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' ORDER BY 1, 2
"""
# A substring search: % and _ are literal. Columns other than bytea are searched as text.
COUNT_IN_TEXT = "SELECT count(*) FROM {table} WHERE strpos({column}::text, %s) > 0"
COUNT_IN_BYTES = "SELECT count(*) FROM {table} WHERE position(convert_to(%s, 'UTF8') IN {column}) > 0"


class Finding(NamedTuple):
    place: str  # table.column, or a file
    rows: int


def spellings(text: str) -> list[str]:
    """Return the text itself and its spellings in JSON."""
    return list(dict.fromkeys([text, json.dumps(text, ensure_ascii=False)[1:-1], json.dumps(text)[1:-1]]))


def search_tables(text: str) -> Iterator[Finding]:
    """Yield each column with the number of rows that contain the text."""
    with connection.cursor() as cursor:
        cursor.execute(LIST_COLUMNS)
        for table, column, data_type in cursor.fetchall():
            template = COUNT_IN_BYTES if data_type == "bytea" else COUNT_IN_TEXT
            statement = SQL(template).format(table=Identifier(table), column=Identifier(column))
            count = 0
            for spelling in spellings(text):
                cursor.execute(statement, [spelling])
                count = max(count, cursor.fetchone()[0])
            if count:
                yield Finding(f"{table}.{column}", count)


def search_files(folder: Path, text: str) -> Iterator[Finding]:
    """Yield each file below the folder that contains the text. The server may delete files meanwhile."""
    needles = [spelling.encode() for spelling in spellings(text)]
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        try:
            count = count_in_file(path, needles)
        except FileNotFoundError:
            continue
        if count:
            yield Finding(str(path.relative_to(folder)), count)


def count_in_file(path: Path, needles: Iterable[bytes]) -> int:
    """Search in constant memory, also across two chunks."""
    needles = list(needles)
    overlap = max(map(len, needles)) - 1
    count, tail = 0, b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            window = tail + chunk
            count += sum(needle in window for needle in needles)
            tail = window[-overlap:] if overlap else b""
    return count


def data_directory() -> Path:
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        return Path(cursor.fetchone()[0])
