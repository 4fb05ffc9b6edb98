"""Removes a user from an organization."""

import argparse

from auth.accounts import ProvisioningError, get_user, remove_member
from auth.management.command import ManagementCommand, Options, Output
from auth.models import Membership


class Command(ManagementCommand):
    help = "Removes a user from an organization. The user's keys lose access to its projects; items stay."
    example = "--email ada@example.com --organization-name Example"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--email", required=True, help="the user")
        parser.add_argument("--organization-name", required=True, metavar="O", help="the organization to leave")

    def run(self, options: Options) -> Output:
        user = get_user(email=options["email"])
        memberships = list(Membership.objects.filter(user=user, organization__name=options["organization_name"])[:2])
        if not memberships:
            raise ProvisioningError(f"{user.email} is not a member of {options['organization_name']!r}.")
        if len(memberships) > 1:
            raise ProvisioningError(f"{user.email} is a member of several organizations of that name.")
        organization_id = memberships[0].organization_id
        remove_member(memberships[0])
        return {"user_id": user.id, "organization_id": organization_id, "removed": True}
