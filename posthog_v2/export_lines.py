"""The lines of an export, written by PostgreSQL like those of v1's exports."""

from collections.abc import Iterator

from database.sql import fragment
from items.exports.batches import BatchStatement, DatasetSnapshot, read_batches
from items.exports.text_files import join_first_column


def json_sql(column: str) -> str:
    return f"coalesce(to_json({column})::text, 'null')"


SOURCE_SQL = "(SELECT s.{name} FROM item_source s WHERE s.team_id = %(project_id)s AND s.item_id = i.id)"
# As Python formats times: six fractional digits or none, and +00:00.
TIME_SQL = """to_char(ref_timestamp AT TIME ZONE 'UTC', CASE extract(microseconds FROM ref_timestamp)::int %% 1000000
    WHEN 0 THEN 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"' ELSE 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"' END)"""
# Null and values other than objects appear as in the API; concat() treats null as empty text.
LINE_SQL = fragment(
    """concat(
  '{"dataset_id":"', %(dataset_id)s::uuid::text, '","dataset_revision":', %(revision)s::bigint, ',"item_id":"', id,
  '","client_item_id":', $client_item_id, ',"version":', version, ',"input":', coalesce(input::text, '{}'),
  ',"expected_output":', coalesce(output::text, 'null'), ',"source_output":', coalesce($source_output::text, 'null'),
  ',"metadata":', CASE WHEN metadata IS NULL THEN '{}' WHEN left(metadata::text, 1) = '{' THEN metadata::text
                       ELSE concat('{"value":', metadata, '}') END,
  ',"source_trace_id":', $trace_id, ',"source_event_id":', $event_id,
  ',"source_timestamp":', coalesce('"' || $time || '"', 'null'), E'}\\n')
""",
    client_item_id=json_sql(SOURCE_SQL.format(name="client_item_id")),
    source_output=SOURCE_SQL.format(name="source_output"),
    trace_id=json_sql("nullif(ref_trace_id, '')"),
    event_id=json_sql("nullif(ref_source_id, '')"),
    time=TIME_SQL,
)
EXPORT_LINES = BatchStatement.of("export_lines_v2", LINE_SQL)


def export_lines(dataset: DatasetSnapshot) -> Iterator[bytes]:
    return map(join_first_column, read_batches(dataset, EXPORT_LINES))
