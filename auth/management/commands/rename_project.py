"""Renames a project."""

import argparse

from auth.accounts import ProvisioningError, validate_and_save
from auth.management.command import ManagementCommand, Options, Output
from auth.models import Project


class Command(ManagementCommand):
    help = "Renames a project. Its id, and so every URL, stays the same."
    example = '--id 1 --name "Evaluations 2026"'

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--id", type=int, required=True, help="the id that list_projects shows")
        parser.add_argument("--name", required=True, help="the new name")

    def run(self, options: Options) -> Output:
        project = Project.objects.filter(id=options["id"]).first()
        if project is None:
            raise ProvisioningError(f"There is no project {options['id']}.")
        project.name = options["name"]
        validate_and_save(project)
        return {"project_id": project.id, "name": project.name}
