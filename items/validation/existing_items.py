"""Check the items of a dataset against new schemas, without blocking writers."""

from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from rest_framework.serializers import ValidationError

from database.query import stream
from database.sql import sql
from items.history.feed import END_OF_REVISION
from items.models import ChangeLogEntry
from items.queries import IN_DATASET, NEWEST_FIRST
from items.rows import DatasetRef
from items.validation.schemas import FIELDS, Schemas, first_violation, split_batches

# Rows per statement, so that no statement holds a snapshot for long.
PAGE_ROWS = 1000
MAX_VIOLATIONS = 100
ITEM_COLUMNS = "i.id, i.input::text, i.output::text, i.metadata::text"
LIVE_ITEMS = sql(
    "list_live_items_to_check",
    """
SELECT $columns, i.created_at FROM dataset_item i
 WHERE $in_dataset AND created_at <= %(created_at)s AND (created_at < %(created_at)s OR id > %(id)s)
 ORDER BY $newest_first LIMIT %(limit)s
""",
    columns=ITEM_COLUMNS,
    in_dataset=IN_DATASET,
    newest_first=NEWEST_FIRST,
)
# Current items: one that has changed again since is listed again.
CHANGED_ITEMS = sql(
    "list_changed_items_to_check",
    """
SELECT $columns, c.revision, c.position FROM dataset_change c
  JOIN dataset_item i ON i.team_id = %(project_id)s AND i.id = c.item_id AND i.dataset_id = %(dataset_id)s
                     AND i.deleted IS NOT TRUE
 WHERE c.team_id = %(project_id)s AND c.dataset_id = %(dataset_id)s
   AND (c.revision, c.position) > (%(revision)s, %(position)s)
 ORDER BY c.revision, c.position LIMIT %(limit)s
""",
    columns=ITEM_COLUMNS,
)
START_KEY = {"created_at": datetime.max.replace(tzinfo=UTC), "id": UUID(int=0)}


class ItemViolation(NamedTuple):
    id: UUID
    attr: str
    detail: str


class ExistingItemsInvalid(ValidationError):
    """Existing items do not fit; the response lists the first of them."""

    def __init__(self, attr: str, violations: list[ItemViolation]) -> None:
        number = f"At least {MAX_VIOLATIONS}" if len(violations) == MAX_VIOLATIONS else str(len(violations))
        super().__init__({attr: [f"{number} of the items do not fit."]}, code="schema_mismatch")
        self.members = {"violations": [violation._asdict() for violation in violations]}


class ExistingItems:
    def __init__(self, project_id: int, dataset_id: UUID) -> None:
        self.dataset = DatasetRef(project_id, dataset_id)

    def violations(self, schemas: Schemas) -> list[ItemViolation]:
        """Return the first violations among all live items, newest first."""
        return self.first_violations(schemas, LIVE_ITEMS, START_KEY)

    def violations_since(self, revision: int, schemas: Schemas) -> list[ItemViolation]:
        """Return the first violations among the items written after a revision."""
        return self.first_violations(schemas, CHANGED_ITEMS, {"revision": revision, "position": END_OF_REVISION})

    def changes_since(self, revision: int, *, limit: int) -> int:
        changes = ChangeLogEntry.objects.filter(team_id=self.dataset.project_id, dataset_id=self.dataset.dataset_id)
        return changes.filter(revision__gt=revision)[:limit].count()

    def first_violations(self, schemas: Schemas, statement: str, start_key: dict[str, Any]) -> list[ItemViolation]:
        """Run the statement page by page; `start_key` names its key columns and where to start."""
        names = ["id", *FIELDS, *(name for name in start_key if name != "id")]
        collected: list[ItemViolation] = []
        row_count = PAGE_ROWS
        while row_count == PAGE_ROWS and len(collected) < MAX_VIOLATIONS:
            row_count = 0
            rows = stream(statement, self.dataset.parameters | start_key | {"limit": PAGE_ROWS})
            for batch in split_batches(dict(zip(names, row, strict=True)) for row in rows):
                row_count += len(batch)
                start_key = {name: batch[-1][name] for name in start_key}
                # Leaving a statement before its end cancels it and its transaction, so read the page.
                if len(collected) < MAX_VIOLATIONS:
                    collected += page_violations(batch, schemas)
        return collected[:MAX_VIOLATIONS]


def page_violations(batch: list[dict[str, Any]], schemas: Schemas) -> list[ItemViolation]:
    violations = schemas.violations(batch)
    return [ItemViolation(batch[index]["id"], *first_violation(violations[index])) for index in sorted(violations)]
