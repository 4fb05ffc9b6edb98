"""The databases that are measured: built once, kept, and copied for each run, so that every run begins the same."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

PROJECT_DIR = Path(__file__).resolve().parent.parent
# Whatever these hold decides what a kept database looks like.
SOURCES = (
    "benchmarks/content.py",
    "benchmarks/fill.py",
    "benchmarks/plain/*.py",
    "auth/migrations/*.py",
    "items/migrations/*.py",
)
SETTINGS = {"ours": "benchmarks.settings", "plain": "benchmarks.plain.settings"}
FILL = {"ours": "benchmarks.fill", "plain": "benchmarks.plain.fill"}
FILL_SECONDS = 900


def fingerprint() -> str:
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for file in sorted(PROJECT_DIR.glob(pattern)):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:10]


@dataclass(frozen=True)
class Database:
    """One service's tables, with `items` items in the large dataset."""

    service: str  # ours or plain
    items: int
    url: str

    @property
    def environment(self) -> dict[str, str]:
        """What a process of that service needs to work on it."""
        return os.environ | {
            "DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": SETTINGS[self.service],
            "SECRET_KEY": "benchmark-only-" + "x" * 50,
            "LOG_LEVEL": "WARNING",
        }

    @contextmanager
    def connected(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            yield connection


class Databases:
    """Of the PostgreSQL at this address, whose user may make databases."""

    def __init__(self, url: str, report: Callable[[str], None]) -> None:
        self.url = url
        self.report = report
        self.fingerprint = fingerprint()

    @contextmanager
    def copies(self, wanted: list[tuple[str, int]]) -> Iterator[dict[tuple[str, int], Database]]:
        """Fresh copies, by service and size; dropped at the end."""
        self._drop_others("built_", keep=self.fingerprint)
        self._drop_others("run_")
        copies = {}
        for service, items in wanted:
            built = self._built(service, items)
            copy = self._database(f"run_{service}_{items}", service, items)
            self._run(f"CREATE DATABASE run_{service}_{items} TEMPLATE {built} STRATEGY FILE_COPY")
            copies[service, items] = copy
        # Else the first measurements would share the disk with it.
        self._run("CHECKPOINT")
        try:
            yield copies
        finally:
            self._drop_others("run_")

    def _built(self, service: str, items: int) -> str:
        name = f"built_{service}_{items}_{self.fingerprint}"
        if name not in self._names():
            self.report(f"building {service} with {items:,} items")
            draft = f"built_{service}_{items}_draft"
            self._run(f"CREATE DATABASE {draft}")
            self._fill(self._database(draft, service, items))
            self._run(f"ALTER DATABASE {draft} RENAME TO {name}")
        return name

    def _fill(self, database: Database) -> None:
        done = subprocess.run(
            [sys.executable, "-m", FILL[database.service], str(database.items)],
            env=database.environment,
            cwd=PROJECT_DIR,
            capture_output=True,
            text=True,
            timeout=FILL_SECONDS,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"Building the data failed:\n{done.stderr}")
        with database.connected() as connection:
            connection.execute("VACUUM (ANALYZE)")

    def _database(self, name: str, service: str, items: int) -> Database:
        # The address ends with the database's name and the socket's folder.
        before, after = self.url.rsplit("/datasets?", 1)
        return Database(service, items, f"{before}/{name}?{after}")

    def _names(self) -> set[str]:
        with psycopg.connect(self.url) as connection:
            return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}

    def _drop_others(self, prefix: str, keep: str = "\0") -> None:
        for name in self._names():
            if name.startswith(prefix) and not name.endswith(keep):
                self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)
