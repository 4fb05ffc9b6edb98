#!/usr/bin/env python
"""Runs a console command, with the embedded PostgreSQL up for as long as it needs one."""

import os
import signal
import sys

# Commands that bring their own database, or need none.
WITHOUT_DATABASE = {"check", "collectstatic", "help", "makemigrations", "spectacular", "test", "up", "version"}


def main() -> None:
    # While there is nothing to be stopped in good order, Ctrl-C ends this without a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "datasets_api.settings")
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415

    from datasets_api.postgres import PostgresError  # noqa: PLC0415

    try:
        run()
    except (ImproperlyConfigured, PostgresError) as error:
        sys.exit(f"manage.py: {error}")
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def run() -> None:
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    embedded = settings.EMBEDDED_POSTGRES
    if command in WITHOUT_DATABASE or not {"-h", "--help"}.isdisjoint(sys.argv):
        execute_from_command_line(sys.argv)
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if embedded is None:
        execute_from_command_line(sys.argv)
        return
    # The way out must lead past PostgreSQL's stop.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    with embedded.ready():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
