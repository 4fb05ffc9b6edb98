"""Forms in which an item is a line of text: JSON Lines and CSV.

PostgreSQL writes the lines: it is cheaper than to take rows apart, and leaves this process to others.
"""

from collections.abc import Iterator
from itertools import chain

from database.statements import Result
from items.transfer.writing.batches import Past, batch_statement, batches

HEAD = "id,input,output,metadata,ref_trace_id,ref_timestamp,ref_source_id,created_at,updated_at\r\n"


def time(column: str) -> str:
    """As everywhere in the API: in UTC, with six digits of a second or none."""
    return (
        f"to_char({column} AT TIME ZONE 'UTC', CASE extract(microseconds FROM {column})::int %% 1000000 WHEN 0"
        """ THEN 'YYYY-MM-DD"T"HH24:MI:SS"Z"' ELSE 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"' END)"""
    )


# concat() takes null for the empty text.
JSON_LINE = f"""concat(
  '{{"id":"', id, '","input":', coalesce(input, 'null'), ',"output":', coalesce(output, 'null'),
  ',"metadata":', coalesce(metadata, 'null'), ',"ref_trace_id":', coalesce(to_json(ref_trace_id), 'null'),
  ',"ref_timestamp":', coalesce('"' || {time("ref_timestamp")} || '"', 'null'),
  ',"ref_source_id":', coalesce(to_json(ref_source_id), 'null'),
  ',"created_at":"', {time("created_at")}, '","updated_at":"', {time("updated_at")}, E'"}}\\n')
"""


def quoted(column: str) -> str:
    """A cell of CSV. An empty text has its quotes too: a cell without any is null."""
    return f"""'"' || replace({column}::text, '"', '""') || '"'"""


CSV_LINE = f"""concat(
  id, ',', {quoted("input")}, ',', {quoted("output")}, ',', {quoted("metadata")}, ',', {quoted("ref_trace_id")}, ',',
  {time("ref_timestamp")}, ',', {quoted("ref_source_id")}, ',', {time("created_at")}, ',', {time("updated_at")},
  E'\\r\\n')
"""

JSON_LINES = batch_statement(JSON_LINE)
CSV_LINES = batch_statement(CSV_LINE)


def json_lines(past: Past) -> Iterator[bytes]:
    return map(joined, batches(past, JSON_LINES))


def csv_lines(past: Past) -> Iterator[bytes]:
    return chain([HEAD.encode()], map(joined, batches(past, CSV_LINES)))


def joined(result: Result) -> bytes:
    """The first column of all rows, as PostgreSQL has sent it: UTF-8."""
    raw = result.raw
    return b"".join([raw.get_value(row, 0) or b"" for row in range(raw.ntuples)])
