#!/usr/bin/env python
"""Runs a management command, with the embedded PostgreSQL up for as long as it needs one."""

import os
import signal
import sys
from pathlib import Path

# These create the embedded database where DATA_DIR holds none. For all others such a folder is the wrong one.
CREATE_DATABASE = {"migrate", "restore"}
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
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if needs_database(command) and command not in CREATE_DATABASE:
        check_data_dir()
    # Reading the settings makes DATA_DIR and the secrets in it where they are missing.
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
    # The way out must lead past PostgreSQL's stop.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    with embedded.ready():
        execute_from_command_line(sys.argv)


def needs_database(command: str) -> bool:
    return command not in WITHOUT_DATABASE and {"-h", "--help"}.isdisjoint(sys.argv)


def check_data_dir() -> None:
    """Exit with a message where the embedded database would be created by mistake."""
    from datasets_api.postgres.data_dir import DataDir  # noqa: PLC0415

    if os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"):
        return
    data_dir = DataDir(Path(__file__).resolve().parent / Path(os.environ.get("DATA_DIR") or ".data").expanduser())
    if not data_dir.is_initialized:
        sys.exit(
            f"manage.py: {data_dir.path} holds no database, and nothing was created. Set DATA_DIR to the folder of the "
            "service, or start the service once (scripts/up)."
        )


if __name__ == "__main__":
    main()
