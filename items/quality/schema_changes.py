"""Puts the schemas of a dataset, and sees to it that the items which are there fit."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from rest_framework.serializers import ValidationError

from database.statements import fetch_one
from items.bulk.heads import lock_head
from items.change_statements import NEXT_TIME
from items.quality.checkers import InvalidSchema, TooCostly, find_misfits
from items.quality.many import locked_schemas
from items.quality.present_items import ItemMisfit, ItemsMismatch, PresentItems
from items.quality.schemas import FIELDS, NONE, Enforce, Misfit, Schemas
from items.reads import ProjectItems

MAX_SCHEMA_CHARACTERS = 65_536
# Items that may be checked while other writers wait.
FEW = 1000

SWITCH = f"""
WITH head AS (
  UPDATE dataset_head
     SET revision = revision + 1, schema_version = schema_version + 1, changed_at = {NEXT_TIME}
   WHERE team_id = %(team_id)s AND dataset_id = %(dataset_id)s
  RETURNING dataset_id, revision, schema_version, item_count, changed_at
), schema AS (
  INSERT INTO dataset_schema (team_id, dataset_id, version, revision, input, output, metadata, enforce, created_at,
                              created_by_id)
  SELECT %(team_id)s, dataset_id, schema_version, revision, %(input)s::json, %(output)s::json, %(metadata)s::json,
         %(enforce)s, changed_at, %(user_id)s FROM head
), record AS (
  INSERT INTO dataset_change (team_id, dataset_id, revision, position, operation, created_at, created_by_id, item_count,
                              created, updated, archived, restored)
  SELECT %(team_id)s, dataset_id, revision, 0, 'dataset_updated', changed_at, %(user_id)s, item_count, 0, 0, 0, 0
    FROM head
)
SELECT schema_version, revision, changed_at FROM head
"""  # noqa: S608

# Called with the schemas in force; raises to refuse the write.
Precondition = Callable[[Schemas], None]


class PutSchemas(NamedTuple):
    schemas: Schemas
    dataset_revision: int


def put_schemas(
    *,
    items: ProjectItems,
    user_id: int,
    dataset_id: UUID,
    present: Schemas,
    wanted: Schemas,
    precondition: Precondition,
) -> PutSchemas:
    """One revision, or none where the same are in force. Raises ValidationError, and what the precondition raises.

    Items are checked while others write; what has been written meanwhile is checked again, until it is little enough to
    be checked while they wait.
    """
    if is_same(present, wanted):
        return PutSchemas(present, items.head(dataset_id).revision)
    check_schemas(wanted)
    there = PresentItems(items.project_id, dataset_id)
    is_for_all = wanted.enforce == Enforce.ALL and bool(wanted.fields)
    checked = check_with_writers_at_work(items, there, dataset_id, wanted) if is_for_all else 0
    with transaction.atomic():
        head = lock_head(items.project_id, dataset_id)
        in_force = locked_schemas(items.project_id, dataset_id, head.schema_version)
        precondition(in_force)
        if is_same(in_force, wanted):
            return PutSchemas(in_force, head.revision)
        if is_for_all:
            refuse(there.misfits_since(checked, wanted))
        return switch(items.project_id, user_id, dataset_id, wanted)


def is_same(present: Schemas, wanted: Schemas) -> bool:
    same = all(getattr(present, name) == getattr(wanted, name) for name in FIELDS)
    # Without a schema there is nothing to enforce.
    return same and (present.enforce == wanted.enforce or not wanted.fields)


def check_schemas(wanted: Schemas) -> None:
    for field in wanted.fields:
        schema = getattr(wanted, field)
        if len(schema) > MAX_SCHEMA_CHARACTERS:
            raise refusal(Misfit(field, f"A schema has at most {MAX_SCHEMA_CHARACTERS} characters."))
        try:
            find_misfits([(schema, [])])
        except InvalidSchema as error:
            raise refusal(Misfit.at(field, error.path, f"No valid JSON Schema: {error.detail}")) from error
        except TooCostly as error:
            raise refusal(Misfit(field, "It takes too long to read this schema.")) from error


def refusal(misfit: Misfit) -> ValidationError:
    return ValidationError({misfit.attr: [misfit.detail]}, code="invalid_schema")


def check_with_writers_at_work(items: ProjectItems, there: PresentItems, dataset_id: UUID, wanted: Schemas) -> int:
    """Returns the revision up to which all items fit, which few changes have followed."""
    revision = items.head(dataset_id).revision
    refuse(there.misfits(wanted))
    while there.changes_since(revision, limit=FEW) == FEW:
        before, revision = revision, items.head(dataset_id).revision
        refuse(there.misfits_since(before, wanted))
    return revision


def refuse(misfits: list[ItemMisfit]) -> None:
    if misfits:
        raise ItemsMismatch(misfits[0].attr.partition(".")[0], misfits)


def switch(project_id: int, user_id: int, dataset_id: UUID, wanted: Schemas) -> PutSchemas:
    now = datetime.now(UTC)
    ids = {"team_id": project_id, "dataset_id": dataset_id, "user_id": user_id}
    row = fetch_one(SWITCH, wanted._asdict() | ids | {"created_at": now, "updated_at": now})
    assert row is not None  # noqa: S101  the head is locked
    version, revision, created_at = row
    put = wanted._replace(version=version, revision=revision, created_at=created_at, created_by_id=user_id)
    return PutSchemas(put, revision)


def wanted_schemas(values: dict[str, Any]) -> Schemas:
    """What a body asks for; a field that it lacks is to have no schema."""
    return NONE._replace(**values)
