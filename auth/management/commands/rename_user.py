"""Changes a user's name or e-mail address."""

import argparse

from auth.accounts import ProvisioningError, find_user, get_user, validate_and_save
from auth.management.command import ManagementCommand, Options, Output


class Command(ManagementCommand):
    help = "Changes a user's e-mail address or name. Keys, items and memberships stay with the user."
    example = "--email ada@example.com --new-email ada.lovelace@example.com"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--email", required=True, help="the current address")
        parser.add_argument("--new-email", help="the new address")
        parser.add_argument("--first-name", help="the new first name")
        parser.add_argument("--last-name", help="the new last name")

    def run(self, options: Options) -> Output:
        values = {
            "email": options["new_email"],
            "first_name": options["first_name"],
            "last_name": options["last_name"],
        }
        values = {name: value for name, value in values.items() if value is not None}
        if not values:
            raise ProvisioningError("Nothing to change: give --new-email, --first-name or --last-name.")
        user = get_user(email=options["email"])
        other = find_user(values["email"]) if "email" in values else None
        if other is not None and other.id != user.id:
            raise ProvisioningError(f"Another user has the e-mail address {other.email}.")
        for name, value in values.items():
            setattr(user, name, value)
        validate_and_save(user)
        return {
            "user_id": user.id,
            "email": user.email,
            "first_name": user.first_name,
            "last_name": user.last_name,
        }
