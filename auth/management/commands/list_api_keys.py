"""Lists personal API keys without their values, which are not stored."""

import argparse
from typing import Any

from auth.accounts import get_user
from auth.management.command import ManagementCommand, Options, Output
from auth.management.table import format_table
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
COLUMNS = ("id", "mask_value", "email", "label", "scopes", "scoped_teams", "scoped_organizations", "last_used_at")


class Command(ManagementCommand):
    help = "Lists personal API keys, oldest first. --json prints an array."
    example = "--email ada@example.com"
    empty_text = "There are no keys."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--email", help="only the keys of this user")

    def run(self, options: Options) -> list[Output]:
        keys = PersonalAPIKey.objects.select_related("user").order_by("created_at", "id")
        if options["email"] is not None:
            keys = keys.filter(user=get_user(email=options["email"]))
        return [{"email": key.user.email} | {name: getattr(key, name) for name in FIELDS} for key in keys]

    def format_output(self, output: list[Any]) -> str:
        return format_table(output, COLUMNS) if output else self.empty_text
