"""Write the items of a dataset to a file, current or at a revision."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.core.management import CommandError
from tqdm import tqdm

from database.management import DatabaseCommand, report_database_errors
from items.exports.batches import DatasetSnapshot
from items.exports.formats import EXPORT_FORMATS
from items.history.snapshots import InvalidRevision, RevisionNotFound, Snapshot, resolve_revision
from items.models import Dataset
from items.queries import ProjectItems

DEFAULT_FORMAT = "jsonl"


class Command(DatabaseCommand):
    help = "Writes the items of a dataset to a file or to standard output, oldest first."
    example = "--dataset 01990000-0000-7000-8000-000000000000 --output golden.csv"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--dataset", type=UUID, required=True, metavar="ID", help="the dataset")
        parser.add_argument(
            "--format", choices=EXPORT_FORMATS, help=f"default: by the name of FILE, or {DEFAULT_FORMAT}"
        )
        parser.add_argument("--revision", metavar="REVISION", help="a number or a tag (default: the current one)")
        parser.add_argument(
            "--output", type=Path, metavar="FILE", help="created only when complete (default: standard output)"
        )
        parser.add_argument("--overwrite", action="store_true", help="replace FILE if it exists")

    @report_database_errors()
    def handle(self, *args: Any, **options: Any) -> None:
        output: Path | None = options["output"]
        if output is not None and output.exists() and not options["overwrite"]:
            raise CommandError(f"{output} exists. Use another name or --overwrite.")
        name = options["format"] or format_of(output)
        try:
            dataset_snapshot = self.dataset_snapshot(options["dataset"], options["revision"])
            with destination(output) as file, progress(dataset_snapshot.snapshot) as bar:
                for chunk in EXPORT_FORMATS[name].chunks(dataset_snapshot):
                    file.write(chunk)
                    bar.update(len(chunk))
        except OSError as error:
            raise CommandError(str(error)) from error

    def dataset_snapshot(self, dataset_id: UUID, revision: str | None) -> DatasetSnapshot:
        dataset = Dataset.objects.live().filter(id=dataset_id).first()
        if dataset is None:
            raise CommandError(f"There is no dataset {dataset_id}.")
        revision = revision or str(ProjectItems(dataset.team_id).head(dataset_id).revision)
        try:
            return DatasetSnapshot(dataset.team_id, dataset_id, resolve_revision(dataset.team_id, dataset_id, revision))
        except (RevisionNotFound, InvalidRevision):
            raise CommandError(f"The dataset has no revision {revision}.") from None


def format_of(output: Path | None) -> str:
    """Return the format that the file's name ends with. Raises CommandError for an unknown one."""
    suffix = output.suffix.lstrip(".").lower() if output else ""
    if not suffix:
        return DEFAULT_FORMAT
    if suffix not in EXPORT_FORMATS:
        raise CommandError(f"The format of {output} is unknown. Use --format with {', '.join(EXPORT_FORMATS)}.")
    return suffix


def progress(snapshot: Snapshot) -> Any:
    """Show a bar on standard error, if that is a terminal."""
    return tqdm(desc=f"{snapshot.item_count} items", unit="B", unit_scale=True, disable=None, leave=False)


@contextmanager
def destination(path: Path | None) -> Iterator[IO[bytes]]:
    """Open the output; a file gets its name only when it is complete."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with tempfile.NamedTemporaryFile(dir=path.absolute().parent, prefix=f".{path.name}.", delete=False) as file:
        draft = Path(file.name)
        try:
            yield file
            file.flush()
            draft.chmod(0o644)
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
