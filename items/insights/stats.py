"""Statistics of a dataset: the number and size of items, and the types and keys of their fields."""

from typing import Any, NamedTuple
from uuid import UUID

import orjson

from database.query import fetch_one
from database.sql import fragment, sql
from items.queries import IN_DATASET, NEWEST_FIRST
from items.rows import JSON_COLUMNS, REF_COLUMNS, DatasetRef

# Only the newest items' JSON is parsed: it costs ten times as much as computing the sizes of all.
TYPE_SAMPLE_SIZE = 50_000
MAX_KEYS = MAX_AUTHORS = 100
MAX_KEY_CHARACTERS = 200

LIVE_ITEMS = f"dataset_item i WHERE {IN_DATASET}"
SIZES = [f"{name}_{size}" for name in JSON_COLUMNS for size in ("present", "total", "largest", "percentiles")]


def size_columns(name: str) -> str:
    return fragment(
        """
         count($name) AS ${name}_present, coalesce(sum($name), 0)::bigint AS ${name}_total,
         max($name) AS ${name}_largest,
         percentile_disc(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY $name) AS ${name}_percentiles""",
        name=name,
    )


# One statement reads everything in one snapshot, that of the head's revision.
STATS_SQL = sql(
    "read_stats",
    """
WITH sizes AS (
  SELECT min(created_at) AS first_created_at, max(created_at) AS last_created_at,
         $ref_counts, $sizes
    FROM (SELECT i.created_at, $refs, $lengths FROM $live_items) live
), authors AS (
  SELECT coalesce(json_agg(json_build_array(created_by_id, items) ORDER BY items DESC, created_by_id), '[]') AS authors
    FROM (SELECT i.created_by_id, count(*) AS items FROM $live_items GROUP BY 1 ORDER BY 2 DESC, 1
           LIMIT $max_authors) a
), newest AS MATERIALIZED (
  SELECT $as_jsonb FROM $live_items ORDER BY $newest_first LIMIT $sample_size
), values AS (
  SELECT f.* FROM newest,
         LATERAL (VALUES $fields) f (field, value)
   WHERE value IS NOT NULL
), types AS (
  SELECT coalesce(json_agg(json_build_array(field, type, items) ORDER BY items DESC, type), '[]') AS types
    FROM (SELECT field, jsonb_typeof(value) AS type, count(*) AS items FROM values GROUP BY 1, 2) t
), keys AS (
  SELECT field, left(k.key, $max_key_characters) AS key, jsonb_typeof(k.value) AS type, count(*) AS items
    FROM values, LATERAL jsonb_each(CASE WHEN jsonb_typeof(value) = 'object' THEN value END) k GROUP BY 1, 2, 3
), counted_keys AS (
  SELECT field, key, sum(items) AS items, json_object_agg(type, items ORDER BY items DESC, type) AS types,
         row_number() OVER (PARTITION BY field ORDER BY sum(items) DESC, key) AS key_rank FROM keys GROUP BY 1, 2
), frequent_keys AS (
  SELECT coalesce(json_agg(json_build_array(field, key, items, types) ORDER BY field, key_rank), '[]') AS keys
    FROM counted_keys WHERE key_rank <= $max_keys
)
SELECT h.revision, h.item_count,
       (SELECT count(*) FROM dataset_item i
         WHERE i.team_id = %(project_id)s AND i.dataset_id = %(dataset_id)s AND i.deleted) AS archived,
       first_created_at, last_created_at, $ref_names, $size_names,
       authors::text, types::text, keys::text, (SELECT count(*) FROM newest) AS sampled_items
  FROM dataset_head h, sizes, authors, types, frequent_keys
 WHERE h.team_id = %(project_id)s AND h.dataset_id = %(dataset_id)s
""",
    ref_counts=", ".join(f"count({name}) AS {name}" for name in REF_COLUMNS),
    sizes=", ".join(map(size_columns, JSON_COLUMNS)),
    refs=", ".join(f"i.{name}" for name in REF_COLUMNS),
    lengths=", ".join(f"octet_length(i.{name}::text) AS {name}" for name in JSON_COLUMNS),
    live_items=LIVE_ITEMS,
    max_authors=str(MAX_AUTHORS),
    as_jsonb=", ".join(f"i.{name}::jsonb" for name in JSON_COLUMNS),
    newest_first=NEWEST_FIRST,
    sample_size=str(TYPE_SAMPLE_SIZE),
    fields=", ".join(f"('{name}', {name})" for name in JSON_COLUMNS),
    max_key_characters=str(MAX_KEY_CHARACTERS),
    max_keys=str(MAX_KEYS),
    ref_names=", ".join(REF_COLUMNS),
    size_names=", ".join(SIZES),
)
COLUMN_NAMES = (
    "revision", "live", "archived", "first_created_at", "last_created_at", *REF_COLUMNS, *SIZES,
    "authors", "types", "keys", "sampled_items",
)  # fmt: skip


class Stats(NamedTuple):
    revision: int
    body: dict[str, Any]  # of the response, without the authors
    authors: list[tuple[int | None, int]]


def read_stats(project_id: int, dataset_id: UUID) -> Stats | None:
    """Return None if there is no such dataset. Reads all live items of the dataset."""
    row = fetch_one(STATS_SQL, DatasetRef(project_id, dataset_id).parameters)
    if row is None:
        return None
    columns = dict(zip(COLUMN_NAMES, row, strict=True))
    types, keys = orjson.loads(columns["types"]), orjson.loads(columns["keys"])
    body = {
        "dataset_revision": columns["revision"],
        "items": {"live": columns["live"], "archived": columns["archived"]},
        "first_created_at": columns["first_created_at"],
        "last_created_at": columns["last_created_at"],
        "bytes": sum(columns[f"{name}_total"] for name in JSON_COLUMNS),
        "fields": {name: field_stats(name, columns, types, keys) for name in JSON_COLUMNS},
        "present": {name: columns[name] for name in REF_COLUMNS},
        "sampled_items": columns["sampled_items"],
    }
    return Stats(columns["revision"], body, orjson.loads(columns["authors"]))


def field_stats(name: str, columns: dict[str, Any], types: list[Any], keys: list[Any]) -> dict[str, Any]:
    median, p95 = columns[f"{name}_percentiles"] or (None, None)
    return {
        "present": columns[f"{name}_present"],
        "bytes": {
            "total": columns[f"{name}_total"],
            "median": median,
            "p95": p95,
            "largest": columns[f"{name}_largest"],
        },
        "types": {kind: items for field, kind, items in types if field == name},
        "keys": [{"key": key, "count": items, "types": kinds} for field, key, items, kinds in keys if field == name],
    }
