"""Django's `migrate`, run by one process at a time."""

from typing import Any

from django.core.management import BaseCommand
from django.core.management.commands import migrate

from database.advisory_lock import migration_lock
from datasets_api.citus import current_messages


class Command(migrate.Command):
    def get_check_kwargs(self, options: dict[str, Any]) -> Any:
        """Skip the database checks, which are only meaningful after the migrations."""
        return BaseCommand.get_check_kwargs(self, options)

    def handle(self, *args: Any, **options: Any) -> None:
        with migration_lock():
            super().handle(*args, **options)
        for message in current_messages():
            self.stderr.write(str(message))
