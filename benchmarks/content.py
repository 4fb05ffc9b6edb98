"""Content of the benchmark's rows: ids that can be computed, and items of about 1 KB. Pure.

The same expressions fill our tables and the plain ones, so that both services answer the same.
"""

import hashlib

PROJECT = 1
SMALL_PROJECTS = 1000
SMALL_PROJECT_ITEMS = 10
FIRST_SMALL_PROJECT = PROJECT + 1
# Where there is history: how often each item of the large dataset was written.
VERSIONS = 5

# The caller wrote all items. The colleague, of the same organization, did not: who reads others' items.
CALLER, COLLEAGUE = 1, 2
CALLER_KEY = "phx_" + "caller" * 8
COLLEAGUE_KEY = "phx_" + "colleague" * 5
UNKNOWN_KEY = "phx_" + "unknown" * 7
# For the services; nothing signed with it leaves this machine.
SECRET_KEY = "benchmark-only-" * 4

# Versions 7 that differ in their last digits alone, ascending as the creation times do.
ID = "01900000-0000-7000-{kind}-%012x"
DATASET_ID = ID.format(kind="8000")  # of project %d
ITEM_ID = ID.format(kind="9000")  # of item %d, counted through all projects


def sha256_hex(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def id_sql(template: str, number: str) -> str:
    """The id as an SQL expression, `number` being one too."""
    return f"('{template.removesuffix('%012x')}' || lpad(to_hex({number}), 12, '0'))::uuid"


# JSON texts with one %s each: 32 letters times so many are about 1 KB together.
INPUT = (
    '{"messages":[{"role":"system","content":"Answer briefly, from the documents."},{"role":"user","content":"%s"}]}'
)
OUTPUT = '{"answer":"%s","sources":[{"id":17,"score":0.8125},{"id":4,"score":0.5}]}'
METADATA = '{"origin":"import","language":"en","tags":["billing","refund"],"batch":"%s"}'
INPUT_FILLERS, OUTPUT_FILLERS, METADATA_FILLERS = 14, 9, 1


def json_sql(text: str, fillers: int) -> str:
    """The JSON text of row n as an SQL expression."""
    return f"format('{text}', repeat(md5(n::text), {fillers}))"


def json_text(text: str, fillers: int, *, unique: str = "0123456789abcdef" * 2) -> str:
    """Like json_sql, for a body: `unique` stands for the last filler."""
    return text % ("0123456789abcdef" * 2 * (fillers - 1) + unique)


# A row of these, n, project and place (within its project), for each item. They are sorted while they are short.
ITEMS_TO_MAKE = f"""
SELECT n, {PROJECT} AS project, n AS place FROM generate_series(1, %(items)s) n
UNION ALL
SELECT %(items)s + n, {FIRST_SMALL_PROJECT} + (n - 1) / {SMALL_PROJECT_ITEMS}, (n - 1) %% {SMALL_PROJECT_ITEMS} + 1
  FROM generate_series(1, {SMALL_PROJECTS * SMALL_PROJECT_ITEMS}) n
 ORDER BY n
"""
# Column and expression: what both services' item tables have in common. {type} is json or jsonb.
ITEM_COLUMNS = {
    "id": id_sql(ITEM_ID, "n"),
    "dataset_id": id_sql(DATASET_ID, "project"),
    "input": f"{json_sql(INPUT, INPUT_FILLERS)}::{{type}}",
    "output": f"{json_sql(OUTPUT, OUTPUT_FILLERS)}::{{type}}",
    "metadata": f"{json_sql(METADATA, METADATA_FILLERS)}::{{type}}",
    "ref_trace_id": "'trace-' || n",
    "ref_timestamp": "timestamptz '2026-01-01 00:00Z' + n * interval '1 second'",
    "ref_source_id": "NULL",
    "deleted": "false",
    "created_at": "timestamptz '2026-01-01 00:00Z' + n * interval '1.1 second'",
    "updated_at": "timestamptz '2026-01-01 00:00Z' + n * interval '1.1 second'",
    "created_by_id": str(CALLER),
}


def insert_items(table: str, json_type: str, **more: str) -> str:
    """INSERT … SELECT of all items; takes the parameter `items`, the number in the large dataset."""
    columns = {name: expression.replace("{type}", json_type) for name, expression in ITEM_COLUMNS.items()} | more
    expressions = ", ".join(text.replace("%s", "%%s") for text in columns.values())
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {expressions} FROM ({ITEMS_TO_MAKE}) made"
