"""Removes the answers that were kept for requests with an Idempotency-Key and may not be replayed any more."""

from typing import Any

from django.core.management import BaseCommand

from database.console import database_errors_told
from items.idempotency import clear_old_answers


class Command(BaseCommand):
    help = "Removes answers kept for more than 24 hours; the service does so too, now and then, as it writes."
    requires_system_checks: list[str] = []

    @database_errors_told()
    def handle(self, *args: Any, **options: Any) -> None:
        cleared = clear_old_answers()
        self.stdout.write(f"{cleared} kept answers removed.")
