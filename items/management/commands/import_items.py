"""Imports a file into a dataset, as the API's import does, without sending it over the network."""

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Self
from uuid import UUID

from django.core.management import BaseCommand, CommandError
from rest_framework.exceptions import ValidationError
from tqdm import tqdm

from auth.models import Project, User
from auth.people import Refused, current_project, user_with
from database.console import database_errors_told
from items.quality.in_force import schemas_of
from items.quality.schemas import NONE
from items.reads import ProjectItems, UnknownDataset
from items.transfer.formats import FORMATS, format_of
from items.transfer.importing import Import, Reading, RowsRefused, store
from items.transfer.mapping import read_mapping
from items.transfer.progress import Progress, nobody_watches
from rest.errors import exception_handler
from rest.files import seekable_copy
from rest.renderers import JSONRenderer

# What a shell script can tell apart: 0, imported; 1, the file was refused.
FILE_REFUSED = 1
NOT_IMPORTED = 2
STANDARD_INPUT = "-"

Options = dict[str, Any]
Shown = dict[str, Any]


class Command(BaseCommand):
    help = (
        "Imports a file into a dataset, all or nothing, in one revision. Ends with 1 if something in the file is "
        "wrong, with 2 if nothing could be imported for another reason."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the file, also packed with gzip; - is standard input")
        parser.add_argument("--dataset", required=True, type=UUID, metavar="ID", help="where the rows go")
        parser.add_argument("--as", required=True, dest="email", metavar="EMAIL", help="who is said to have done it")
        parser.add_argument("--project", type=int, metavar="ID", help="the dataset's, if not the user's current one")
        parser.add_argument("--format", choices=FORMATS, help="if the file's name does not tell")
        parser.add_argument("--mapping", default="", metavar="JSON", help='such as {"question": "input.q"}')
        parser.add_argument("--dry-run", action="store_true", help="check the file, show its first rows, store nothing")
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")

    @database_errors_told(NOT_IMPORTED)
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            told = self.imported(options)
        except (Refused, OSError) as error:
            raise CommandError(str(error), returncode=NOT_IMPORTED) from error
        except UnknownDataset as error:
            raise CommandError(f"There is no dataset {options['dataset']}.", returncode=NOT_IMPORTED) from error
        except (ValidationError, RowsRefused) as error:
            raise CommandError(line_of(exception_handler(error).data), returncode=FILE_REFUSED) from error
        self.stdout.write(JSONRenderer().render(told).decode() if options["json"] else described(told))
        if told["errors"]:
            raise CommandError("Nothing was imported.", returncode=FILE_REFUSED)

    def imported(self, options: Options) -> Shown:
        user = user_with(email=options["email"])
        project = project_of(user, options["project"])
        revision, created = ProjectItems(project.id).head(options["dataset"]).revision, 0
        name = format_of(options["format"], file_name=options["file"])
        mapping = read_mapping(options["mapping"])
        schemas = schemas_of(project.id, options["dataset"]) or NONE
        with ExitStack() as until:
            file = until.enter_context(opened(options["file"]))
            watch = until.enter_context(Bar()).show if self.stderr.isatty() else nobody_watches
            reading = until.enter_context(Reading(Import(file, name, mapping, schemas=schemas), watch))
            reading.read()
            if not options["dry_run"] and not reading.errors:
                ids = {"project_id": project.id, "user_id": user.id, "dataset_id": options["dataset"]}
                revision, created = store(reading, **ids)
            return reading.told(created=created, revision=revision, is_dry=options["dry_run"])


def project_of(user: User, project_id: int | None) -> Project:
    """That of the number, or the user's current one. Raises Refused."""
    project = current_project(user) if project_id is None else Project.objects.filter(id=project_id).first()
    if project is None:
        named = (
            "--project is needed: the user has none." if project_id is None else f"There is no project {project_id}."
        )
        raise Refused(named)
    if not user.is_active or not user.memberships.filter(organization_id=project.organization_id).exists():
        raise Refused(f"{user.email} is not, or not any more, a member of project {project.id}.")
    return project


def opened(name: str) -> IO[bytes]:
    """Standard input is copied first, since a file has to be read from any place."""
    return seekable_copy(sys.stdin.buffer) if name == STANDARD_INPUT else Path(name).open("rb")


class Bar:
    """Progress on standard error: first of the bytes that are read, then of the rows that are stored."""

    def __enter__(self) -> Self:
        self.bar = tqdm(desc="Checking", unit="B", unit_scale=True, unit_divisor=1024)
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()

    def show(self, progress: Progress) -> None:
        if progress.stored and self.bar.unit == "B":
            self.bar.close()
            self.bar = tqdm(desc="Storing", unit=" rows", unit_scale=True)
        done, total = (progress.stored, progress.rows) if progress.stored else (progress.bytes, progress.of_bytes)
        self.bar.total = total
        self.bar.update(done - self.bar.n)


def described(told: Shown) -> str:
    lines = [f"{each['row']}: {line_of(each)}" for each in told["errors"]]
    if told["dry_run"]:
        preview = (JSONRenderer().render(each).decode() for each in told["preview"])
        return "\n".join([*preview, *lines, f"{told['rows']} rows read; a dry run stores nothing."])
    stored = f"{told['created']} items made; the dataset is at revision {told['dataset_revision']}."
    return "\n".join(lines) if lines else stored


def line_of(error: Shown) -> str:
    return f"{error['attr']}: {error['detail']}" if error["attr"] else str(error["detail"])
