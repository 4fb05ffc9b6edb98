"""Creates a user, or changes an existing one."""

import argparse

from auth.accounts import ProvisioningError, add_member, create_or_update_user, get_or_create_organization
from auth.management.command import ManagementCommand, Options, Output, add_organization_arguments, level_from_options
from auth.models import User
from auth.visibility import current_organization_id


class Command(ManagementCommand):
    help = "Creates a user, or changes the given fields of the existing user with that e-mail address."
    example = "--email ada@example.com --first-name Ada --organization-name Example --level admin"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--email", required=True)
        parser.add_argument("--first-name")
        parser.add_argument("--last-name")
        parser.add_argument("--role", choices=User.Role.values, help="the role that is shown with the name")
        add_organization_arguments(parser)
        activity = parser.add_mutually_exclusive_group()
        activity.add_argument("--inactive", action="store_true", help="disable all keys of the user")
        activity.add_argument("--active", action="store_true", help="enable the keys again")

    def run(self, options: Options) -> Output:
        if options["level"] and options["organization_name"] is None:
            raise ProvisioningError("--level needs --organization-name.")
        user = create_or_update_user(
            email=options["email"],
            first_name=options["first_name"],
            last_name=options["last_name"],
            role_at_organization=options["role"],
            is_active=options["active"] if options["active"] or options["inactive"] else None,
        )
        organization_id = current_organization_id(user)
        if options["organization_name"] is not None:
            organization = get_or_create_organization(options["organization_name"])
            organization_id = add_member(user, organization, level=level_from_options(options)).organization_id
        return {
            "user_id": user.id,
            "uuid": user.uuid,
            "email": user.email,
            "organization_id": organization_id,
            "is_active": user.is_active,
        }
