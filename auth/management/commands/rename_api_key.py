"""Changes the label of a personal API key."""

import argparse

from auth.accounts import ProvisioningError, validate_and_save
from auth.management.command import ManagementCommand, Options, Output
from auth.models import PersonalAPIKey


class Command(ManagementCommand):
    help = "Changes the label of a personal API key. Its value stays the same."
    example = '--id 0123456789abcdef0123456789abcdef --label "Nightly import"'

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--id", required=True, help="the id that list_api_keys shows")
        parser.add_argument("--label", required=True, help="the new label, at most 40 characters")

    def run(self, options: Options) -> Output:
        key = PersonalAPIKey.objects.filter(id=options["id"]).first()
        if key is None:
            raise ProvisioningError("There is no key with that id.")
        key.label = options["label"]
        validate_and_save(key)
        return {"id": key.id, "label": key.label, "mask_value": key.mask_value}
