"""Makes a user nobody: names, e-mail address and distinct_id go, wherever `created_by` shows them."""

import argparse

from auth.accounts import ProvisioningError, get_user
from auth.management.command import ManagementCommand, Options, Output
from auth.models import User

NOBODY = {
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
    help = "Erases a user's personal data, keys and memberships. What the user wrote stays, by nobody."
    example = "--email someone@example.com --confirm someone@example.com"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--email", required=True, metavar="E", help="the user's e-mail address")
        parser.add_argument("--confirm", required=True, metavar="E", help="the same address again: nothing undoes this")

    def run(self, options: Options) -> Output:
        user = get_user(email=options["email"])
        if options["confirm"] != options["email"]:
            raise ProvisioningError("--confirm must repeat --email exactly.")
        keys, _ = user.personal_api_keys.all().delete()
        memberships, _ = user.memberships.all().delete()
        # The column is unique and takes addresses alone; .invalid is nobody's (RFC 2606).
        User.objects.filter(id=user.id).update(email=f"erased-{user.id}@erased.invalid", **NOBODY)
        return {"id": user.id, "keys": keys, "memberships": memberships}
