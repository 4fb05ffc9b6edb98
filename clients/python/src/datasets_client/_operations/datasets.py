"""Datasets: create, list, tag, compare, fork, roll back, erase."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from datasets_client._commands import Emit, Request, Response, Sleep, Steps
from datasets_client._errors import DatasetNotFound, DatasetsError, NotFound, RevisionsWentBack
from datasets_client._json_text import JSON, read_json, write_json
from datasets_client._operations.reading import next_params
from datasets_client._operations.resolving import PAGE, find_by_name, get_json, pinned_revision, resolve
from datasets_client._refs import Connection, DatasetRef, Identity, parse_pin
from datasets_client._results import Change, Diff, FeedEntry, Revision, RollbackReport, ServerDigest, Tag
from datasets_client._times import read_time

JSON_BODY = {"Content-Type": "application/json"}
# How long a server may take for a digest, in polls of its Retry-After.
MAX_POLLS = 600


def post_json(
    ref: DatasetRef, method: str, path: str, body: Mapping[str, JSON], *, headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
) -> Steps[Any]:  # fmt: skip
    """Write below a dataset; notes the revision that the write made."""
    dataset_id = yield from resolve(ref)
    request = Request(
        method,
        f"datasets/{dataset_id}/{path}",
        params or {},
        {**JSON_BODY, **(headers or {})},
        write_json(body).encode(),
    )
    response: Response = yield from ref.connection.send(request)
    return read_json(response.text, ref.connection.numbers) if response.text else None


def create_dataset(
    connection: Connection, name: str, *, description: str | None = None, metadata: JSON = None, exist_ok: bool = False
) -> Steps[DatasetRef]:
    """Create a dataset and return it. With exist_ok, return the one that has the name already."""
    if exist_ok:
        try:
            row = yield from find_by_name(connection, name)
            return ref_from_row(connection, row)
        except DatasetNotFound:
            pass
    body = {"name": name, "description": description, "metadata": metadata}
    request = Request("POST", "datasets/", {}, JSON_BODY, write_json(body).encode())
    response: Response = yield from connection.send(request)
    return ref_from_row(connection, read_json(response.text))


def ref_from_row(connection: Connection, row: Mapping[str, Any]) -> DatasetRef:
    connection.note_project(row)
    return DatasetRef(connection, Identity(row["name"], row["id"], row["name"]))


def list_datasets(connection: Connection, *, search: str | None = None) -> Steps[None]:
    """Emit the project's datasets, newest first."""
    params: dict[str, str] | None = {"limit": str(PAGE), "strict": "true", **({"search": search} if search else {})}
    while params is not None:
        page = yield from get_json(connection, "datasets/", params)
        for row in page["results"]:
            yield Emit(ref_from_row(connection, row))
        params = next_params(page["next"])


def details(ref: DatasetRef) -> Steps[dict[str, JSON]]:
    """Return the dataset's own fields: name, description, metadata, who made it and when."""
    row = yield from get_json(ref.connection, f"datasets/{yield from resolve(ref)}/")
    ref.identity.name = row["name"]
    return dict(row)


def revisions(ref: DatasetRef, *, limit: int = 100) -> Steps[list[Revision]]:
    """Return the newest revisions, newest first."""
    path = f"datasets/{yield from resolve(ref)}/revisions/"
    page = yield from get_json(ref.connection, path, {"limit": str(limit)})
    return [read_revision(row) for row in page["results"]]


def read_revision(row: Mapping[str, Any]) -> Revision:
    counts = {name: row.get(name, 0) for name in ("created", "updated", "archived", "restored")}
    return Revision(
        row["revision"], read_time(row["created_at"]), **counts, tags=tuple(row["tags"]), message=row.get("message"),
        created_by=row.get("created_by"),
    )  # fmt: skip


def tag(ref: DatasetRef, name: str, *, force: bool = False) -> Steps[Tag]:
    """Name this revision. With force, move the tag if it names another; raises TagExists without."""
    revision = yield from pinned_revision(ref)
    body = {"revision": revision, **({"force": True} if force else {})}
    row = yield from post_json(ref, "PUT", f"tags/{quote(name, safe='')}/", body)
    return Tag(row["name"], row["revision"])


def tags(ref: DatasetRef) -> Steps[list[Tag]]:
    """Return the dataset's tags."""
    path, found = f"datasets/{yield from resolve(ref)}/tags/", list[Tag]()
    params: dict[str, str] | None = {"limit": str(PAGE)}
    while params is not None:
        page = yield from get_json(ref.connection, path, params)
        found += [Tag(row["name"], row["revision"]) for row in page["results"]]
        params = next_params(page["next"])
    return found


def untag(ref: DatasetRef, name: str) -> Steps[None]:
    """Remove a tag; a tag that is not there is no error, since the first answer may have been lost."""
    request = Request("DELETE", f"datasets/{yield from resolve(ref)}/tags/{quote(name, safe='')}/")
    try:
        yield from ref.connection.send(request)
    except NotFound:
        yield from details(ref)  # a dataset that is not there is an error


