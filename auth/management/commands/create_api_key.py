"""Makes a personal API key, the one thing that every request needs."""

import argparse

from auth.management.console import ConsoleCommand, Options, Shown, add_organization_arguments, level_in, words
from auth.models import Project, User
from auth.own_keys import Powers, check_membership, create_key
from auth.people import Refused, current_project, join, organization_named, project_named, put_user, user_with
from auth.reach import current_organization_id
from auth.scopes import EVERYTHING, OBJECTS
from auth.serializers import NewPersonalAPIKeySerializer


class Command(ConsoleCommand):
    help = "Makes a personal API key and shows it once; makes its user and project too when told to."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--email", required=True, help="whose key it is")
        parser.add_argument("--create-user", action="store_true", help="make the user if absent")
        parser.add_argument("--project-name", metavar="P", help="a project to belong to, made if absent")
        add_organization_arguments(parser)
        parser.add_argument("--label", required=True, help="what the key is for, at most 40 characters")
        parser.add_argument("--scopes", required=True, help="such as dataset:read,dataset:write, or * for everything")
        parser.add_argument("--teams", metavar="IDS", help="keep the key to these projects, such as 1,2")
        parser.add_argument("--organizations", metavar="UUIDS", help="keep the key to these organizations")

    def run(self, options: Options) -> Shown:
        user = put_user(email=options["email"]) if options["create_user"] else user_with(email=options["email"])
        project = join_named(user, options) or current_project(user)
        label, powers = wanted_key(options)
        check_membership(user.id, powers)
        made = create_key(user_id=user.id, label=label, powers=powers)
        self.note_what_stays_shut(user, powers)
        return {
            "key": made.value,
            "id": made.key.id,
            "mask_value": made.key.mask_value,
            "user_id": user.id,
            "project_id": project.id if project else None,
            "organization_id": project.organization_id if project else current_organization_id(user),
        }

    def note_what_stays_shut(self, user: User, powers: Powers) -> None:
        useless = [scope for scope in powers.scopes if scope.partition(":")[0] not in {EVERYTHING, *OBJECTS}]
        if useless:
            self.note(f"this service has nothing that {', '.join(useless)} would open.")
        if not user.is_active:
            self.note(f"{user.email} is inactive, and the key does not work until that changes.")

    def describe(self, shown: Shown) -> str:
        return f"{super().describe(shown)}\n\nThe key is shown this once."


def join_named(user: User, options: Options) -> Project | None:
    """Makes the user belong to what --project-name and --organization-name name; the project, if one is named."""
    project, organization = None, None
    if options["project_name"] is not None:
        project, _ = project_named(options["project_name"], organization_name=options["organization_name"])
        organization = project.organization
    elif options["organization_name"] is not None:
        organization = organization_named(options["organization_name"])
    elif options["level"]:
        raise Refused("--level needs --project-name or --organization-name.")
    if organization:
        join(user, organization, level=level_in(options), project=project)
    return project


def wanted_key(options: Options) -> tuple[str, Powers]:
    """Checked as the API checks it, which takes an empty restriction for none; here it is one gone wrong."""
    for name in ("teams", "organizations"):
        if options[name] is not None and not words(options[name]):
            raise Refused(f"--{name} names none: leave it out for a key without that restriction.")
    fields = NewPersonalAPIKeySerializer(
        data={
            "label": options["label"],
            "scopes": words(options["scopes"]),
            "scoped_teams": words(options["teams"]),
            "scoped_organizations": words(options["organizations"]),
        }
    )
    fields.is_valid(raise_exception=True)
    wanted = fields.validated_data
    organizations = [str(each) for each in wanted["scoped_organizations"]]
    return wanted["label"], Powers(wanted["scopes"], wanted["scoped_teams"], organizations)
