"""Verifies a backup by restoring it in a temporary database, and checking the history there."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from psycopg import sql

from datasets_api.backups.errors import BackupError
from datasets_api.backups.programs import Address, Programs, configured_address
from datasets_api.backups.restoring import restore_archive


def verify_restore(programs: Programs, file: Path) -> None:
    with scratch_database() as address:
        restore_archive(programs, address, file)
        done = subprocess.run(  # noqa: S603  our own arguments
            [sys.executable, settings.PROJECT_DIR / "manage.py", "check_history"],
            env=environment(address),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise BackupError(f"The restored backup fails check_history:\n{done.stdout}{done.stderr}".strip())


@contextmanager
def scratch_database() -> Iterator[Address]:
    address = configured_address()
    name = f"{address.name[:40]}_check_{secrets.token_hex(4)}"
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        try:
            yield address.renamed(name)
        finally:
            cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def environment(address: Address) -> dict[str, str]:
    """Return this process's environment with another database. The _FILE variables are emptied, as they would clash."""
    own = {"DATABASE_URL": address.url, "SECRET_KEY": settings.SECRET_KEY}
    return os.environ | own | {f"{name}_FILE": "" for name in own}
