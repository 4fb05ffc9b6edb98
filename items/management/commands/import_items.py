"""Import a file into a dataset like the API's import, without sending it over the network."""

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Self
from uuid import UUID

from django.core.management import CommandError
from rest_framework.exceptions import ValidationError
from tqdm import tqdm

from auth.accounts import ProvisioningError, current_project, user_or_only_one
from auth.models import Project, User
from database.management import DatabaseCommand, report_database_errors
from items.bulk.existing import MATCH_KEYS
from items.bulk.upsert import OnConflict, UpsertTarget
from items.imports.formats import IMPORT_FORMATS
from items.imports.importer import ImportReader, ImportRejected, ImportRequest
from items.imports.options import CELLS, parse_options
from items.imports.outcomes import STATUSES, Outcomes
from items.imports.progress import Progress, ignore_progress
from items.imports.upsert import preview_rows, store_rows
from items.queries import DatasetNotFound, ProjectItems
from items.validation.cache import get_schemas
from items.validation.schemas import NO_SCHEMAS
from rest.errors import exception_handler
from rest.renderers import JSONRenderer
from rest.uploads import seekable_copy

# Exit codes for shell scripts; 0 means that the file was imported.
FILE_REJECTED = 1
NOT_IMPORTED = 2
STANDARD_INPUT = "-"

MATCHING = ("match_on", "on_conflict", "mirror")

Options = dict[str, Any]
Summary = dict[str, Any]


class Command(DatabaseCommand):
    help = (
        "Imports a file into a dataset, all or nothing, in one revision. Exits with 1 if the file has errors, with 2 "
        "if it could not be imported for another reason."
    )
    example = "rows.csv --dataset 01990000-0000-7000-8000-000000000000 --as ada@example.com"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the file, perhaps compressed with gzip or zstd; - is stdin")
        parser.add_argument("--dataset", required=True, type=UUID, metavar="ID", help="the dataset to import into")
        parser.add_argument("--as", dest="email", metavar="EMAIL", help="the items' author (default: the only user)")
        parser.add_argument(
            "--project", type=int, metavar="ID", help="the dataset's project, if not the user's current one"
        )
        parser.add_argument(
            "--format", dest="import_format", choices=IMPORT_FORMATS, help="if the file's name does not imply it"
        )
        parser.add_argument("--mapping", default="", metavar="JSON", help='such as {"question": "input.q"}')
        parser.add_argument("--delimiter", default="", metavar="CHARACTER", help="for CSV; also: tab")
        parser.add_argument("--cells", default="", choices=CELLS, help="text: read no cell as JSON")
        parser.add_argument("--sheet", default="", metavar="NAME", help="for a workbook, if not the first one")
        parser.add_argument(
            "--strict",
            action="store_const",
            const="true",
            default="",
            help="reject a file with columns that are not read",
        )
        parser.add_argument("--match-on", default="", choices=MATCH_KEYS, help="how to match rows with existing items")
        parser.add_argument(
            "--on-conflict", default="", choices=list(OnConflict), help="what to do with existing items"
        )
        parser.add_argument(
            "--mirror",
            action="store_const",
            const="true",
            default="",
            help="with --match-on: archive the items that the file lacks",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="check the file and show its first rows, store nothing"
        )
        parser.add_argument("--json", action="store_true", help="print only JSON")

    @report_database_errors(NOT_IMPORTED)
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            summary = self.run_import(options)
        except (ProvisioningError, OSError) as error:
            raise CommandError(str(error), returncode=NOT_IMPORTED) from error
        except DatasetNotFound as error:
            raise CommandError(f"There is no dataset {options['dataset']}.", returncode=NOT_IMPORTED) from error
        except (ValidationError, ImportRejected) as error:
            raise CommandError(format_error(exception_handler(error).data), returncode=FILE_REJECTED) from error
        self.stdout.write(JSONRenderer().render(summary).decode() if options["json"] else format_summary(summary))
        if summary["errors"]:
            raise CommandError("Nothing was imported.", returncode=FILE_REJECTED)

    def run_import(self, options: Options) -> Summary:
        user = user_or_only_one(options["email"])
        project = project_of(user, options["project"])
        revision, outcomes = ProjectItems(project.id).head(options["dataset"]).revision, Outcomes()
        params = {
            name: options[name]
            for name in ("import_format", "mapping", "delimiter", "cells", "sheet", "strict", *MATCHING)
        }
        import_options = parse_options(params, file_name=options["file"])
        schemas = get_schemas(project.id, options["dataset"]) or NO_SCHEMAS
        with ExitStack() as stack:
            file = stack.enter_context(open_file(options["file"]))
            on_progress = stack.enter_context(Bar()).update if self.stderr.isatty() else ignore_progress
            reader = stack.enter_context(ImportReader(ImportRequest(file, import_options, schemas), on_progress))
            reader.read()
            target = UpsertTarget(project.id, user.id, options["dataset"])
            if options["dry_run"]:
                outcomes = preview_rows(reader, target)
            elif not reader.errors:
                revision, outcomes = store_rows(reader, target)
            return reader.summary(outcomes, revision=revision, is_dry_run=options["dry_run"])


