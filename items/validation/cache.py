"""The schemas of datasets, cached by this process.

A version of the schemas never changes, so a cached one is never wrong, only outdated. A write therefore names the
version that it was checked against, and fails if the dataset's head has moved on to another.
"""

from uuid import UUID

from database.query import Row, fetch_one
from database.sql import sql
from items.models import DatasetSchema
from items.rows import DatasetRef, ItemRow
from items.validation.schemas import NO_SCHEMAS, SchemaMismatch, Schemas

# The most datasets whose schemas this process caches.
MAX_CACHED_DATASETS = 256

SCHEMA_COLUMNS = (
    "s.version, s.input::text, s.output::text, s.metadata::text, s.enforce, s.revision, s.created_at, s.created_by_id"
)
FIND_SCHEMAS = sql(
    "find_schemas",
    """
SELECT $columns FROM dataset_head h
  LEFT JOIN dataset_schema s ON s.team_id = %(project_id)s AND s.dataset_id = h.dataset_id
                            AND s.version = h.schema_version
 WHERE h.team_id = %(project_id)s AND h.dataset_id = %(dataset_id)s
""",
    columns=SCHEMA_COLUMNS,
)

cached_schemas: dict[tuple[int, UUID], Schemas] = {}


def validate_write(old_item: ItemRow | None, item: ItemRow) -> Schemas:
    """Check a write against the cached schemas and return them; only a mismatch costs a statement.

    `old_item` is None for a new item. Raises SchemaMismatch, and only for schemas in force.
    """
    key = item.team_id, item.dataset_id
    schemas = cached_schemas.get(key, NO_SCHEMAS)
    while True:
        try:
            schemas.validate(old_item, item)
            return schemas
        except SchemaMismatch:
            current = get_schemas(*key)
            if current is None or current.version == schemas.version:
                raise
            schemas = current


def get_schemas(project_id: int, dataset_id: UUID) -> Schemas | None:
    """Fetch and cache the schemas in force; None if there is no such dataset."""
    row = fetch_one(FIND_SCHEMAS, DatasetRef(project_id, dataset_id).parameters)
    if row is None:
        return None
    schemas = parse_schemas_row(row)
    put_in_cache(project_id, dataset_id, schemas)
    return schemas


def get_schemas_as_of(project_id: int, dataset_id: UUID, revision: int) -> Schemas:
    """Return the schemas in force at the revision, at the end if they changed during it."""
    versions = DatasetSchema.objects.filter(team_id=project_id, dataset_id=dataset_id, revision__lte=revision)
    row = versions.order_by("-version").values_list(*Schemas._fields).first()
    return Schemas._make(row) if row else NO_SCHEMAS


def parse_schemas_row(row: Row) -> Schemas:
    return NO_SCHEMAS if row[0] is None else Schemas._make(row)


def put_in_cache(project_id: int, dataset_id: UUID, schemas: Schemas) -> None:
    cached_schemas.pop((project_id, dataset_id), None)
    if not schemas.version:
        return
    # Evict the oldest entry. Concurrent threads may leave one entry more or less.
    while len(cached_schemas) >= MAX_CACHED_DATASETS:
        cached_schemas.pop(next(iter([*cached_schemas]), (0, dataset_id)), None)
    cached_schemas[project_id, dataset_id] = schemas
