"""Django's `migrate`, by one process at a time."""

from typing import Any

from django.core.management.commands import migrate

from database.turns import take_turn


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with take_turn():
            super().handle(*args, **options)
