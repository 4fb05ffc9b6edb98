"""Erases a user's names, e-mail address and distinct_id, everywhere that `created_by` shows them."""

import argparse

from auth.accounts import ProvisioningError, get_user
from auth.management.command import ManagementCommand, Options, Output
from auth.models import User

ERASED_FIELDS = {
    "distinct_id": None,
    "first_name": "",
    "last_name": "",
    "is_email_verified": None,
    "hedgehog_config": None,
    "role_at_organization": None,
    "is_active": False,
    "current_team": None,
    "current_organization": None,
}


class Command(ManagementCommand):
    help = "Erases a user's personal data, keys and memberships. Datasets and items stay, without an author's name."
    example = "--email someone@example.com --confirm someone@example.com"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--email", required=True, metavar="E", help="the user's e-mail address")
        parser.add_argument(
            "--confirm", required=True, metavar="E", help="the same address again: this cannot be undone"
        )

    def run(self, options: Options) -> Output:
        user = get_user(email=options["email"])
        if options["confirm"] != options["email"]:
            raise ProvisioningError("--confirm must repeat --email exactly.")
        keys, _ = user.personal_api_keys.all().delete()
        memberships, _ = user.memberships.all().delete()
        # The column requires a unique address; the domain .invalid is reserved (RFC 2606).
        User.objects.filter(id=user.id).update(email=f"erased-{user.id}@erased.invalid", **ERASED_FIELDS)
        return {"id": user.id, "keys": keys, "memberships": memberships}
