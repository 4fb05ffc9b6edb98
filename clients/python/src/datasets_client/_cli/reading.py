"""The commands that read: list, items, show, pull, diff, keys."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from datasets_client._cli.context import (
    DatasetArgument,
    FormatOption,
    WhereOption,
    open_client,
    open_dataset,
    parse_conditions,
    use,
)
from datasets_client._cli.exits import UsageError
from datasets_client._cli.output import Format, print_record, print_records, say, write_out
from datasets_client._dataset import Dataset
from datasets_client._item import ItemValues
from datasets_client._json_text import RawJSON
from datasets_client._lock import LOCK_NAME, read_lock
from datasets_client._lock_diff import lock_at, lock_changes, to_markdown
from datasets_client._operations import exporting, locking
from datasets_client._results import Change

ITEM_COLUMNS = (
    "id", "ref_source_id", "input", "output", "metadata", "ref_trace_id", "ref_timestamp", "created_at", "updated_at",
)  # fmt: skip
SHOWN_COLUMNS = ("ref_source_id", "input", "output", "metadata", "id")
HUMAN_LIMIT = 20


def list_datasets(
    search: Annotated[str | None, typer.Option("--search", "-s", help="In name, description and metadata.")] = None,
    output_format: FormatOption = Format.auto,
) -> None:
    """List the project's datasets, newest first."""
    use(output_format)
    with open_client() as client:
        records = ({"id": dataset.id, "name": dataset.name} for dataset in client.datasets(search=search))
        print_records(records, output_format, ("name", "id"), "id")


def list_items(
    dataset: DatasetArgument,
    where: WhereOption = None,
    search: Annotated[str | None, typer.Option("--search", "-s", help="In any text of the item.")] = None,
    limit: Annotated[int | None, typer.Option(help="So many at most (human: 20 unless given).", min=1)] = None,
    sample: Annotated[int | None, typer.Option(help="So many, chosen by --seed.", min=1)] = None,
    seed: Annotated[int, typer.Option(help="Which sample.")] = 0,
    output_format: FormatOption = Format.auto,
) -> None:
    """Print the items of a dataset, oldest first."""
    use(output_format)
    with open_client() as client:
        found = choose(open_dataset(client, dataset), where, search, sample, seed)
        is_human = output_format is Format.human or (output_format is Format.auto and sys.stdout.isatty())
        shown = limit or (HUMAN_LIMIT if is_human else None)
        columns = SHOWN_COLUMNS if is_human else ITEM_COLUMNS
        print_records((item_record(item) for item in islice(found, shown)), output_format, columns, "id")
        if is_human and limit is None and (count := found.count()) > HUMAN_LIMIT:
            say(f"{HUMAN_LIMIT} of {count:,} items. --limit shows more.")


def choose(found: Dataset, where: list[str] | None, search: str | None, sample: int | None, seed: int) -> Dataset:
    conditions = parse_conditions(where)
    if search:
        conditions["search"] = search
    found = found.where(**conditions) if conditions else found
    return found.sample(sample, seed=seed) if sample else found


def item_record(item: ItemValues) -> dict[str, RawJSON]:
    return {name: RawJSON(text) for name, text in item.raw.items()}


def show(
    dataset: DatasetArgument,
    item: Annotated[
        str | None, typer.Argument(metavar="[ITEM]", help="An id, a ref_source_id, or a place (#0).")
    ] = None,
    output_format: FormatOption = Format.auto,
) -> None:
    """Show a dataset, or one of its items."""
    use(output_format)
    with open_client() as client:
        found = open_dataset(client, dataset)
        if item is not None:
            place = item.removeprefix("#")
            which = int(place) if item.startswith("#") and place.lstrip("-").isdigit() else item
            print_record(item_record(found.get(which)), output_format, "id")
            return
        details: dict[str, Any] = {**found.details(), "items": found.count()}
        details["revision"] = found.revision or found.resolved_revision()
        details["tags"] = [tag for revision in found.revisions() for tag in revision.tags]
        print_record(details, output_format, "id")


def pull(
    dataset: DatasetArgument,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="A file; its name says the format.")] = None,
    file_format: Annotated[str | None, typer.Option(help="jsonl (default), csv or parquet.")] = None,
) -> None:
    """Write a dataset to a file or to standard output, as the server exports it."""
    kind = file_format or (out.suffix.lstrip(".").lower() if out else "jsonl")
    if kind not in exporting.FORMATS:
        raise UsageError(f"{kind!r} is not a format: name one of {', '.join(exporting.FORMATS)} by --file-format.")
    with open_client() as client:
        found = open_dataset(client, dataset)
        chunks = client._driver.iterate(exporting.export_chunks(found._subject, kind))
        if out is None:
            if kind == "parquet" and sys.stdout.isatty():
                raise UsageError("A terminal shows no Parquet; name a file by --out.")
            for chunk in chunks:
                sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
            return
        write_file(out, chunks)


def write_file(path: Path, chunks: Iterator[bytes]) -> None:
    """Write beside the file and rename, so that a broken download leaves the old file alone."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.absolute().parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in chunks:
                file.write(chunk)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def diff(
    dataset: Annotated[str | None, typer.Argument(metavar="[DATASET[@TO]]")] = None,
    since: Annotated[str | None, typer.Argument(metavar="[FROM]", help="An older revision, tag or time.")] = None,
    lock: Annotated[
        str | None, typer.Option(metavar="COMMIT", help="Compare datasets.lock with this commit's; Markdown.")
    ] = None,
    lock_file: Annotated[Path, typer.Option(help="The lock file.")] = Path(LOCK_NAME),
    output_format: FormatOption = Format.auto,
) -> None:
    """Say what changed: DATASET FROM, or --lock COMMIT for the datasets that a branch locks differently."""
    use(output_format)
    if (lock is None) == (dataset is None) or (dataset is not None and since is None):
        raise UsageError("Give DATASET FROM, such as `dsets diff golden release-1`, or --lock COMMIT.")
    if lock is not None:
        write_out(lock_markdown(lock, lock_file).rstrip("\n"))
        return
    with open_client() as client:
        found = open_dataset(client, str(dataset)).diff(str(since))
    records = (change_record(change) for change in found.changes)
    if output_format is Format.human or (output_format is Format.auto and sys.stdout.isatty()):
        counts = f"{found.added} added, {found.changed} changed, {found.removed} removed"
        say(f"Revision {found.before} to {found.after}: {counts}.")
    print_records(records, output_format, ("change", "case", "fields", "id"), "id")


def change_record(change: Change) -> dict[str, Any]:
    return {
        "id": change.id, "case": change.case_id, "change": change.change, "fields": list(change.fields),
        "from": change.before, "to": change.after,
    }  # fmt: skip


def lock_markdown(commit: str, path: Path) -> str:
    changes = lock_changes(lock_at(commit, path), read_lock(path, missing_ok=True))
    if not any(change.is_comparable for change in changes):
        return to_markdown((change, None) for change in changes)
    with open_client() as client:
        pairs = [
            (change, client._driver.run(locking.diff_locked(client._subject, change.before, change.after)))
            if change.is_comparable and change.before and change.after
            else (change, None)
            for change in changes
        ]
    return to_markdown(pairs)


def keys(output_format: FormatOption = Format.auto) -> None:
    """List your API keys, without their secrets."""
    use(output_format)
    with open_client() as client:
        columns = ("label", "mask_value", "scopes", "last_used_at", "id")
        print_records(client.keys(), output_format, columns, "id")
