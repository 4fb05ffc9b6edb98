#!/usr/bin/env python
"""Runs a console command, with the embedded PostgreSQL up for as long as it needs one."""

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line

# Commands that bring their own database, or need none.
WITHOUT_DATABASE = {"check", "collectstatic", "help", "makemigrations", "spectacular", "test", "up", "version"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "datasets_api.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if settings.EMBEDDED_POSTGRES is None or command in WITHOUT_DATABASE or "--help" in sys.argv:
        execute_from_command_line(sys.argv)
        return
    from datasets_api.postgres import PostgresError  # noqa: PLC0415  only the embedded default loads it

    try:
        with settings.EMBEDDED_POSTGRES.ready():
            execute_from_command_line(sys.argv)
    except PostgresError as error:
        sys.exit(f"manage.py: {error}")


if __name__ == "__main__":
    main()
