"""Making, checking and comparing the entries of datasets.lock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from datasets_client._cache import CachedRevision
from datasets_client._commands import Request, Response, Steps
from datasets_client._digest import Digest
from datasets_client._errors import APIError, ContentChanged, DatasetsError, NotFound, RevisionsWentBack
from datasets_client._json_text import read_json
from datasets_client._lock import LockedDataset
from datasets_client._operations.datasets import diff, server_digest
from datasets_client._operations.reading import ExportStream, fetch_revision, next_params
from datasets_client._operations.resolving import PAGE, ask_snapshot, get_json, load_snapshot, resolve
from datasets_client._refs import Connection, DatasetRef, Pin, Snapshot
from datasets_client._results import Diff

# So many changes are read, a thousand a page, to learn the versions of items.
MAX_FEED_PAGES = 200

State = Literal["ok", "newer", "failed"]


@dataclass(frozen=True)
class LockFinding:
    """The result of checking one locked dataset."""

    name: str
    state: State
    text: str
    revision: int
    latest: int | None = None


def lock_dataset(ref: DatasetRef) -> Steps[LockedDataset]:
    """Return the entry for a dataset at its pin, or at its latest revision."""
    pinned = ref if ref.pin is not None else ref.at(Pin(tag="latest"))
    revision, items = yield from load_snapshot(pinned)
    digest, _ = yield from digest_from_server(pinned)
    pin = pinned.pin
    return LockedDataset(
        name=ref.identity.name or ref.identity.asked,
        url=(yield from project_address(ref.connection)),
        id=(yield from resolve(pinned)),
        revision=revision,
        items=items,
        digest=digest,
        tag=pin.tag if pin and pin.tag != "latest" else None,
    )


def project_address(connection: Connection) -> Steps[str]:
    """Return the address of the project, by its number where it was asked for as @current."""
    settings = connection.settings
    if settings.project != "@current":
        return settings.project_url
    response: Response = yield from connection.send(Request("GET", "/api/projects/@current/"))
    return replace(settings, project=str(read_json(response.text)["id"])).project_url


def digest_from_server(ref: DatasetRef) -> Steps[tuple[str, int]]:
    """Return the digest of a pinned revision as the server has it now, and how many of its items were erased.

    A server without the endpoint is asked for the rows, past the cache.
    """
    try:
        found = yield from server_digest(ref)
    except NotFound as error:
        if "ndpoint" not in error.detail:
            raise
        return (yield from digest_of_export(ref)), 0
    return found.digest, found.erased_items


def digest_of_export(ref: DatasetRef) -> Steps[str]:
    digest, stream = Digest(), ExportStream(ref, (yield from resolve(ref)))
    while (line := (yield from stream.read_line())) is not None:
        digest.add(line.decode())
    return digest.result()


def check_locked(connection: Connection, locked: LockedDataset) -> Steps[LockFinding]:
    """Return whether a locked revision is there with the locked content, and whether a newer one is."""
    ref = locked.ref(connection)
    try:
        latest, _ = yield from ask_snapshot(replace(ref, pin=None, snapshot=Snapshot()), locked.id)
        if latest < locked.revision:
            raise RevisionsWentBack(gone_back(locked, latest))
        digest, erased = yield from digest_from_server(ref)
    except APIError as error:
        return failed(locked, missing_text(locked, error))
    except DatasetsError as error:
        return failed(locked, str(error))
    if digest != locked.digest:
        return failed(locked, changed_text(locked, digest, erased))
    if latest > locked.revision:
        advice = f"Run `dsets lock --update {locked.name}`."
        text = f"locked at revision {locked.revision}; revision {latest} is there. {advice}"
        return LockFinding(locked.name, "newer", text, locked.revision, latest)
    return LockFinding(locked.name, "ok", f"revision {locked.revision} is as locked.", locked.revision, latest)


def failed(locked: LockedDataset, text: str) -> LockFinding:
    return LockFinding(locked.name, "failed", text, locked.revision)


def missing_text(locked: LockedDataset, error: APIError) -> str:
    # An unknown id in a list's filter is a 400.
    if error.code == "invalid_choice" or error.status == 404:
        return f"dataset {locked.id}, or its revision {locked.revision}, is gone from the server."
    return str(error)


def gone_back(locked: LockedDataset, latest: int) -> str:
    return (
        f"THE SERVER WENT BACK IN TIME: it is at revision {latest}, and the lock at {locked.revision}. It was restored"
        " from an older backup; its next revisions will reuse numbers. Lock again what it holds now."
    )


def changed_text(locked: LockedDataset, digest: str, erased: int) -> str:
    if erased:
        return f"{erased} items of revision {locked.revision} were erased since it was locked. Lock a newer revision."
    return (
        f"revision {locked.revision} has the digest {digest}, and the lock {locked.digest}. The server's content is not"
        " what was locked."
    )


def fetch_locked(connection: Connection, locked: LockedDataset) -> Steps[CachedRevision]:
    """Return a locked revision from the cache, else from the server; raises ContentChanged for another digest."""
    ref, cache = locked.ref(connection), connection.cache
    found = cache.find(locked.id, locked.revision)
    if found is not None and cache.digest_of(found) == locked.digest:
        return found
    if found is not None:
        cache.remove(locked.id, locked.revision)
    fetched = yield from fetch_revision(ref)
    digest = cache.digest_of(fetched)
    if digest != locked.digest:
        cache.remove(locked.id, locked.revision)
        raise ContentChanged(f"{locked.name}: {changed_text(locked, digest, 0)}")
    return fetched


def versions_at(connection: Connection, locked: LockedDataset) -> Steps[dict[str, int]]:
    """Return the version that each item had at the locked revision; nothing where the history is too long to read.

    Exports do not tell versions; the feed does. They never change, so they are read once.
    """
    known = connection.cache.find_versions(locked.id, locked.revision)
    if known is not None:
        return known
    found: dict[str, int] = {}
    params: dict[str, str] | None = {"since_revision": "0", "limit": str(PAGE)}
    for _ in range(MAX_FEED_PAGES):
        page = yield from get_json(connection, f"datasets/{locked.id}/changes/", params)
        for entry in page["results"]:
            if entry["revision"] > locked.revision:
                break
            if entry["item"] is not None and entry["version"] is not None:
                found[entry["item"]["id"]] = entry["version"]
        else:
            params = next_params(page["next"])
            if params is not None:
                continue
        connection.cache.save_versions(locked.id, locked.revision, found)
        return found
    return {}


def diff_locked(connection: Connection, before: LockedDataset, after: LockedDataset) -> Steps[Diff]:
    """Return what differs between two locked revisions of one dataset."""
    return (yield from diff(after.ref(connection), before.revision))
