"""Creates a project, and allows or forbids the keys of its organization's members."""

import argparse

from auth.accounts import DEFAULT_ORGANIZATION, allow_members_keys, get_or_create_project
from auth.management.command import ManagementCommand, Options, Output


class Command(ManagementCommand):
    help = "Creates a project, or shows the existing project of that name."
    example = "--name Evaluations --organization-name Example"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--name", required=True)
        parser.add_argument(
            "--organization-name",
            metavar="O",
            help=(
                "created if there is none (default: the organization of the project with that name, or "
                f"{DEFAULT_ORGANIZATION!r})"
            ),
        )
        policy = parser.add_mutually_exclusive_group()
        policy.add_argument(
            "--members-cannot-use-keys",
            action="store_true",
            help="forbid the organization's members to use personal API keys; admins and owners may use theirs",
        )
        policy.add_argument("--members-can-use-keys", action="store_true", help="allow them again")

    def run(self, options: Options) -> Output:
        project, created = get_or_create_project(options["name"], organization_name=options["organization_name"])
        if options["members_cannot_use_keys"] or options["members_can_use_keys"]:
            allow_members_keys(organization=project.organization, allowed=options["members_can_use_keys"])
        return {
            "project_id": project.id,
            "organization_id": project.organization_id,
            "name": project.name,
            "api_token": project.api_token,
            "created": created,
        }
