"""Django's `migrate`, run by one process at a time."""

from typing import Any

from django.core.management.commands import migrate

from database.advisory_lock import migration_lock


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with migration_lock():
            super().handle(*args, **options)
