"""Finds PostgreSQL's programs, and passes them the database's address.

pg_dump must have the server's version or a later one; the lowest suitable version is used.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from datasets_api.backups.errors import BackupError
from datasets_api.postgres.binaries import bin_dir

VERSION = re.compile(r"\) (\d+)")


@dataclass(frozen=True)
class Programs:
    folder: Path
    major: int

    def command(self, program: str, *arguments: str | Path) -> list[str]:
        return [str(self.folder / program), *map(str, arguments)]


@dataclass(frozen=True)
class Address:
    """A database's address. The password is passed in the environment, because others can read command lines."""

    parameters: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.parameters["dbname"])

    def renamed(self, name: str) -> "Address":
        return Address(self.parameters | {"dbname": name})

    @property
    def conninfo(self) -> str:
        return make_conninfo(**{name: value for name, value in self.parameters.items() if name != "password"})

    @property
    def environment(self) -> dict[str, str]:
        password = self.parameters.get("password")
        return os.environ | {"LC_ALL": "C"} | ({"PGPASSWORD": str(password)} if password else {})


def configured_address() -> Address:
    """Return the address of this process's database."""
    return Address(conninfo_to_dict(settings.DATABASE_URL))


def programs_for_server() -> Programs:
    connection.ensure_connection()
    server = connection.connection.info.server_version // 10_000
    usable = [each for each in find_programs() if each.major >= server]
    if not usable:
        raise BackupError(
            f"The server is PostgreSQL {server}, but no suitable pg_dump is installed. Install the package "
            f"postgresql-client-{server}."
        )
    return min(usable, key=lambda each: each.major)


def find_programs() -> Iterator[Programs]:
    """Yield the programs on PATH, then the bundled ones."""
    on_path = shutil.which("pg_dump")
    for folder in ([Path(on_path).parent] if on_path else []) + [bin_dir()]:
        if all((folder / each).exists() for each in ("pg_dump", "pg_restore", "psql")):
            output = subprocess.run(  # noqa: S603  our own arguments
                [str(folder / "pg_dump"), "--version"], capture_output=True, text=True, check=False
            ).stdout
            if match := VERSION.search(output):
                yield Programs(folder, int(match[1]))
