"""Creates a personal API key."""

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
        "Creates a personal API key and shows it once. --create-user and --project-name also create its user and "
        "project."
    )
    example = "--email ada@example.com --label CI --scopes dataset:read,dataset:write"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--email", required=True, help="the key's user")
        parser.add_argument("--create-user", action="store_true", help="create the user if there is none")
        parser.add_argument(
            "--project-name", metavar="P", help="add the user to this project's organization, creating both if needed"
        )
        add_organization_arguments(parser)
        parser.add_argument("--label", required=True, help="the key's purpose, at most 40 characters")
        parser.add_argument("--scopes", required=True, help="for example dataset:read,dataset:write, or * for all")
        parser.add_argument("--teams", metavar="IDS", help="restrict the key to these projects, for example 1,2")
        parser.add_argument("--organizations", metavar="UUIDS", help="restrict the key to these organizations")

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
            self.note(f"{', '.join(useless)} gives access to nothing in this service.")
        if not user.is_active:
            self.note(f"{user.email} is inactive: the key does not work until the user is active again.")

    def format_output(self, output: Output) -> str:
        return f"{super().format_output(output)}\n\nThe key is not shown again."


def join_from_options(user: User, options: Options) -> Project | None:
    """Add the user to the organization given by --project-name or --organization-name, and return the project if any.

    Raises ProvisioningError.
    """
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
    """Return the label and permissions, validated like an API request, except that an empty restriction is an error.

    Raises ProvisioningError or ValidationError.
    """
    for name in ("teams", "organizations"):
        if options[name] is not None and not split_list(options[name]):
            raise ProvisioningError(f"--{name} is empty: omit it for a key without that restriction.")
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
