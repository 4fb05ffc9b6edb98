"""Resolve names to datasets, and pins to revisions."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from datasets_client._commands import Request, Response, Steps
from datasets_client._errors import (
    AmbiguousName,
    ConnectionFailed,
    DatasetNotFound,
    NotFound,
    PageTooLarge,
    RevisionNotFound,
    RevisionsWentBack,
)
from datasets_client._json_text import read_json
from datasets_client._refs import UUID, Connection, DatasetRef
from datasets_client._retry import Retry

PAGE = 1000


def get_page(connection: Connection, path: str, params: Mapping[str, str]) -> Steps[Response]:
    """Read a page of a list; where it has more bytes than the server sends at once, a shorter one."""
    try:
        return (yield from connection.send(Request("GET", path, params)))
    except PageTooLarge:
        limit = int(params.get("limit", "1"))
        if limit == 1:
            raise
    return (yield from get_page(connection, path, {**params, "limit": str(max(1, limit // 4))}))


def get_json(connection: Connection, path: str, params: Mapping[str, str] | None = None) -> Steps[Any]:
    response = yield from get_page(connection, path, params or {})
    return read_json(response.text, connection.numbers)


def resolve(ref: DatasetRef) -> Steps[str]:
    """Return the dataset's id."""
    if ref.identity.id is None:
        if UUID.fullmatch(ref.identity.asked):
            ref.identity.id = ref.identity.asked.lower()
        else:
            ref.identity.id = yield from resolve_name(ref)
    return ref.identity.id


def resolve_name(ref: DatasetRef) -> Steps[str]:
    """Ask the server; if it is away, use the id last known for the name, provided the requested revision is cached."""
    connection, name = ref.connection, ref.identity.asked
    project_url = connection.settings.project_url
    known = connection.cache.recall_name(project_url, name)
    revision = ref.snapshot.revision
    is_cached = known is not None and revision is not None and connection.cache.find(known, revision) is not None
    asking = replace(connection, retry=Retry(0)) if is_cached else connection
    try:
        found = yield from find_by_name(asking, name)
    except ConnectionFailed:
        if known is None or not is_cached:
            raise
        warnings.warn(f"The server is away: {name!r} means dataset {known}, as before.", stacklevel=2)
        return known
    ref.identity.name = name
    connection.note_project(found)
    connection.cache.remember_name(project_url, name, found["id"])
    return str(found["id"])


def find_by_name(connection: Connection, name: str) -> Steps[dict[str, Any]]:
    """Return the one dataset of a name; raises DatasetNotFound, AmbiguousName."""
    page = yield from get_json(connection, "datasets/", {"name": name, "strict": "true", "limit": "10"})
    rows = page["results"]
    if not rows:
        raise DatasetNotFound(f"The project has no dataset named {name!r}.", status=404, code="not_found")
    if len(rows) > 1:
        ids = ", ".join(row["id"] for row in rows)
        raise AmbiguousName(f"{page['count']} datasets are named {name!r}; use an id: {ids}.")
    return dict(rows[0])


def load_snapshot(ref: DatasetRef) -> Steps[tuple[int, int]]:
    """Return the revision and the number of items: once for a pin, each time without one."""
    snapshot = ref.snapshot
    dataset_id = yield from resolve(ref)
    if snapshot.revision is not None and snapshot.count is None and not ref.conditions:
        cached = ref.connection.cache.find(dataset_id, snapshot.revision)
        snapshot.count = cached.items if cached else None
    if ref.pin is not None and snapshot.revision is not None and snapshot.count is not None:
        return snapshot.revision, snapshot.count
    revision, count = yield from ask_snapshot(ref, dataset_id)
    if ref.pin is not None:
        snapshot.revision = revision
    snapshot.count = count
    return revision, count


def ask_snapshot(ref: DatasetRef, dataset_id: str) -> Steps[tuple[int, int]]:
    params = {**ref.selection(dataset_id), "limit": "1", "fields": "id"}
    try:
        response: Response = yield from ref.connection.send(Request("GET", "dataset_items/", params))
    except NotFound as error:
        raise (yield from explain_missing_revision(ref, dataset_id, error)) from None
    if ref.pin is None:
        ref.connection.note_revision(dataset_id, response)
    return int(response.headers["dataset-revision"]), int(read_json(response.text)["count"])


def explain_missing_revision(ref: DatasetRef, dataset_id: str, error: NotFound) -> Steps[Exception]:
    """Return RevisionNotFound, or RevisionsWentBack where the dataset is below a revision that was there."""
    asked = str(ref.snapshot.revision if ref.snapshot.revision is not None else ref.pin)
    text = f"Dataset {ref.label!r} has no revision {asked!r}."
    if ref.pin is None or not asked.isdigit():
        return RevisionNotFound(text, status=404, code=error.code, request_id=error.request_id)
    present, _ = yield from ask_snapshot(
        replace(ref, pin=None, snapshot=type(ref.snapshot)(), conditions={}), dataset_id
    )
    was_seen = ref.connection.cache.find(dataset_id, int(asked)) is not None
    if was_seen:
        return RevisionsWentBack(
            f"{text} It is at revision {present} now, but {asked} was there before: the server was restored from an"
            " older backup."
        )
    return RevisionNotFound(f"{text} It is at revision {present}.", status=404, code=error.code)


def pinned_revision(ref: DatasetRef) -> Steps[int]:
    """Return the revision that is asked for: the pin's, or the present one."""
    if ref.pin is not None and ref.snapshot.revision is not None:
        return ref.snapshot.revision
    revision, _ = yield from load_snapshot(ref)
    return revision
