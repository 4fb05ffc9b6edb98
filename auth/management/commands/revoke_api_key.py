"""Deletes a personal API key, which stops working at once."""

import argparse

from auth.accounts import ProvisioningError
from auth.api_keys.tokens import hash_key
from auth.management.command import ManagementCommand, Options, Output
from auth.models import PersonalAPIKey


class Command(ManagementCommand):
    help = "Revokes a personal API key: it stops working at once."
    example = "--id 0123456789abcdef0123456789abcdef"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        lookup = parser.add_mutually_exclusive_group(required=True)
        lookup.add_argument("--id", help="the id that list_api_keys shows")
        lookup.add_argument("--key", help="the key itself, for example one that was leaked")

    def run(self, options: Options) -> Output:
        lookup = {"id": options["id"]} if options["key"] is None else {"secure_value": hash_key(options["key"])}
        key = PersonalAPIKey.objects.filter(**lookup).first()
        if key is None:
            raise ProvisioningError("There is no such key.")
        output = {"id": key.id, "mask_value": key.mask_value, "user_id": key.user_id, "revoked": True}
        key.delete()
        return output
