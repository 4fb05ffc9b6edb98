"""Removes the answers that were kept for requests with an Idempotency-Key and may not be replayed any more."""

from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError

from items.idempotency import clear_old_answers


class Command(BaseCommand):
    help = "Removes answers kept for more than 24 hours; the service does so too, now and then, as it writes."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            cleared = clear_old_answers()
        except DatabaseError as error:
            raise CommandError(f"The database cannot be used: {str(error).strip()}") from error
        self.stdout.write(f"{cleared} kept answers removed.")
