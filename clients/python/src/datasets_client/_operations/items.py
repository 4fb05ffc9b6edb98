"""One item: change, archive, restore, versions. Every read-modify-write carries If-Match."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from datasets_client._canonical import canonical_value
from datasets_client._commands import Request, Response, Steps
from datasets_client._errors import ItemNotFound, NotFound, StaleVersion
from datasets_client._json_text import JSON, read_json, split_object, write_json
from datasets_client._operations.reading import Row
from datasets_client._operations.resolving import get_json
from datasets_client._refs import Connection
from datasets_client._results import Version
from datasets_client._times import read_optional_time, read_time

CONTENT = ("input", "output", "metadata", "ref_trace_id", "ref_timestamp", "ref_source_id")


@dataclass(frozen=True)
class ItemRef:
    """The item at the time of its read, and the connection to change it by."""

    connection: Connection
    row: Row


def update(item: ItemRef, /, **changes: JSON) -> Steps[Row]:
    """Change the given fields; raises StaleVersion if somebody else has changed the item since it was read."""
    unknown = set(changes) - set(CONTENT)
    if unknown or not changes:
        raise TypeError(f"An update takes {', '.join(CONTENT)}; not {', '.join(sorted(unknown)) or 'nothing'}.")
    etag = yield from current_etag(item.connection, item.row)
    return (yield from write(item.connection, item.row, "PATCH", "", write_json(changes), etag))


def archive(item: ItemRef) -> Steps[Row]:
    """Take the item out of the lists; its history stays."""
    etag = yield from current_etag(item.connection, item.row, is_archived_ok=True)
    return (yield from write(item.connection, item.row, "POST", "archive/", None, etag))


def restore(item: ItemRef, version: int | None = None) -> Steps[Row]:
    """Bring an archived item back; with a version, also its content at that version.

    Raises StaleVersion if somebody else has changed the item since archive() returned it.
    """
    body = None if version is None else write_json({"source_version": version})
    return (yield from write(item.connection, item.row, "POST", "restore/", body, item.row.etag))


def write(connection: Connection, row: Row, method: str, path: str, body: str | None, etag: str | None) -> Steps[Row]:
    headers = {"Content-Type": "application/json"} if body is not None else {}
    if etag is not None:
        headers["If-Match"] = etag
    request = Request(method, f"dataset_items/{item_id(row)}/{path}", {}, headers, body.encode() if body else None)
    response: Response = yield from connection.send(request)
    connection.note_revision(row.dataset_id, response)
    return Row(response.text, row.dataset_id, response.headers.get("etag"))


def item_id(row: Row) -> str:
    return str(read_json(split_object(row.text)["id"]))


def current_etag(connection: Connection, row: Row, *, is_archived_ok: bool = False) -> Steps[str | None]:
    """Return the ETag of the content that the row shows.

    A list does not say which version it shows. So the item is read, and its content compared with the row's.
    """
    if row.etag is not None:
        return row.etag
    members = split_object(row.text)
    try:
        response: Response = yield from connection.send(Request("GET", f"dataset_items/{item_id(row)}/"))
    except NotFound:
        if is_archived_ok:
            return None
        raise ItemNotFound(f"Item {item_id(row)} is archived, or gone.", status=404, code="not_found") from None
    present = split_object(response.text)
    if any(differs(present[name], members[name]) for name in CONTENT if name in members):
        raise StaleVersion(
            f"Item {item_id(row)} was changed since it was read. Read it again.",
            status=412, code="stale_version", request_id=response.headers.get("x-request-id"),
            members={"current_version": version_of(response.headers.get("etag"))},
        )  # fmt: skip
    return response.headers.get("etag")


def differs(left: str, right: str) -> bool:
    """Compare two JSON texts; an export may escape characters that the item's own page does not."""
    return left != right and canonical_value(left) != canonical_value(right)


def version_of(etag: str | None) -> int | None:
    text = (etag or "").removeprefix("W/").strip('"')
    return int(text) if text.isdigit() else None


def versions(item: ItemRef) -> Steps[list[Version]]:
    """Return the item's versions, newest first."""
    found: list[Version] = []
    while True:
        params = {"limit": "1000", "offset": str(len(found))}
        page = yield from get_json(item.connection, f"dataset_items/{item_id(item.row)}/versions/", params)
        found += [read_version(entry) for entry in page["results"]]
        if not page["next"] or not page["results"]:
            return found


def read_version(entry: Mapping[str, Any]) -> Version:
    return Version(
        version=entry["version"],
        dataset_revision=entry["dataset_revision"],
        input=entry["input"],
        output=entry["output"],
        metadata=entry["metadata"],
        ref_trace_id=entry["ref_trace_id"],
        ref_timestamp=read_optional_time(entry["ref_timestamp"]),
        ref_source_id=entry["ref_source_id"],
        deleted=entry["deleted"],
        created_at=read_time(entry["created_at"]),
        created_by=entry["created_by"],
    )
