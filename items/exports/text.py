"""Forms in which an item is a line of text: JSON Lines and CSV.

PostgreSQL writes the lines: it is cheaper than to take rows apart, and leaves this process to others.
"""

from collections.abc import Iterator
from itertools import chain

from database.query import Result
from items.exports.batches import DatasetSnapshot, batch_sql, read_batches

CSV_HEADER = "id,input,output,metadata,ref_trace_id,ref_timestamp,ref_source_id,created_at,updated_at\r\n"


def time_sql(column: str) -> str:
    """As everywhere in the API: in UTC, with six digits of a second or none."""
    return (
        f"to_char({column} AT TIME ZONE 'UTC', CASE extract(microseconds FROM {column})::int %% 1000000 WHEN 0"
        """ THEN 'YYYY-MM-DD"T"HH24:MI:SS"Z"' ELSE 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"' END)"""
    )


# concat() takes null for the empty text.
JSON_LINE_SQL = f"""concat(
  '{{"id":"', id, '","input":', coalesce(input, 'null'), ',"output":', coalesce(output, 'null'),
  ',"metadata":', coalesce(metadata, 'null'), ',"ref_trace_id":', coalesce(to_json(ref_trace_id), 'null'),
  ',"ref_timestamp":', coalesce('"' || {time_sql("ref_timestamp")} || '"', 'null'),
  ',"ref_source_id":', coalesce(to_json(ref_source_id), 'null'),
  ',"created_at":"', {time_sql("created_at")}, '","updated_at":"', {time_sql("updated_at")}, E'"}}\\n')
"""


def csv_cell_sql(column: str) -> str:
    """A cell of CSV. An empty text has its quotes too: a cell without any is null."""
    return f"""'"' || replace({column}::text, '"', '""') || '"'"""


CSV_LINE_SQL = f"""concat(
  id, ',', {csv_cell_sql("input")}, ',', {csv_cell_sql("output")}, ',', {csv_cell_sql("metadata")}, ',', {csv_cell_sql("ref_trace_id")}, ',',
  {time_sql("ref_timestamp")}, ',', {csv_cell_sql("ref_source_id")}, ',', {time_sql("created_at")}, ',', {time_sql("updated_at")},
  E'\\r\\n')
"""

JSON_LINES_SQL = batch_sql(JSON_LINE_SQL)
CSV_LINES_SQL = batch_sql(CSV_LINE_SQL)


def json_lines(dataset: DatasetSnapshot) -> Iterator[bytes]:
    return map(join_first_column, read_batches(dataset, JSON_LINES_SQL))


def csv_lines(dataset: DatasetSnapshot) -> Iterator[bytes]:
    return chain([CSV_HEADER.encode()], map(join_first_column, read_batches(dataset, CSV_LINES_SQL)))


def join_first_column(result: Result) -> bytes:
    """The first column of all rows, as PostgreSQL has sent it: UTF-8."""
    raw = result.raw
    return b"".join([raw.get_value(row, 0) or b"" for row in range(raw.ntuples)])
