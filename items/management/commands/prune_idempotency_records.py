"""Removes the answers that were kept for requests with an Idempotency-Key and may not be replayed any more."""

from typing import Any

from django.core.management import BaseCommand

from database.management import report_database_errors
from items.idempotency import prune_records


class Command(BaseCommand):
    help = "Removes answers kept for more than 24 hours; the service does so too, now and then, as it writes."
    requires_system_checks: list[str] = []

    @report_database_errors()
    def handle(self, *args: Any, **options: Any) -> None:
        pruned = prune_records()
        self.stdout.write(f"{pruned} kept answers removed.")
