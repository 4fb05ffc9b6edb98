"""A revision as a file, in any of the server's formats."""

from __future__ import annotations

from datasets_client._commands import Emit, Failure, ReadStream, Request, Steps
from datasets_client._errors import ConnectionFailed
from datasets_client._operations.resolving import load_snapshot, resolve
from datasets_client._refs import DatasetRef
from datasets_client._retry import Waits, open_stream, wait_or_raise

FORMATS = ("jsonl", "csv", "parquet")


def export_chunks(ref: DatasetRef, file_format: str) -> Steps[None]:
    """Emit the bytes of an export. Where the connection is cut, the same bytes are skipped and the rest goes on."""
    dataset_id = yield from resolve(ref)
    revision, _ = yield from load_snapshot(ref)
    params = {"export_format": file_format, "revision": str(revision), **ref.conditions}
    request = Request("GET", f"datasets/{dataset_id}/export/", params)
    given, waits = 0, Waits(ref.connection.retry)
    while True:
        yield from open_stream(request, waits)
        to_skip = given
        while True:
            chunk: bytes | Failure = yield ReadStream()
            if isinstance(chunk, Failure):
                break
            if not chunk:
                check_whole(to_skip)
                return
            fresh = chunk[to_skip:]
            to_skip -= len(chunk) - len(fresh)
            if fresh:
                given, waits = given + len(fresh), Waits(ref.connection.retry)
                yield Emit(fresh)
        yield from wait_or_raise(waits, chunk)


def check_whole(to_skip: int) -> None:
    if to_skip:
        raise ConnectionFailed("The export came to an end earlier than before. Pull it again.")