def project_of(user: User, project_id: int | None) -> Project:
    """Return the project with this id, or the user's current one. Raises ProvisioningError."""
    project = current_project(user) if project_id is None else Project.objects.filter(id=project_id).first()
    if project is None:
        problem = (
            "The user has no current project: use --project."
            if project_id is None
            else f"There is no project {project_id}."
        )
        raise ProvisioningError(problem)
    if not user.is_active or not user.memberships.filter(organization_id=project.organization_id).exists():
        raise ProvisioningError(f"{user.email} is not an active member of project {project.id}.")
    return project


def open_file(name: str) -> IO[bytes]:
    """Copy standard input first, since a file is read from any position."""
    return seekable_copy(sys.stdin.buffer) if name == STANDARD_INPUT else Path(name).open("rb")


class Bar:
    """Progress on standard error: first the bytes read, then the rows stored."""

    def __enter__(self) -> Self:
        self.bar = tqdm(desc="Checking", unit="B", unit_scale=True, unit_divisor=1024)
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()

    def update(self, progress: Progress) -> None:
        if progress.stored and self.bar.unit == "B":
            self.bar.close()
            self.bar = tqdm(desc="Storing", unit=" rows", unit_scale=True)
        done, total = (progress.stored, progress.rows) if progress.stored else (progress.bytes, progress.total_bytes)
        self.bar.total = total
        self.bar.update(done - self.bar.n)


def format_summary(summary: Summary) -> str:
    lines = [f"{each['row']}: {format_error(each)}" for each in summary["errors"]] + format_usage(summary)
    if summary["dry_run"]:
        preview = (JSONRenderer().render(each).decode() for each in summary["preview"])
        return "\n".join([*preview, *lines, f"{summary['rows']} rows read; a dry run stores nothing."])
    done = f"{summary['created']} items created{format_counts(summary)}"
    stored = f"{done}; the dataset is at revision {summary['dataset_revision']}."
    return "\n".join([*lines, stored] if not summary["errors"] else lines)


def format_counts(summary: Summary) -> str:
    """List the other outcomes of rows."""
    return "".join(f", {summary[status]} {status}" for status in STATUSES[1:] if summary[status])


def format_usage(summary: Summary) -> list[str]:
    """List columns that were not read, and columns that were read under another name."""
    lines = [f'"{each["column"]}" was read as {each["target"]}.' for each in summary["matched_columns"]]
    if summary["ignored_columns"]:
        lines.append(f"Not read: {', '.join(summary['ignored_columns'])}.")
    return lines + [f'"{each["column"]}" may belong to {each["target"]}: use --mapping.' for each in summary["hints"]]


def format_error(error: Summary) -> str:
    return f"{error['attr']}: {error['detail']}" if error["attr"] else str(error["detail"])
