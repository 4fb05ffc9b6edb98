"""Text files with a line per item: JSON Lines and CSV.

PostgreSQL writes the lines: that is cheaper than parsing rows, and leaves this process free for other requests.
"""

from collections.abc import Iterator
from itertools import chain

from database.query import Result
from database.sql import fragment
from items.exports.batches import BatchStatement, DatasetSnapshot, read_batches

CSV_HEADER = "id,input,output,metadata,ref_trace_id,ref_timestamp,ref_source_id,created_at,updated_at\r\n"
# In UTC, with six fractional digits or none, as everywhere in the API.
TIME = """
to_char(i.$column AT TIME ZONE 'UTC', CASE extract(microseconds FROM i.$column)::int %% 1000000
        WHEN 0 THEN 'YYYY-MM-DD"T"HH24:MI:SS"Z"' ELSE 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"' END)"""
REF_TIMESTAMP, CREATED_AT, UPDATED_AT = (
    fragment(TIME, column=column) for column in ("ref_timestamp", "created_at", "updated_at")
)

# concat() treats null as empty text. U+2028, U+2029 and U+0085 end a line for many readers, so they are escaped; they
# occur only in strings.
JSON_LINE = fragment(
    r"""
replace(replace(replace(concat(
  '{"id":"', i.id, '","input":', coalesce(i.input, 'null'), ',"output":', coalesce(i.output, 'null'),
  ',"metadata":', coalesce(i.metadata, 'null'), ',"ref_trace_id":', coalesce(to_json(i.ref_trace_id), 'null'),
  ',"ref_timestamp":', coalesce('"' || $ref_timestamp || '"', 'null'),
  ',"ref_source_id":', coalesce(to_json(i.ref_source_id), 'null'),
  ',"created_at":"', $created_at, '","updated_at":"', $updated_at, E'"}\n'),
  U&'\2028', '\u2028'), U&'\2029', '\u2029'), U&'\0085', '\u0085')
""",
    ref_timestamp=REF_TIMESTAMP,
    created_at=CREATED_AT,
    updated_at=UPDATED_AT,
)


def csv_cell_sql(column: str) -> str:
    """Return a cell of CSV. Empty text is quoted too: a cell without quotes is null."""
    return fragment("""'"' || replace(i.$column::text, '"', '""') || '"'""", column=column)


CSV_LINE = fragment(
    r"""
concat(i.id, ',', $input, ',', $output, ',', $metadata, ',', $ref_trace_id, ',', $ref_timestamp, ',', $ref_source_id,
       ',', $created_at, ',', $updated_at, E'\r\n')
""",
    **{column: csv_cell_sql(column) for column in ("input", "output", "metadata", "ref_trace_id", "ref_source_id")},
    ref_timestamp=REF_TIMESTAMP,
    created_at=CREATED_AT,
    updated_at=UPDATED_AT,
)

JSON_LINES = BatchStatement.of("export_json_lines", JSON_LINE)
CSV_LINES = BatchStatement.of("export_csv_lines", CSV_LINE)


def json_lines(dataset: DatasetSnapshot) -> Iterator[bytes]:
    return map(join_first_column, read_batches(dataset, JSON_LINES))


def csv_lines(dataset: DatasetSnapshot) -> Iterator[bytes]:
    return chain([CSV_HEADER.encode()], map(join_first_column, read_batches(dataset, CSV_LINES)))


def join_first_column(result: Result) -> bytes:
    """Join the first column of all rows as PostgreSQL sent it, in UTF-8."""
    raw = result.raw
    return b"".join([raw.get_value(row, 0) or b"" for row in range(raw.ntuples)])
