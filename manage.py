#!/usr/bin/env python
"""Runs a management command, and the embedded PostgreSQL while the command needs it."""

import os
import signal
import sys
from pathlib import Path

# Commands that create the embedded database. For others, a DATA_DIR without a database is a mistake.
CREATE_DATABASE = {"migrate", "restore"}
# Commands that start the database themselves, or need none.
WITHOUT_DATABASE = {"check", "collectstatic", "help", "makemigrations", "spectacular", "test", "up", "version"}


def main() -> None:
    # Until PostgreSQL runs and has to be stopped, Ctrl-C ends the process without a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "datasets_api.settings")
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415

    from datasets_api.postgres.errors import PostgresError  # noqa: PLC0415

    try:
        run()
    except (ImproperlyConfigured, PostgresError) as error:
        sys.exit(f"manage.py: {error}")
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def run() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if needs_database(command) and command not in CREATE_DATABASE:
        check_data_dir()
    # Reading the settings creates DATA_DIR and its secrets if they are missing.
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    embedded = settings.EMBEDDED_POSTGRES
    if not needs_database(command):
        execute_from_command_line(sys.argv)
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if embedded is None:
        execute_from_command_line(sys.argv)
        return
    # Exit with an exception, so that PostgreSQL is stopped.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    with embedded.ready():
        execute_from_command_line(sys.argv)


def needs_database(command: str) -> bool:
    return command not in WITHOUT_DATABASE and {"-h", "--help"}.isdisjoint(sys.argv)


def check_data_dir() -> None:
    """Exit with a message if the command would create an embedded database by mistake."""
    from datasets_api.postgres.data_dir import DataDir  # noqa: PLC0415

    if os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"):
        return
    data_dir = DataDir(Path(__file__).resolve().parent / Path(os.environ.get("DATA_DIR") or ".data").expanduser())
    if not data_dir.is_initialized:
        sys.exit(
            f"manage.py: {data_dir.path} contains no database, and none was created. Set DATA_DIR to the service's "
            "folder, or start the service first (scripts/up)."
        )


if __name__ == "__main__":
    main()
