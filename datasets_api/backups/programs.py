"""Finds PostgreSQL's programs, and runs them on the database.

pg_dump must have the server's version or a later one; the lowest suitable version is used.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from database.passwords import mask_passwords
from datasets_api.backups.errors import BackupError
from datasets_api.database_url import Parameters, format_database_url, parse_database_url
from datasets_api.postgres.binaries import bin_dir

VERSION = re.compile(r"\) (\d+)")


@dataclass(frozen=True)
class Address:
    """A database's address. The password is passed in the environment, because others can read command lines."""

    parameters: Parameters

    @property
    def name(self) -> str:
        return self.parameters["dbname"]

    def renamed(self, name: str) -> "Address":
        return Address(self.parameters | {"dbname": name})

    @property
    def url(self) -> str:
        return format_database_url(self.parameters)

    @property
    def conninfo(self) -> str:
        return make_conninfo(**{name: value for name, value in self.parameters.items() if name != "password"})

    @property
    def environment(self) -> dict[str, str]:
        password = self.parameters.get("password")
        return {"PGPASSWORD": password} if password else {}


@dataclass(frozen=True)
class Programs:
    folder: Path
    major: int

    def run(self, program: str, *arguments: str | Path, address: Address | None = None, failure: str = "") -> str:
        """Run a program and return its output. Raises BackupError with the program's error."""
        done = subprocess.run(  # noqa: S603  our own arguments
            [self.folder / program, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=os.environ | {"LC_ALL": "C"} | (address.environment if address else {}),
            check=False,
        )
        if done.returncode != 0:
            raise BackupError(f"{failure or f'{program} failed'}: {error_line(done.stderr)}")
        return done.stdout.decode()


def error_line(output: bytes) -> str:
    """Return the first error, without the lines that quote values."""
    lines = mask_passwords(output.decode(errors="replace")).strip().splitlines()
    return next((line for line in lines if "error:" in line.lower()), lines[-1] if lines else "no reason given")


def configured_address() -> Address:
    """Return the address of this process's database."""
    return Address(parse_database_url(settings.DATABASE_URL))


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
        if all((folder / each).exists() for each in ("pg_dump", "pg_restore")):
            output = subprocess.run(  # noqa: S603  our own arguments
                [str(folder / "pg_dump"), "--version"], capture_output=True, text=True, check=False
            ).stdout
            if match := VERSION.search(output):
                yield Programs(folder, int(match[1]))
