"""Outcomes of an import's rows: how many have each, and the first of each as examples."""

from collections import Counter
from collections.abc import Collection
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from items.bulk.existing import in_order
from items.imports.staging import StagedRows

# Outcomes of rows and, with mirror=true, of items that the file lacks.
STATUSES = ("created", "updated", "unchanged", "skipped", "archived")
# Examples of each outcome, enough to recognize a wrong key or column.
MAX_EXAMPLES = 10


class Example(NamedTuple):
    """A row and its item; an item that the file lacks has no row, and one to create has no id."""

    status: str
    row: int | None = None
    line: int | None = None
    id: UUID | None = None
    ref_source_id: str | None = None
    fields: Collection[str] = ()  # those that change

    def serialize(self) -> dict[str, Any]:
        return self._asdict() | {"fields": in_order(self.fields)}


class Outcomes:
    """Counts of outcomes, with a bounded number of examples."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.first: dict[str, list[Example]] = {status: [] for status in STATUSES}

    def add(self, status: str, *example: Any) -> None:
        """Count an outcome. `example` has the members of Example after its status."""
        self.counts[status] += 1
        if len(self.first[status]) < MAX_EXAMPLES:
            self.first[status].append(Example(status, *example))

    def examples(self) -> list[dict[str, Any]]:
        return [example.serialize() for examples in self.first.values() for example in examples]


def outcomes_of_creates(staged: StagedRows, rows: int) -> Outcomes:
    """Return the outcomes of rows that all become new items."""
    outcomes = Outcomes()
    for number, row in enumerate(islice(staged.staged(), MAX_EXAMPLES), 1):
        outcomes.add("created", number, row.line, None, row.item.ref_source_id)
    outcomes.counts["created"] = rows
    return outcomes
