"""References to datasets: a dataset, a pinned revision, conditions, and the facts known so far."""

from __future__ import annotations

import re
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar
from urllib.parse import quote

from datasets_client._cache import Cache
from datasets_client._commands import Request, Response, Steps
from datasets_client._config import Settings
from datasets_client._errors import RevisionsWentBackWarning
from datasets_client._json_text import Numbers, time_text
from datasets_client._retry import Retry, send

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
TAG = re.compile(r"[a-z0-9._-]{1,64}")
T = TypeVar("T")
# Responses may overtake each other, and a replica may lag; a revision that stays lower for longer was lost.
MAX_LAG_SECONDS = 60.0


@dataclass(frozen=True)
class SeenRevision:
    """The highest revision that a response showed, and when."""

    revision: int
    time: float


@dataclass
class Connection:
    """State shared by all operations of one client."""

    settings: Settings
    retry: Retry
    numbers: Numbers
    cache: Cache
    seen_revisions: dict[str, SeenRevision] = field(default_factory=dict[str, "SeenRevision"])
    # Cached revisions (dataset, number) whose content the server was asked about.
    checked_revisions: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])
    # The project's number, once a dataset has told it.
    project: str | None = None

    def send(self, request: Request) -> Steps[Response]:
        return send(request, self.retry)

    def note_project(self, dataset: Mapping[str, object]) -> None:
        self.project = str(dataset["team"]) if "team" in dataset else self.project

    def console_address(self, dataset_id: str) -> str:
        """Return the address of the dataset's page."""
        project = quote(self.project or self.settings.project, safe="@")
        return f"{self.settings.url}/projects/{project}/datasets/{dataset_id}"

    def note_revision(self, dataset_id: str, response: Response) -> None:
        """Remember the present revision; warn where it has been lower than before for a while."""
        text = response.headers.get("dataset-revision", "")
        if not text.isdigit():
            return
        revision, seen = int(text), self.seen_revisions.get(dataset_id)
        if seen is not None and revision < seen.revision:
            if time.monotonic() - seen.time < MAX_LAG_SECONDS:
                return
            warnings.warn(
                f"Dataset {dataset_id} is at revision {revision}, but was at {seen.revision}. The server may have been"
                " restored from an older backup: later revisions are lost, and their numbers will be used again.",
                RevisionsWentBackWarning,
                stacklevel=2,
            )
        self.seen_revisions[dataset_id] = SeenRevision(revision, time.monotonic())


@dataclass
class Identity:
    """The identity of a dataset: asked for by name or id, resolved at the first use."""

    asked: str
    id: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class Pin:
    """A requested revision: a number, a tag, a time, or the latest at the first use."""

    revision: int | None = None
    tag: str | None = None
    as_of: str | None = None

    @property
    def params(self) -> dict[str, str]:
        if self.as_of is not None:
            return {"as_of": self.as_of}
        return {"revision": str(self.revision) if self.tag is None else self.tag}

    def __str__(self) -> str:
        return next(iter(self.params.values()))


def parse_pin(at: int | str | datetime | date) -> Pin:
    """Return the pin that a number, a tag or a time stands for; raises ValueError."""
    if isinstance(at, bool):
        raise ValueError(f"{at!r} is not a revision.")
    if isinstance(at, int):
        return Pin(revision=at)
    if isinstance(at, (datetime, date)):
        return Pin(as_of=time_text(at))
    if at.isascii() and at.isdigit():
        return Pin(revision=int(at))
    if TAG.fullmatch(at):
        return Pin(tag=at)
    if re.match(r"\d{4}-\d\d-\d\d[T ]", at):
        return Pin(as_of=at)
    raise ValueError(f"{at!r} is neither a revision, nor a tag, nor a time such as 2026-11-01T00:00Z.")


@dataclass
class Snapshot:
    """The resolved form of a pin."""

    revision: int | None = None
    count: int | None = None
    digest: str | None = None


@dataclass
class DatasetRef:
    """A dataset at a pin (None: as it is at each request), with conditions."""

    connection: Connection
    identity: Identity
    pin: Pin | None = None
    snapshot: Snapshot = field(default_factory=Snapshot)
    conditions: Mapping[str, str] = field(default_factory=dict[str, str])

    def at(self, pin: Pin) -> DatasetRef:
        return replace(self, pin=pin, snapshot=Snapshot(revision=pin.revision))

    def where(self, conditions: Mapping[str, str]) -> DatasetRef:
        return replace(
            self, snapshot=Snapshot(revision=self.snapshot.revision), conditions={**self.conditions, **conditions}
        )

    @property
    def label(self) -> str:
        return self.identity.name or self.identity.asked

    def selection(self, dataset_id: str) -> dict[str, str]:
        """Return the parameters that choose these items in a list."""
        if self.snapshot.revision is not None:
            pin = {"revision": str(self.snapshot.revision)}
        else:
            pin = self.pin.params if self.pin else {}
        return {"dataset": dataset_id, **pin, **self.conditions, "strict": "true"}
