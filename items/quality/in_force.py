"""Which schemas a dataset has.

A version of them never changes. So what this process knows of one stays true, and may only be late: a write therefore
names the version that it was checked against, and is not done if the dataset's head has moved on to another.
"""

from uuid import UUID

from database.statements import Row, fetch_one
from items.models import ItemRow
from items.quality.schemas import NONE, SchemaMismatch, Schemas

# Datasets whose schemas this process keeps in mind.
KEPT_DATASETS = 256

COLUMNS = (
    "s.version, s.input::text, s.output::text, s.metadata::text, s.enforce, s.revision, s.created_at, s.created_by_id"
)
FIND = f"""
SELECT {COLUMNS} FROM dataset_head h
  LEFT JOIN dataset_schema s ON s.team_id = %(team)s AND s.dataset_id = h.dataset_id AND s.version = h.schema_version
 WHERE h.team_id = %(team)s AND h.dataset_id = %(dataset)s
"""  # noqa: S608
FIND_AS_OF = f"""
SELECT {COLUMNS} FROM dataset_schema s
 WHERE s.team_id = %(team)s AND s.dataset_id = %(dataset)s AND s.revision <= %(revision)s
 ORDER BY s.version DESC LIMIT 1
"""  # noqa: S608

known: dict[tuple[int, UUID], Schemas] = {}


def check_write(was: ItemRow | None, item: ItemRow) -> Schemas:
    """The schemas that a write fits, as far as this process knows; without a statement.

    `was` is None for an item that was not there. Raises SchemaMismatch, for schemas in force alone.
    """
    place = item.team_id, item.dataset_id
    schemas = known.get(place, NONE)
    while True:
        try:
            schemas.check(was, item)
            return schemas
        except SchemaMismatch:
            present = schemas_of(*place)
            if present is None or present.version == schemas.version:
                raise
            schemas = present


def schemas_of(project_id: int, dataset_id: UUID) -> Schemas | None:
    """What is in force, or under the head's lock what will be; None: no such dataset."""
    row = fetch_one(FIND, {"team": project_id, "dataset": dataset_id})
    if row is None:
        return None
    schemas = as_schemas(row)
    keep(project_id, dataset_id, schemas)
    return schemas


def schemas_as_of(project_id: int, dataset_id: UUID, revision: int) -> Schemas:
    """What was in force at a revision that the dataset has."""
    row = fetch_one(FIND_AS_OF, {"team": project_id, "dataset": dataset_id, "revision": revision})
    return as_schemas(row) if row else NONE


def as_schemas(row: Row) -> Schemas:
    return NONE if row[0] is None else Schemas._make(row)


def keep(project_id: int, dataset_id: UUID, schemas: Schemas) -> None:
    known.pop((project_id, dataset_id), None)
    if not schemas.version:
        return
    # The one that was put in first goes; threads that do the same at once may leave one more or less.
    while len(known) >= KEPT_DATASETS:
        known.pop(next(iter([*known]), (0, dataset_id)), None)
    known[project_id, dataset_id] = schemas