def diff(ref: DatasetRef, since: int | str | datetime | date) -> Steps[Diff]:
    """Return what changed from an older revision (a number, a tag or a time) to this one."""
    before = yield from pinned_revision(ref.at(parse_pin(since)))
    after = yield from pinned_revision(ref)
    path = f"datasets/{yield from resolve(ref)}/diff/"
    params: dict[str, str] | None = {"from": str(before), "to": str(after), "limit": str(PAGE)}
    counts: Mapping[str, int] = {}
    changes: list[Change] = []
    while params is not None:
        page = yield from get_json(ref.connection, path, params)
        counts = counts or page.get("counts") or {}
        changes += [read_change(row) for row in page["results"]]
        params = next_params(page["next"])
    return Diff(before, after, counts["added"], counts["removed"], counts["changed"], tuple(changes))


def read_change(row: Mapping[str, Any]) -> Change:
    return Change(row["id"], row["change"], tuple(row["fields"]), row["from"], row["to"])


def changes(ref: DatasetRef, *, since: int = 0) -> Steps[None]:
    """Emit the changes after a revision, oldest first; raises RevisionsWentBack where it is not there any more."""
    path = f"datasets/{yield from resolve(ref)}/changes/"
    params: dict[str, str] | None = {"since_revision": str(since), "limit": str(PAGE)}
    while params is not None:
        try:
            page = yield from get_json(ref.connection, path, params)
        except NotFound as error:
            raise RevisionsWentBack(
                f"Dataset {ref.label!r} has no revision {since}: the server was restored from an older backup. Start"
                " again from since=0, with an empty copy."
            ) from error
        for row in page["results"]:
            yield Emit(FeedEntry(row["revision"], row["operation"], row["version"], row["item"], row.get("message")))
        params = next_params(page["next"])


def fork(ref: DatasetRef, name: str) -> Steps[DatasetRef]:
    """Return a new dataset with the items as they are here."""
    body: dict[str, JSON] = {"name": name}
    if ref.pin is not None:
        body["revision"] = yield from pinned_revision(ref)
    row = yield from post_json(ref, "POST", "fork/", body)
    return ref_from_row(ref.connection, row)


def rollback(
    ref: DatasetRef, to: int | str | datetime | date, *, dry_run: bool = False, message: str | None = None
) -> Steps[RollbackReport]:
    """Make the items again what they were at a revision, as one new revision."""
    revision = yield from pinned_revision(ref.at(parse_pin(to)))
    params = {"dry_run": "true"} if dry_run else {}
    row = yield from post_json(
        ref, "POST", "rollback/", {"revision": revision}, headers=message_header(message), params=params
    )
    counts = {name: value for name, value in row.items() if isinstance(value, int) and not isinstance(value, bool)}
    return RollbackReport(counts.pop("dataset_revision", counts.pop("revision", None)), dry_run, counts)


def message_header(message: str | None) -> dict[str, str]:
    """Return the header that keeps a message with the revision; RFC 8187 where it is not ASCII."""
    if message is None:
        return {}
    if message.isascii() and message.isprintable():
        return {"Revision-Message": message}
    return {"Revision-Message": "UTF-8''" + quote(message, safe="")}


def erase_dataset(ref: DatasetRef, *, confirm: str, dry_run: bool = False) -> Steps[None]:
    """Erase the dataset with its items, history and tags. `confirm` is its exact name."""
    yield from post_json(ref, "POST", "erase/", {"name": confirm}, params={"dry_run": "true"} if dry_run else {})


def erase_items(
    ref: DatasetRef, ids: Iterable[str], *, reason: str | None = None, copies: bool = True, dry_run: bool = False
) -> Steps[list[dict[str, JSON]]]:
    """Erase the content of items in every version, and of their copies in forks. There is no way back."""
    yield from resolve(ref)
    body: dict[str, JSON] = {"ids": list(ids), "copies": copies, **({"reason": reason} if reason else {})}
    params = {"dry_run": "true"} if dry_run else {}
    request = Request("POST", "dataset_items/erase/", params, JSON_BODY, write_json(body).encode())
    response: Response = yield from ref.connection.send(request)
    return list(read_json(response.text)["erased"])


def server_digest(ref: DatasetRef) -> Steps[ServerDigest]:
    """Return the digest as the server keeps it; raises NotFound where the server has no such endpoint."""
    revision = yield from pinned_revision(ref)
    path = f"datasets/{yield from resolve(ref)}/digest/"
    for _ in range(MAX_POLLS):
        response: Response = yield from ref.connection.send(Request("GET", path, {"revision": str(revision)}))
        if response.status == 200:
            row = read_json(response.text)
            return ServerDigest(row["revision"], row["items"], row["digest"], row.get("erased_items", 0))
        yield Sleep(min(float(response.headers.get("retry-after", "1")), 30))
    raise DatasetsError(f"The server did not finish the digest of revision {revision} of {ref.label!r}.")
