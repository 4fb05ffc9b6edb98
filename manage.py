#!/usr/bin/env python
"""Runs a console command, with the embedded PostgreSQL up for as long as it needs one."""

import os
import signal
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from datasets_api.postgres import PostgresError

# Commands that bring their own database, or need none.
WITHOUT_DATABASE = {"check", "collectstatic", "help", "makemigrations", "spectacular", "test", "up", "version"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "datasets_api.settings")
    try:
        run()
    except (ImproperlyConfigured, PostgresError) as error:
        sys.exit(f"manage.py: {error}")
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def run() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    asks_only = command in WITHOUT_DATABASE or not {"-h", "--help"}.isdisjoint(sys.argv)
    if settings.EMBEDDED_POSTGRES is None or asks_only:
        execute_from_command_line(sys.argv)
        return
    # The stop must pass through PostgreSQL's own.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    with settings.EMBEDDED_POSTGRES.ready():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
