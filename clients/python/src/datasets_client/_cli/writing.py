"""The commands that write: create, push, tag, rollback, fork, erase."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from datasets_client._cli.context import (
    DatasetArgument,
    DryRunOption,
    FormatOption,
    MessageOption,
    YesOption,
    confirm,
    open_client,
    open_dataset,
    open_live_dataset,
    use,
)
from datasets_client._cli.exits import Failed, UsageError
from datasets_client._cli.output import Format, cut, plain, print_record, print_records, say
from datasets_client._client import Client
from datasets_client._errors import DatasetNotFound
from datasets_client._json_text import read_json
from datasets_client._results import PushExample, PushReport
from datasets_client._rows import FORMATS

MapOption = Annotated[
    list[str] | None, typer.Option("--map", metavar="COLUMN=PLACE", help="question=input.question, '*=metadata'.")
]
LiveDatasetArgument = Annotated[str, typer.Argument(metavar="DATASET", help="A name or id.")]


def create(
    name: Annotated[str, typer.Argument()],
    description: Annotated[str | None, typer.Option()] = None,
    metadata: Annotated[str | None, typer.Option(help="JSON.")] = None,
    exist_ok: Annotated[bool, typer.Option("--exist-ok", help="One of this name is there: take it.")] = False,
    dry_run: DryRunOption = False,
    output_format: FormatOption = Format.auto,
) -> None:
    """Create a dataset."""
    use(output_format)
    with open_client() as client:
        if dry_run:
            taken = is_there(client, name)
            human = f"Dataset {name!r} {'is there already' if taken else 'would be created'}."
            print_record({"id": None, "name": name, "exists": taken, "dry_run": True}, output_format, "name", human)
            return
        value = None if metadata is None else read_json(metadata, "decimal")
        made = client.create(name, description=description, metadata=value, exist_ok=exist_ok)
        print_record({"id": made.id, "name": made.name}, output_format, "id", f"Dataset {made.name!r}: {made.id}")


def push(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A path, or - for standard input.")],
    dataset: LiveDatasetArgument,
    key: Annotated[str | None, typer.Option(help="The column that matches rows to items.")] = None,
    mapping: MapOption = None,
    mirror: Annotated[bool, typer.Option("--mirror", help="Archive the items without a row in the file.")] = False,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="With --mirror: the file may have no rows.")
    ] = False,
    create_missing: Annotated[bool, typer.Option("--create", help="Create the dataset if it is not there.")] = False,
    partial: Annotated[bool, typer.Option("--partial", help="Store the right rows, report the others.")] = False,
    resume: Annotated[bool, typer.Option(help="Go on with an interrupted push of the same file.")] = True,
    text_cells: Annotated[bool, typer.Option("--text-cells", help="CSV cells are texts, not JSON.")] = False,
    input_format: Annotated[
        str | None, typer.Option(help="jsonl, json, csv, tsv or parquet; for standard input.")
    ] = None,
    message: MessageOption = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    output_format: FormatOption = Format.auto,
) -> None:
    """Store the rows of a file."""
    use(output_format)
    if mirror and not dry_run:
        confirm("Items without a row in the file will be archived. Continue?", yes=yes)
    with open_client() as client, tempfile.TemporaryDirectory(prefix="datasets-client-") as folder:
        path = Path(file) if file != "-" else save_input(Path(folder), input_format)
        target = open_live_dataset(client, dataset)
        if create_missing and not is_there(client, dataset):
            if dry_run:
                say(f"Dataset {dataset!r} would be created.")
                return
            target = client.create(dataset)
        report = target.push(
            path, key=key, mapping=parse_mapping(mapping), mirror=mirror, allow_empty=allow_empty, dry_run=dry_run,
            partial=partial, message=message, resume=resume, cells="text" if text_cells else "json",
            file_format=input_format,
        )  # fmt: skip
    print_report(report, output_format)


def is_there(client: Client, name: str) -> bool:
    try:
        client.dataset(name).count()
    except DatasetNotFound:
        return False
    return True


def save_input(folder: Path, input_format: str | None) -> Path:
    """Save standard input to a file, so that it can be read again."""
    if sys.stdin.isatty():
        raise UsageError("Standard input is a terminal; give a file, or pipe rows in.")
    kinds = {kind: suffix for suffix, kind in FORMATS.items() if suffix != ".ndjson"}
    path = folder / f"rows{kinds.get(input_format or 'jsonl', '.jsonl')}"
    with path.open("wb") as out:
        while chunk := sys.stdin.buffer.read(1024 * 1024):
            out.write(chunk)
    return path


def parse_mapping(mapping: list[str] | None) -> dict[str, str] | None:
    found: dict[str, str] = {}
    for text in mapping or ():
        column, mark, place = text.rpartition("=")
        if not mark or not column or not place:
            raise UsageError(f"--map takes COLUMN=PLACE, such as question=input.question; not {text!r}.")
        found[column] = place
    return found or None


def print_report(report: PushReport, output_format: Format) -> None:
    record: dict[str, Any] = asdict(report)
    would = "Would be " if report.dry_run else ""
    names = ("created", "updated", "unchanged", "skipped", "archived")
    counts = ", ".join(f"{record[name]:,} {name}" for name in names if record[name]) or "nothing to store"
    at = f" Revision {report.revision}." if report.revision is not None and not report.dry_run else ""
    human = [f"{would}{counts} ({report.rows:,} rows).{at}", *map(example_text, report.examples)]
    print_record(record, output_format, "revision", "\n".join(human))
    if report.errors:
        for error in report.errors[:20]:
            say(f"dsets: {error}")
        raise Failed(f"{len(report.errors)} rows are wrong.")


def example_text(example: PushExample) -> str:
    """Return a line for people: the status, where the row is, which item it is about, and which fields change."""
    row = "" if example.row is None else f"row {example.row}"
    name = cut(plain(example.ref_source_id or example.id))
    return f"  {example.status:9}  {row:8}  {name}  {', '.join(example.fields)}".rstrip()


def tag(
    dataset: DatasetArgument,
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Without one, tags are listed.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Move the tag if it names another revision.")] = False,
    delete: Annotated[bool, typer.Option("--delete", help="Remove the tag.")] = False,
    dry_run: DryRunOption = False,
    output_format: FormatOption = Format.auto,
) -> None:
    """Name a revision, or list the tags."""
    use(output_format)
    with open_client() as client:
        found = open_dataset(client, dataset)
        if name is None:
            print_records((asdict(tag) for tag in found.tags()), output_format, ("name", "revision"), "name")
            return
        revision = found.resolved_revision()
        what = f"{name} names revision {revision}." if not delete else f"{name} is removed."
        if not dry_run:
            if delete:
                found.untag(name)
            else:
                found.tag(name, force=force)
        record = {"name": name, "revision": None if delete else revision, "dry_run": dry_run}
        print_record(record, output_format, "name", f"Would do: {what}" if dry_run else what)


def rollback(
    dataset: LiveDatasetArgument,
    revision: Annotated[str, typer.Argument(help="A number, tag or time.")],
    message: MessageOption = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    output_format: FormatOption = Format.auto,
) -> None:
    """Make the items again what they were at a revision. It is a new revision; nothing is lost."""
    use(output_format)
    if not dry_run:
        confirm(f"Roll {dataset} back to {revision}?", yes=yes)
    with open_client() as client:
        report = open_live_dataset(client, dataset).rollback(revision, dry_run=dry_run, message=message)
        record = {"revision": report.revision, "dry_run": dry_run, **report.counts}
        print_record(record, output_format, "revision")


def fork(
    dataset: DatasetArgument,
    name: Annotated[str, typer.Argument(help="Of the new dataset.")],
    dry_run: DryRunOption = False,
    output_format: FormatOption = Format.auto,
) -> None:
    """Copy a dataset, as it is at a revision, to a new one."""
    use(output_format)
    with open_client() as client:
        found = open_dataset(client, dataset)
        if dry_run:
            record: dict[str, Any] = {"id": None, "name": name, "items": found.count(), "dry_run": True}
            print_record(record, output_format, "name", f"Would copy {record['items']:,} items to {name!r}.")
            return
        made = found.fork(name)
        print_record(
            {"id": made.id, "name": name, "dry_run": False}, output_format, "id", f"Dataset {name!r}: {made.id}"
        )


def erase(
    dataset: LiveDatasetArgument,
    items: Annotated[list[str] | None, typer.Argument(metavar="[ITEM_ID]...", help="Without one, the dataset.")] = None,
    reason: Annotated[str | None, typer.Option(help="Kept with the record of the erasure.")] = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    output_format: FormatOption = Format.auto,
) -> None:
    """Erase items, or a dataset with its history. There is no way back."""
    use(output_format)
    with open_client() as client:
        found = open_live_dataset(client, dataset)
        name = str(found.details()["name"])
        what = f"{len(items)} items of {name!r}" if items else f"dataset {name!r} with its whole history"
        if not dry_run:
            confirm(f"Erase {what}, for ever?", yes=yes)
        if items:
            erased = found.erase_items(items, reason=reason, dry_run=dry_run)
            print_record({"erased": erased, "dry_run": dry_run}, output_format, "dry_run", f"Erased {what}.")
            return
        found.erase(confirm=name, dry_run=dry_run)
        human = f"Would erase {what}." if dry_run else f"Erased {what}."
        print_record({"name": name, "id": found.id, "dry_run": dry_run}, output_format, "id", human)
