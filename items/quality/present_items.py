"""Whether the items of a dataset fit schemas that are to be put, without keeping anyone from writing meanwhile."""

from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from rest_framework.serializers import ValidationError

from database.statements import fetch_one, stream
from items.history.feed import END_OF_REVISION
from items.quality.schemas import FIELDS, Schemas, batches, first
from items.reads import NEWEST_FIRST, OF_DATASET

# Rows of one statement: none holds a snapshot for long.
PAGE = 1000
MAX_MISFITS = 100
COLUMNS = "i.id, i.input::text, i.output::text, i.metadata::text"
LIVE = f"""
SELECT {COLUMNS}, i.created_at FROM dataset_item i
 WHERE {OF_DATASET} AND created_at <= %(created_at)s AND (created_at < %(created_at)s OR id > %(id)s)
 ORDER BY {NEWEST_FIRST} LIMIT %(limit)s
"""  # noqa: S608
# As they are now: what has changed once more since is met again.
CHANGED = f"""
SELECT {COLUMNS}, c.revision, c.position FROM dataset_change c
  JOIN dataset_item i ON i.team_id = %(team)s AND i.id = c.item_id AND i.dataset_id = %(dataset)s
                     AND i.deleted IS NOT TRUE
 WHERE c.team_id = %(team)s AND c.dataset_id = %(dataset)s
   AND (c.revision, c.position) > (%(revision)s, %(position)s)
 ORDER BY c.revision, c.position LIMIT %(limit)s
"""  # noqa: S608
COUNT_CHANGED = """
SELECT count(*) FROM (
  SELECT FROM dataset_change WHERE team_id = %(team)s AND dataset_id = %(dataset)s AND revision > %(revision)s
   LIMIT %(limit)s
) changed
"""
NEWEST = {"created_at": datetime.max.replace(tzinfo=UTC), "id": UUID(int=0)}


class ItemMisfit(NamedTuple):
    id: UUID
    attr: str
    detail: str


class ItemsMismatch(ValidationError):
    """Items that are there do not fit; the answer names the first of them."""

    def __init__(self, attr: str, misfits: list[ItemMisfit]) -> None:
        number = f"At least {MAX_MISFITS}" if len(misfits) == MAX_MISFITS else str(len(misfits))
        super().__init__({attr: [f"{number} of the items do not fit."]}, code="schema_mismatch")
        self.members = {"misfits": [misfit._asdict() for misfit in misfits]}


class PresentItems:
    def __init__(self, project_id: int, dataset_id: UUID) -> None:
        self.ids: dict[str, Any] = {"team": project_id, "dataset": dataset_id}

    def misfits(self, schemas: Schemas) -> list[ItemMisfit]:
        """The first of all live items, newest first."""
        return self.first_misfits(schemas, LIVE, NEWEST)

    def misfits_since(self, revision: int, schemas: Schemas) -> list[ItemMisfit]:
        """The first of those that were written after a revision."""
        return self.first_misfits(schemas, CHANGED, {"revision": revision, "position": END_OF_REVISION})

    def changes_since(self, revision: int, *, limit: int) -> int:
        row = fetch_one(COUNT_CHANGED, self.ids | {"revision": revision, "limit": limit})
        return row[0] if row else 0

    def first_misfits(self, schemas: Schemas, statement: str, place: dict[str, Any]) -> list[ItemMisfit]:
        """Each statement goes on behind the last row of the one before: `place` has its columns by name."""
        names = ["id", *FIELDS, *(name for name in place if name != "id")]
        found: list[ItemMisfit] = []
        length = PAGE
        while length == PAGE and len(found) < MAX_MISFITS:
            length = 0
            rows = stream(statement, self.ids | place | {"limit": PAGE})
            for batch in batches(dict(zip(names, row, strict=True)) for row in rows):
                length += len(batch)
                place = {name: batch[-1][name] for name in place}
                # A statement that is left before its end is cancelled, and its transaction with it: the page is read.
                if len(found) < MAX_MISFITS:
                    found += misfits_in(batch, schemas)
        return found[:MAX_MISFITS]


def misfits_in(batch: list[dict[str, Any]], schemas: Schemas) -> list[ItemMisfit]:
    misfits = schemas.misfits(batch)
    return [ItemMisfit(batch[index]["id"], *first(misfits[index])) for index in sorted(misfits)]
