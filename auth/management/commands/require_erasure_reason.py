"""Decides whether erasures in a project need a reason."""

import argparse

from auth.accounts import ProvisioningError
from auth.management.command import ManagementCommand, Options, Output
from auth.models import Project


class Command(ManagementCommand):
    help = "Makes every erasure in a project name its reason; without one, the answer is 400 and nothing is erased."
    example = "--id 1"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--id", type=int, required=True, help="the id that list_projects shows")
        parser.add_argument("--off", action="store_true", help="make the reason optional again")

    def run(self, options: Options) -> Output:
        project = Project.objects.filter(id=options["id"]).first()
        if project is None:
            raise ProvisioningError(f"There is no project {options['id']}.")
        project.requires_erasure_reason = not options["off"]
        project.save(update_fields=["requires_erasure_reason"])
        return {
            "project_id": project.id,
            "name": project.name,
            "requires_erasure_reason": project.requires_erasure_reason,
        }
