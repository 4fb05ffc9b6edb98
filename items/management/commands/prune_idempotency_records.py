"""Delete the stored responses of expired Idempotency-Keys."""

from typing import Any

from database.management import DatabaseCommand, report_database_errors
from items.idempotency import prune_records


class Command(DatabaseCommand):
    help = "Deletes responses stored for more than 24 hours. The service also does so now and then."
    example = ""

    @report_database_errors()
    def handle(self, *args: Any, **options: Any) -> None:
        pruned = prune_records()
        self.stdout.write(f"{pruned} stored responses deleted.")
