"""Results of operations: plain, typed values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from datasets_client._json_text import JSON


@dataclass(frozen=True)
class RowError:
    """Why a row was refused; `row` counts from 1 over the whole push."""

    row: int | None
    attr: str | None
    code: str
    detail: str

    def __str__(self) -> str:
        place = f"row {self.row}" if self.row else "the push"
        return f"{place}{f' [{self.attr}]' if self.attr else ''}: {self.detail}"


@dataclass(frozen=True)
class PushExample:
    """A row of a dry run with its item; an item to archive has no row, and one to create has no id."""

    status: str
    row: int | None
    id: str | None
    ref_source_id: str | None
    fields: tuple[str, ...] = ()  # those that would change


@dataclass
class PushReport:
    """The effect of a push; with dry_run, the effect it would have."""

    dry_run: bool = False
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    archived: int = 0
    errors: list[RowError] = field(default_factory=list[RowError])
    examples: list[PushExample] = field(default_factory=list[PushExample])  # with dry_run, the first of each status
    revision: int | None = None
    parts: int = 0
    resumed_parts: int = 0

    def add(self, answer: Mapping[str, Any]) -> None:
        for name in ("created", "updated", "unchanged", "skipped", "archived"):
            setattr(self, name, getattr(self, name) + int(answer.get(name) or 0))
        if answer.get("dataset_revision") is not None:
            self.revision = int(answer["dataset_revision"])


@dataclass(frozen=True)
class Change:
    """An item that differs between two revisions; `before` and `after` have the API's keys."""

    id: str
    change: Literal["added", "removed", "changed"]
    fields: tuple[str, ...]
    before: Mapping[str, JSON] | None = field(repr=False)
    after: Mapping[str, JSON] | None = field(repr=False)

    @property
    def case_id(self) -> str:
        """The item's ref_source_id, or its id."""
        item = self.after or self.before or {}
        return item.get("ref_source_id") or self.id


@dataclass(frozen=True)
class Diff:
    """The differences between two revisions of a dataset."""

    before: int
    after: int
    added: int
    removed: int
    changed: int
    changes: tuple[Change, ...] = field(repr=False)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    def __len__(self) -> int:
        return len(self.changes)


@dataclass(frozen=True)
class Tag:
    """A name for a revision."""

    name: str
    revision: int


@dataclass(frozen=True)
class Revision:
    """One committed write of a dataset."""

    revision: int
    created_at: datetime
    created: int
    updated: int
    archived: int
    restored: int
    tags: tuple[str, ...]
    message: str | None = None
    created_by: Mapping[str, JSON] | None = None


@dataclass(frozen=True)
class Version:
    """An item as one write left it."""

    version: int
    dataset_revision: int
    input: JSON
    output: JSON
    metadata: JSON
    ref_trace_id: str | None
    ref_timestamp: datetime | None
    ref_source_id: str | None
    deleted: bool
    created_at: datetime
    created_by: Mapping[str, JSON] | None = None


@dataclass(frozen=True)
class FeedEntry:
    """One change of the feed; `item` has the API's keys."""

    revision: int
    operation: str
    version: int | None
    item: Mapping[str, JSON] | None
    message: str | None = None


@dataclass(frozen=True)
class ServerDigest:
    """The digest of a revision as the server computed it."""

    revision: int
    items: int
    digest: str
    erased_items: int


@dataclass(frozen=True)
class RollbackReport:
    """The effect of a rollback; with dry_run, the effect it would have."""

    revision: int | None
    dry_run: bool
    counts: Mapping[str, int]
