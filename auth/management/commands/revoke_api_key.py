"""Deletes a personal API key, which stops working at once."""

import argparse

from auth.keys import hash_key
from auth.management.console import ConsoleCommand, Options, Shown
from auth.models import PersonalAPIKey
from auth.people import Refused


class Command(ConsoleCommand):
    help = "Revokes a personal API key: it stops working at once."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--id", help="as list_api_keys shows it")
        which.add_argument("--key", help="the key itself, such as one that was found where it should not be")

    def run(self, options: Options) -> Shown:
        which = {"id": options["id"]} if options["key"] is None else {"secure_value": hash_key(options["key"])}
        key = PersonalAPIKey.objects.filter(**which).first()
        if key is None:
            raise Refused("There is no such key.")
        shown = {"id": key.id, "mask_value": key.mask_value, "user_id": key.user_id, "revoked": True}
        key.delete()
        return shown
