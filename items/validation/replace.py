"""Replace the schemas of a dataset, after checking the items that it has."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from rest_framework.serializers import ValidationError

from database.query import fetch_one
from database.sql import sql
from items.heads import HEAD_ROW, lock_head
from items.queries import ProjectItems
from items.rows import DatasetRef
from items.validation.batch import locked_schemas
from items.validation.existing_items import ExistingItems, ExistingItemsInvalid, ItemViolation
from items.validation.pool import InvalidSchema, ValidationTimeout, validate_values
from items.validation.schemas import FIELDS, NO_SCHEMAS, Enforce, Schemas, Violation

MAX_SCHEMA_CHARACTERS = 65_536
# The most items to check while other writers wait.
MAX_CHECKED_UNDER_LOCK = 1000

# A write of schemas is not a write of items: the dataset stays at its revision.
INSERT_SCHEMAS = sql(
    "insert_schemas",
    """
WITH head AS (
  UPDATE dataset_head SET schema_version = schema_version + 1
   WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s
  RETURNING dataset_id, revision, schema_version
), inserted AS (
  INSERT INTO dataset_schema (team_id, dataset_id, version, revision, input, output, metadata, enforce, created_at,
                              created_by_id)
  SELECT h.team_id, h.dataset_id, head.schema_version, head.revision, %(input)s::json, %(output)s::json,
         %(metadata)s::json, %(enforce)s, %(created_at)s, %(created_by_id)s
    FROM head JOIN $head_row
)
SELECT schema_version, revision FROM head
""",
    head_row=HEAD_ROW,
)

# Called with the schemas in force; raises an error to reject the write.
Precondition = Callable[[Schemas], None]


class PutResult(NamedTuple):
    schemas: Schemas
    dataset_revision: int


def put_schemas(
    *,
    items: ProjectItems,
    user_id: int,
    dataset_id: UUID,
    current: Schemas,
    new_schemas: Schemas,
    precondition: Precondition,
) -> PutResult:
    """Create a new version of the schemas, unless the same ones are in force.

    Items are checked while others write. Changes made meanwhile are checked in rounds, until few enough are left to
    check them under the lock. Raises ValidationError, and whatever the precondition raises.
    """
    if are_same(current, new_schemas):
        return PutResult(current, items.head(dataset_id).revision)
    check_schemas(new_schemas)
    existing = ExistingItems(items.project_id, dataset_id)
    checks_existing = new_schemas.enforce == Enforce.ALL and bool(new_schemas.fields)
    checked_revision = check_while_writable(items, existing, dataset_id, new_schemas) if checks_existing else 0
    with transaction.atomic():
        head = lock_head(items.project_id, dataset_id)
        locked = locked_schemas(items.project_id, dataset_id, head.schema_version)
        precondition(locked)
        if are_same(locked, new_schemas):
            return PutResult(locked, head.revision)
        if checks_existing:
            raise_on_violations(existing.violations_since(checked_revision, new_schemas))
        return insert_schemas(items.project_id, user_id, dataset_id, new_schemas)


def are_same(current: Schemas, new_schemas: Schemas) -> bool:
    same = all(getattr(current, name) == getattr(new_schemas, name) for name in FIELDS)
    # Without a schema there is nothing to enforce.
    return same and (current.enforce == new_schemas.enforce or not new_schemas.fields)


def check_schemas(new_schemas: Schemas) -> None:
    for field in new_schemas.fields:
        schema = getattr(new_schemas, field)
        if len(schema) > MAX_SCHEMA_CHARACTERS:
            raise invalid_schema_error(Violation(field, f"A schema has at most {MAX_SCHEMA_CHARACTERS} characters."))
        try:
            validate_values([(schema, [])])
        except InvalidSchema as error:
            raise invalid_schema_error(
                Violation.at(field, error.path, f"Not a valid JSON Schema: {error.detail}")
            ) from error
        except ValidationTimeout as error:
            raise invalid_schema_error(Violation(field, "It takes too long to read this schema.")) from error


def invalid_schema_error(violation: Violation) -> ValidationError:
    return ValidationError({violation.attr: [violation.detail]}, code="invalid_schema")


def check_while_writable(items: ProjectItems, existing: ExistingItems, dataset_id: UUID, new_schemas: Schemas) -> int:
    """Return a revision up to which all items fit and after which few changes were made."""
    revision = items.head(dataset_id).revision
    raise_on_violations(existing.violations(new_schemas))
    while existing.changes_since(revision, limit=MAX_CHECKED_UNDER_LOCK) == MAX_CHECKED_UNDER_LOCK:
        before, revision = revision, items.head(dataset_id).revision
        raise_on_violations(existing.violations_since(before, new_schemas))
    return revision


def raise_on_violations(violations: list[ItemViolation]) -> None:
    if violations:
        raise ExistingItemsInvalid(violations[0].attr.partition(".")[0], violations)


def insert_schemas(project_id: int, user_id: int, dataset_id: UUID, new_schemas: Schemas) -> PutResult:
    new_schemas = new_schemas._replace(created_at=datetime.now(UTC), created_by_id=user_id)
    row = fetch_one(INSERT_SCHEMAS, new_schemas._asdict() | DatasetRef(project_id, dataset_id).parameters)
    assert row is not None  # noqa: S101  the head is locked
    version, revision = row
    return PutResult(new_schemas._replace(version=version, revision=revision), revision)


def schemas_from_body(values: dict[str, Any]) -> Schemas:
    """Build schemas from a body; a field missing from it gets no schema."""
    return NO_SCHEMAS._replace(**values)
