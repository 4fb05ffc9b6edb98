"""Writes: each one function and one transaction, the only door to the tables of items.

Every write of an item also bumps its dataset's head, in the same statement and before the item: the head's row lock
makes writers of one dataset take turns, so that revisions have no gaps and counts are exact.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import DataError, transaction
from psycopg.errors import DivisionByZero
from uuid_utils.compat import uuid7

from database.statements import execute, fetch_all, fetch_one
from items.models import ItemRow, placeholder
from items.reads import FoundItem, ProjectItems, UnknownDataset

CREATE_ITEM = f"""
WITH head AS (
  UPDATE dataset_head SET revision = revision + 1, item_count = item_count + %(visible)s
   WHERE team_id = %(team_id)s AND dataset_id = %(dataset_id)s
  RETURNING revision
)
INSERT INTO dataset_item ({", ".join(ItemRow._fields)})
SELECT {", ".join(placeholder(column) for column in ItemRow._fields[:-1])}, head.revision FROM head
RETURNING revision
"""  # noqa: S608

TOUCH_ITEM = """
UPDATE dataset_item SET updated_at = %(updated_at)s
 WHERE team_id = %(team_id)s AND id = %(id)s AND version = %(version)s
"""

LOCK_HEADS = """
SELECT dataset_id FROM dataset_head WHERE team_id = %s AND dataset_id = ANY(%s) ORDER BY dataset_id FOR UPDATE
"""


def is_visible(item: ItemRow) -> bool:
    return item.deleted is not True


def create_item(*, project_id: int, user_id: int, values: Mapping[str, Any]) -> ItemRow:
    """One statement. Raises UnknownDataset."""
    created_at = datetime.now(UTC)
    item = ItemRow(
        team_id=project_id,
        id=uuid7(),
        dataset_id=values["dataset_id"],
        input=values.get("input"),
        output=values.get("output"),
        metadata=values.get("metadata"),
        ref_trace_id=values.get("ref_trace_id"),
        ref_timestamp=values.get("ref_timestamp"),
        ref_source_id=values.get("ref_source_id"),
        deleted=values.get("deleted", False),
        created_at=created_at,
        # v1 read the clock twice, and so shows an item as touched a moment after its creation.
        updated_at=datetime.now(UTC),
        created_by_id=user_id,
        version=1,
        revision=0,
    )
    row = fetch_one(CREATE_ITEM, item._asdict() | {"visible": int(is_visible(item))})
    if row is None:
        raise UnknownDataset
    return item._replace(revision=row[0])


def update_item(*, items: ProjectItems, found: FoundItem, changes: Mapping[str, Any]) -> FoundItem:
    """Writes the fields that differ; where none does, only updated_at moves. Raises UnknownDataset.

    The write holds only if the item is still at the version that was read; else both are done again. One statement,
    but for a move to another dataset, which locks both heads first.
    """
    while True:
        item, author = found
        changed = {name: value for name, value in changes.items() if getattr(item, name) != value}
        target = item._replace(**changed, updated_at=datetime.now(UTC))
        written = write_item(item, target, changed) if changed else touch_item(target)
        if written:
            return FoundItem(written, author)
        again = items.find_also_deleted(item.id)
        assert again is not None  # noqa: S101  items are never removed
        found = again


def touch_item(target: ItemRow) -> ItemRow | None:
    return target if execute(TOUCH_ITEM, target._asdict()) else None


def write_item(item: ItemRow, target: ItemRow, changed: Mapping[str, Any]) -> ItemRow | None:
    """None: somebody else wrote the item since it was read."""
    parameters = target._asdict() | {
        "was_in": item.dataset_id,
        "was_at": item.version,
        "change": is_visible(target) - is_visible(item),
        "arriving": int(is_visible(target)),
        "leaving": int(is_visible(item)),
    }
    try:
        if target.dataset_id == item.dataset_id:
            row = fetch_one(update_statement(changed, BUMP_HEAD), parameters)
        else:
            row = move_item(item, target, changed, parameters)
    except DataError as error:
        if isinstance(error.__cause__, DivisionByZero):
            return None
        raise
    if row is None:
        raise UnknownDataset
    return target._replace(version=item.version + 1, revision=row[0])


def move_item(
    item: ItemRow, target: ItemRow, changed: Mapping[str, Any], parameters: dict[str, Any]
) -> tuple[Any, ...] | None:
    with transaction.atomic():
        # Both heads in id order, so that two moves in opposite directions wait instead of blocking each other.
        if len(fetch_all(LOCK_HEADS, [item.team_id, [item.dataset_id, target.dataset_id]])) < 2:
            return None
        return fetch_one(update_statement(changed, BUMP_BOTH_HEADS), parameters)


BUMP_HEAD = """
  UPDATE dataset_head SET revision = revision + 1, item_count = item_count + %(change)s
   WHERE team_id = %(team_id)s AND dataset_id = %(dataset_id)s
  RETURNING revision, dataset_id
"""
BUMP_BOTH_HEADS = """
  UPDATE dataset_head SET revision = revision + 1,
         item_count = item_count + CASE WHEN dataset_id = %(dataset_id)s THEN %(arriving)s ELSE -%(leaving)s END
   WHERE team_id = %(team_id)s AND dataset_id IN (%(dataset_id)s, %(was_in)s)
  RETURNING revision, dataset_id
"""


def update_statement(changed: Mapping[str, Any], bump: str) -> str:
    """Only what changed is sent and written: a large field that stays is not touched.

    The head is bumped first. If the item has moved on meanwhile, the division by zero undoes the bump without a
    round trip for BEGIN and ROLLBACK: a revision must not exist without its write.
    """
    assignments = ", ".join(f"{column} = {placeholder(column)}" for column in ItemRow._fields if column in changed)
    return f"""
WITH heads AS ({bump}), head AS (
  SELECT revision FROM heads WHERE dataset_id = %(dataset_id)s
), written AS (
  UPDATE dataset_item i
     SET {assignments}, updated_at = %(updated_at)s, version = version + 1, revision = head.revision
    FROM head
   WHERE i.team_id = %(team_id)s AND i.id = %(id)s AND i.dataset_id = %(was_in)s AND i.version = %(was_at)s
  RETURNING 1
)
SELECT head.revision, 1 / (SELECT count(*) FROM written) FROM head
"""  # noqa: S608
