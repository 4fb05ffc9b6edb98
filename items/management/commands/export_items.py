"""Writes the items of a dataset to a file, as they are or as they were at a revision."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.core.management import BaseCommand, CommandError
from tqdm import tqdm

from database.management import report_database_errors
from items.exports.batches import DatasetSnapshot
from items.exports.formats import EXPORT_FORMATS
from items.history.snapshots import InvalidRevision, RevisionNotFound, Snapshot, resolve_revision
from items.models import Dataset
from items.queries import ProjectItems


class Command(BaseCommand):
    help = "Writes the items of a dataset to a file or to standard output, oldest first."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--dataset", type=UUID, required=True, metavar="ID", help="the dataset")
        parser.add_argument("--format", choices=EXPORT_FORMATS, default="jsonl", help="default: %(default)s")
        parser.add_argument("--revision", metavar="REVISION", help="a number or a tag (default: the present one)")
        parser.add_argument(
            "--output", type=Path, metavar="FILE", help="there only when it is complete (default: standard output)"
        )

    @report_database_errors()
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            dataset_snapshot = self.dataset_snapshot(options["dataset"], options["revision"])
            with destination(options["output"]) as file, progress(dataset_snapshot.snapshot) as bar:
                for chunk in EXPORT_FORMATS[options["format"]].chunks(dataset_snapshot):
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


def progress(snapshot: Snapshot) -> Any:
    """A bar on standard error, where that is a terminal."""
    return tqdm(desc=f"{snapshot.item_count} items", unit="B", unit_scale=True, disable=None, leave=False)


@contextmanager
def destination(path: Path | None) -> Iterator[IO[bytes]]:
    """A file appears under its name when it is complete."""
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
