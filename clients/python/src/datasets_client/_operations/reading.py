"""Reading items: all of a revision as an export stream, a choice of them page by page."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from datasets_client._cache import CachedRevision
from datasets_client._commands import Emit, Failure, ReadStream, Request, Response, Steps
from datasets_client._errors import (
    ContentChanged,
    ItemNotFound,
    NotFound,
    RevisionsWentBack,
    RevisionsWentBackWarning,
)
from datasets_client._json_text import read_json, split_array, split_object, write_json
from datasets_client._operations.resolving import get_page, load_snapshot, pinned_revision, resolve
from datasets_client._progress import Progress
from datasets_client._refs import UUID, DatasetRef, Pin
from datasets_client._retry import Waits, open_stream, wait_or_raise

PAGE = 1000


@dataclass(frozen=True)
class Row:
    """The text of one item, and the dataset that it was read from."""

    text: str
    dataset_id: str
    etag: str | None = None


def read_items(ref: DatasetRef) -> Steps[None]:
    """Emit the items, oldest first."""
    dataset_id = yield from resolve(ref)
    if ref.conditions:
        yield from read_pages(ref, dataset_id)
    elif ref.pin is not None:
        cached = yield from fetch_revision(ref)
        for line in cached.lines():
            yield Emit(Row(line, dataset_id))
    else:
        stream = ExportStream(ref, dataset_id)
        while (line_bytes := (yield from stream.read_line())) is not None:
            yield Emit(Row(line_bytes.decode(), dataset_id))


def fetch_revision(ref: DatasetRef) -> Steps[CachedRevision]:
    """Return a pinned revision from the cache, fetched before if it is not there."""
    dataset_id = yield from resolve(ref)
    revision = yield from pinned_revision(ref)
    found = ref.connection.cache.find(dataset_id, revision)
    if found is None or not (yield from is_current(ref, dataset_id, found)):
        found = yield from download(ref, dataset_id, revision)
    ref.connection.checked_revisions.add((dataset_id, revision))
    return check_digest(ref, found)


def download(ref: DatasetRef, dataset_id: str, revision: int) -> Steps[CachedRevision]:
    """Write a revision to the cache."""
    _, count = yield from load_snapshot(ref)
    cache, stream, progress = ref.connection.cache, ExportStream(ref, dataset_id), Progress("Fetching", count)
    try:
        with cache.write(dataset_id, revision) as writer:
            while (line := (yield from stream.read_line())) is not None:
                writer.add(line)
                progress.add(1)
    finally:
        progress.close()
    found = cache.find(dataset_id, revision)
    if found is None:
        raise OSError(f"The cache at {cache.folder} does not hold what was written to it.")
    return found


def is_current(ref: DatasetRef, dataset_id: str, cached: CachedRevision) -> Steps[bool]:
    """Return whether the server still has what is cached; one that is not is removed.

    A revision that was asked for by its number is taken as it is, so that it needs no server. The others were resolved
    by the server, which may have been restored from an older backup since they were cached, or have erased items.
    """
    connection, revision = ref.connection, ref.snapshot.revision or 0
    if (ref.pin is not None and ref.pin.tag is None and ref.pin.as_of is None) or (
        (dataset_id, revision) in connection.checked_revisions
    ):
        return True
    request = Request("GET", f"datasets/{dataset_id}/digest/", {"revision": str(revision)})
    try:
        response: Response = yield from connection.send(request)
    except NotFound:
        return True  # an older server, which has no digests
    found = read_json(response.text)
    # One that is still being computed is looked at the next time.
    if found["digest"] in (None, connection.cache.digest_of(cached)):
        return True
    connection.cache.remove(dataset_id, revision)
    if not found["erased_items"]:
        warnings.warn(
            f"Revision {revision} of dataset {ref.label!r} has other content than when it was cached. The server was"
            " restored from an older backup, and numbers of lost revisions are in use again. It is fetched anew.",
            RevisionsWentBackWarning,
            stacklevel=2,
        )
    return False


def check_digest(ref: DatasetRef, cached: CachedRevision) -> CachedRevision:
    """Return a cached revision; raises ContentChanged where it is not what the lock records."""
    locked, cache = ref.snapshot.digest, ref.connection.cache
    if locked is None or (digest := cache.digest_of(cached)) == locked:
        return cached
    raise ContentChanged(
        f"Revision {ref.snapshot.revision} of {ref.label!r} has the digest {digest}, and the lock {locked}. The content"
        f" is not what was locked. (Cached at {cached.path}.)"
    )


class ExportStream:
    """The lines of an export; where the connection is cut, the same revision is asked for again and read on."""

    def __init__(self, ref: DatasetRef, dataset_id: str) -> None:
        self.ref, self.dataset_id = ref, dataset_id
        self.revision = ref.snapshot.revision
        self.waits = Waits(ref.connection.retry)
        self.is_open = False
        self.received = self.to_skip = 0
        self.lines: list[bytes] = []
        self.rest = b""

    def read_line(self) -> Steps[bytes | None]:
        """Return the next line, or None at the end."""
        while not self.lines:
            if not self.is_open:
                yield from self.open()
            chunk: bytes | Failure = yield ReadStream()
            if isinstance(chunk, Failure) or (not chunk and self.rest):
                self.is_open = False
                yield from wait_or_raise(self.waits, as_failure(chunk))
            elif not chunk:
                self.end()
                return None
            else:
                self.take(chunk)
        return self.lines.pop()

    def open(self) -> Steps[None]:
        params = {"export_format": "jsonl"}
        if self.revision is not None:
            params["revision"] = str(self.revision)
        path = f"datasets/{self.dataset_id}/export/"
        response: Response = yield from open_stream(Request("GET", path, params), self.waits)
        if self.revision is None:
            self.ref.connection.note_revision(self.dataset_id, response)
            self.revision = int(response.headers["dataset-revision"])
        self.is_open, self.rest, self.to_skip = True, b"", self.received

    def take(self, chunk: bytes) -> None:
        """Split a chunk into lines, last first; those received before the connection was cut are skipped."""
        *lines, self.rest = (self.rest + chunk).split(b"\n")
        known = min(self.to_skip, len(lines))
        self.to_skip -= known
        self.received += len(lines) - known
        self.lines = lines[known:][::-1]
        if self.lines:
            # Progress was made, so the full wait is available again.
            self.waits = Waits(self.ref.connection.retry)

    def end(self) -> None:
        if self.to_skip:
            raise RevisionsWentBack(
                f"Revision {self.revision} of dataset {self.ref.label!r} has fewer items than before."
            )


def as_failure(chunk: bytes | Failure) -> Failure:
    return chunk if isinstance(chunk, Failure) else Failure("The export ends inside a line.")


def read_pages(ref: DatasetRef, dataset_id: str, limit: int = PAGE) -> Steps[None]:
    """Emit the items that match the conditions, by cursor."""
    params: dict[str, str] | None = {
        **ref.selection(dataset_id), "order_by": "created_at", "limit": str(limit), "cursor": "",
    }  # fmt: skip
    while params is not None:
        response = yield from get_page(ref.connection, "dataset_items/", params)
        page = split_object(response.text)
        for text in split_array(page["results"]):
            yield Emit(Row(text, dataset_id))
        params = next_params(read_json(page["next"]))


def next_params(link: str | None) -> dict[str, str] | None:
    """Return the parameters of a link; its host may be one that only proxies know."""
    return None if link is None else dict(parse_qsl(urlsplit(link).query, keep_blank_values=True))


def read_slice(ref: DatasetRef, start: int, length: int) -> Steps[list[Row]]:
    """Return so many items from a place on, oldest first; by offset, so each is a request of its own."""
    dataset_id = yield from resolve(ref)
    if ref.pin is not None:
        yield from load_snapshot(ref)
        if not ref.conditions and ref.snapshot.revision is not None:
            cached = ref.connection.cache.find(dataset_id, ref.snapshot.revision)
            if cached is not None:
                return cached_slice(cached, dataset_id, start, length)
    rows: list[Row] = []
    while length > len(rows):
        params = {
            "order_by": "created_at",
            "offset": str(start + len(rows)),
            "limit": str(min(length - len(rows), PAGE)),
        }
        page = yield from one_page(ref, dataset_id, params)
        rows += [Row(text, dataset_id) for text in page]
        if not page:
            break
    return rows


def one_page(ref: DatasetRef, dataset_id: str, params: Mapping[str, str]) -> Steps[list[str]]:
    response = yield from get_page(ref.connection, "dataset_items/", {**ref.selection(dataset_id), **params})
    return list(split_array(split_object(response.text)["results"]))


def cached_slice(cached: CachedRevision, dataset_id: str, start: int, length: int) -> list[Row]:
    return [Row(line, dataset_id) for index, line in enumerate(cached.lines()) if start <= index < start + length]


def read_range(ref: DatasetRef, index: slice) -> Steps[list[Row]]:
    """Return the items of a slice."""
    _, count = yield from load_snapshot(ref)
    places = range(count)[index]
    if not places:
        return []
    first, last = min(places[0], places[-1]), max(places[0], places[-1])
    rows = yield from read_slice(ref, first, last - first + 1)
    return [rows[place - first] for place in places if place - first < len(rows)]


def read_one(ref: DatasetRef, which: int | str) -> Steps[Row]:
    """Return one item: by its place, its id, or its ref_source_id; raises IndexError, ItemNotFound."""
    if isinstance(which, int):
        return (yield from read_at(ref, which))
    dataset_id = yield from resolve(ref)
    if (row := find_cached(ref, dataset_id, which)) is not None:
        return row
    if UUID.fullmatch(which):
        return (yield from read_by_id(ref, dataset_id, which))
    if not which:
        raise ItemNotFound("An empty text names no item.", status=404, code="not_found")
    found = yield from one_page(ref.where({"ref_source_id": which}), dataset_id, {"limit": "2"})
    if len(found) != 1:
        how_many = "several items" if found else "no item"
        raise ItemNotFound(f"Dataset {ref.label!r} has {how_many} with ref_source_id {which!r}.", status=404)
    return Row(found[0], dataset_id)


def find_cached(ref: DatasetRef, dataset_id: str, which: str) -> Row | None:
    """Return the one item of a cached revision that has this id or ref_source_id; None asks the server."""
    revision = ref.snapshot.revision if ref.pin is not None and not ref.conditions else None
    cached = ref.connection.cache.find(dataset_id, revision) if revision is not None else None
    if cached is None or not which:
        return None
    name = "id" if UUID.fullmatch(which) else "ref_source_id"
    text = write_json(which.lower() if name == "id" else which)
    found = [line for line in cached.lines() if text in line and split_object(line).get(name) == text]
    return Row(found[0], dataset_id) if len(found) == 1 else None


def read_at(ref: DatasetRef, place: int) -> Steps[Row]:
    start = place
    if place < 0:
        _, count = yield from load_snapshot(ref)
        start = count + place
    rows = (yield from read_slice(ref, start, 1)) if start >= 0 else []
    if not rows:
        raise IndexError(f"Dataset {ref.label!r} has no item at {place}.")
    return rows[0]


def read_by_id(ref: DatasetRef, dataset_id: str, item_id: str) -> Steps[Row]:
    if ref.pin is not None:
        yield from load_snapshot(ref)
    params = {key: value for key, value in ref.selection(dataset_id).items() if key in {"dataset", "revision"}}
    try:
        response: Response = yield from ref.connection.send(Request("GET", f"dataset_items/{item_id}/", params))
    except NotFound as error:
        raise ItemNotFound(f"Dataset {ref.label!r} has no item {item_id}.", status=404, code=error.code) from None
    return Row(response.text, dataset_id, response.headers.get("etag"))


def count_items(ref: DatasetRef) -> Steps[int]:
    """Return the number of items."""
    _, count = yield from load_snapshot(ref)
    return count


def compute_digest(ref: DatasetRef) -> Steps[str]:
    """Return the digest of the content, computed here over the rows (docs/digest.md)."""
    pinned = ref if ref.pin is not None else ref.at(Pin(tag="latest"))
    cached = yield from fetch_revision(pinned)
    return ref.connection.cache.digest_of(cached)
