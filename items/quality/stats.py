"""What is in a dataset: how many items, how large, and which types and keys their fields have."""

from typing import Any, NamedTuple
from uuid import UUID

import orjson

from database.statements import fetch_one
from items.models import JSON_COLUMNS, REF_COLUMNS
from items.reads import NEWEST_FIRST, OF_DATASET

# Items whose JSON is parsed, the newest: it costs ten times what the sizes of all cost.
TYPES_OF = 50_000
MAX_KEYS = MAX_AUTHORS = 100
MAX_KEY_CHARACTERS = 200

LIVE = f"dataset_item i WHERE {OF_DATASET}"
SIZES = [f"{name}_{size}" for name in JSON_COLUMNS for size in ("present", "total", "largest", "percentiles")]


def sizes_of(name: str) -> str:
    return f"""
         count({name}) AS {name}_present, coalesce(sum({name}), 0)::bigint AS {name}_total,
         max({name}) AS {name}_largest,
         percentile_disc(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY {name}) AS {name}_percentiles"""


# One statement, and so of one snapshot, that of the head's revision.
STATS = f"""
WITH sizes AS (
  SELECT min(created_at) AS first_created_at, max(created_at) AS last_created_at,
         {", ".join(f"count({name}) AS {name}" for name in REF_COLUMNS)}, {", ".join(map(sizes_of, JSON_COLUMNS))}
    FROM (SELECT i.created_at, {", ".join(f"i.{name}" for name in REF_COLUMNS)},
                 {", ".join(f"octet_length(i.{name}::text) AS {name}" for name in JSON_COLUMNS)} FROM {LIVE}) live
), authors AS (
  SELECT coalesce(json_agg(json_build_array(created_by_id, items) ORDER BY items DESC, created_by_id), '[]') AS authors
    FROM (SELECT i.created_by_id, count(*) AS items FROM {LIVE} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MAX_AUTHORS}) a
), newest AS MATERIALIZED (
  SELECT {", ".join(f"i.{name}::jsonb" for name in JSON_COLUMNS)} FROM {LIVE} ORDER BY {NEWEST_FIRST} LIMIT {TYPES_OF}
), values AS (
  SELECT f.* FROM newest,
         LATERAL (VALUES {", ".join(f"('{name}', {name})" for name in JSON_COLUMNS)}) f (field, value)
   WHERE value IS NOT NULL
), types AS (
  SELECT coalesce(json_agg(json_build_array(field, type, items) ORDER BY items DESC, type), '[]') AS types
    FROM (SELECT field, jsonb_typeof(value) AS type, count(*) AS items FROM values GROUP BY 1, 2) t
), keys AS (
  SELECT field, left(k.key, {MAX_KEY_CHARACTERS}) AS key, jsonb_typeof(k.value) AS type, count(*) AS items
    FROM values, LATERAL jsonb_each(CASE WHEN jsonb_typeof(value) = 'object' THEN value END) k GROUP BY 1, 2, 3
), counted_keys AS (
  SELECT field, key, sum(items) AS items, json_object_agg(type, items ORDER BY items DESC, type) AS types,
         row_number() OVER (PARTITION BY field ORDER BY sum(items) DESC, key) AS place FROM keys GROUP BY 1, 2
), frequent_keys AS (
  SELECT coalesce(json_agg(json_build_array(field, key, items, types) ORDER BY field, place), '[]') AS keys
    FROM counted_keys WHERE place <= {MAX_KEYS}
)
SELECT h.revision, h.item_count,
       (SELECT count(*) FROM dataset_item i
         WHERE i.team_id = %(team)s AND i.dataset_id = %(dataset)s AND i.deleted) AS archived,
       first_created_at, last_created_at, {", ".join(REF_COLUMNS)}, {", ".join(SIZES)},
       authors::text, types::text, keys::text, (SELECT count(*) FROM newest) AS types_of
  FROM dataset_head h, sizes, authors, types, frequent_keys
 WHERE h.team_id = %(team)s AND h.dataset_id = %(dataset)s
"""  # noqa: S608
NAMES = (
    "revision", "live", "archived", "first_created_at", "last_created_at", *REF_COLUMNS, *SIZES,
    "authors", "types", "keys", "types_of",
)  # fmt: skip


class Stats(NamedTuple):
    revision: int
    body: dict[str, Any]  # as it is answered, but for the authors
    authors: list[tuple[int | None, int]]


def read_stats(project_id: int, dataset_id: UUID) -> Stats | None:
    """None: no such dataset. Reads all live items of the dataset."""
    row = fetch_one(STATS, {"team": project_id, "dataset": dataset_id})
    if row is None:
        return None
    found = dict(zip(NAMES, row, strict=True))
    types, keys = orjson.loads(found["types"]), orjson.loads(found["keys"])
    body = {
        "dataset_revision": found["revision"],
        "items": {"live": found["live"], "archived": found["archived"]},
        "first_created_at": found["first_created_at"],
        "last_created_at": found["last_created_at"],
        "bytes": sum(found[f"{name}_total"] for name in JSON_COLUMNS),
        "fields": {name: field_stats(name, found, types, keys) for name in JSON_COLUMNS},
        "present": {name: found[name] for name in REF_COLUMNS},
        "types_of": found["types_of"],
    }
    return Stats(found["revision"], body, orjson.loads(found["authors"]))


def field_stats(name: str, found: dict[str, Any], types: list[Any], keys: list[Any]) -> dict[str, Any]:
    median, p95 = found[f"{name}_percentiles"] or (None, None)
    return {
        "present": found[f"{name}_present"],
        "bytes": {
            "total": found[f"{name}_total"],
            "median": median,
            "p95": p95,
            "largest": found[f"{name}_largest"],
        },
        "types": {kind: items for field, kind, items in types if field == name},
        "keys": [{"key": key, "count": items, "types": kinds} for field, key, items, kinds in keys if field == name],
    }
