"""Creates a personal API key, which every request needs."""

import argparse

from auth.accounts import (
    ProvisioningError,
    add_member,
    create_or_update_user,
    current_project,
    get_or_create_organization,
    get_or_create_project,
    get_user,
)
from auth.api_keys.issuing import KeyPermissions, check_membership, create_key
from auth.management.command import (
    ManagementCommand,
    Options,
    Output,
    add_organization_arguments,
    level_from_options,
    split_list,
)
from auth.models import Project, User
from auth.scopes import ALL_SCOPES, OBJECTS
from auth.serializers import NewPersonalAPIKeySerializer
from auth.visibility import current_organization_id


class Command(ManagementCommand):
    help = (
        "Creates a personal API key and shows it once; with --create-user and --project-name also its user and project."
    )
    example = "--email ada@example.com --label CI --scopes dataset:read,dataset:write"

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

    def run(self, options: Options) -> Output:
        user = (
            create_or_update_user(email=options["email"])
            if options["create_user"]
            else get_user(email=options["email"])
        )
        project = join_from_options(user, options) or current_project(user)
        label, permissions = key_from_options(options)
        check_membership(user.id, permissions)
        issued = create_key(user_id=user.id, label=label, permissions=permissions)
        self.warn_about_useless_scopes(user, permissions)
        return {
            "key": issued.value,
            "id": issued.key.id,
            "mask_value": issued.key.mask_value,
            "user_id": user.id,
            "project_id": project.id if project else None,
            "organization_id": project.organization_id if project else current_organization_id(user),
        }

    def warn_about_useless_scopes(self, user: User, permissions: KeyPermissions) -> None:
        useless = [scope for scope in permissions.scopes if scope.partition(":")[0] not in {ALL_SCOPES, *OBJECTS}]
        if useless:
            self.note(f"this service has nothing that {', '.join(useless)} would open.")
        if not user.is_active:
            self.note(f"{user.email} is inactive, and the key does not work until that changes.")

    def format_output(self, output: Output) -> str:
        return f"{super().format_output(output)}\n\nThe key is shown this once."


def join_from_options(user: User, options: Options) -> Project | None:
    """Makes the user belong to what --project-name and --organization-name name; the project, if one is named."""
    project, organization = None, None
    if options["project_name"] is not None:
        project, _ = get_or_create_project(options["project_name"], organization_name=options["organization_name"])
        organization = project.organization
    elif options["organization_name"] is not None:
        organization = get_or_create_organization(options["organization_name"])
    elif options["level"]:
        raise ProvisioningError("--level needs --project-name or --organization-name.")
    if organization:
        add_member(user, organization, level=level_from_options(options), project=project)
    return project


def key_from_options(options: Options) -> tuple[str, KeyPermissions]:
    """Checked as the API checks it, which takes an empty restriction for none; here it is one gone wrong."""
    for name in ("teams", "organizations"):
        if options[name] is not None and not split_list(options[name]):
            raise ProvisioningError(f"--{name} names none: leave it out for a key without that restriction.")
    fields = NewPersonalAPIKeySerializer(
        data={
            "label": options["label"],
            "scopes": split_list(options["scopes"]),
            "scoped_teams": split_list(options["teams"]),
            "scoped_organizations": split_list(options["organizations"]),
        }
    )
    fields.is_valid(raise_exception=True)
    values = fields.validated_data
    organizations = [str(each) for each in values["scoped_organizations"]]
    return values["label"], KeyPermissions(values["scopes"], values["scoped_teams"], organizations)
