"""Shows which personal API keys there are, without their values: those are kept nowhere."""

import argparse
from typing import Any

from auth.accounts import get_user
from auth.management.command import ManagementCommand, Options, Output
from auth.models import PersonalAPIKey

FIELDS = (
    "id",
    "label",
    "mask_value",
    "user_id",
    "scopes",
    "scoped_teams",
    "scoped_organizations",
    "created_at",
    "last_used_at",
    "last_rolled_at",
)


class Command(ManagementCommand):
    help = "Lists personal API keys, oldest first. --json prints an array."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--email", help="only the keys of this user")

    def run(self, options: Options) -> list[Output]:
        keys = PersonalAPIKey.objects.select_related("user").order_by("created_at", "id")
        if options["email"] is not None:
            keys = keys.filter(user=get_user(email=options["email"]))
        return [{"email": key.user.email} | {name: getattr(key, name) for name in FIELDS} for key in keys]

    def format_output(self, output: list[Any]) -> str:
        return "\n".join(map(line, output)) or "There are no keys."


def line(key: Output) -> str:
    restrictions = [*(key["scoped_teams"] or ()), *(key["scoped_organizations"] or ())]
    only = f" only in {', '.join(map(str, restrictions))}" if restrictions else ""
    used = f"last used {key['last_used_at']:%Y-%m-%d %H:%M}" if key["last_used_at"] else "never used"
    scopes = ",".join(key["scopes"] or ())
    return f"{key['id']}  {key['mask_value']}  {key['email']}  {key['label']}  {scopes}{only}  {used}"
