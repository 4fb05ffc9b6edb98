"""The databases that are measured on: their tables and addresses."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import psycopg

from benchmarks import content

PROJECT_DIR = Path(__file__).resolve().parent.parent
SETTINGS = {"ours": "benchmarks.settings", "plain": "benchmarks.plain.settings"}


class Which(NamedTuple):
    """One service's tables: so many items in the large dataset, each of which was written so many times."""

    service: str  # ours or plain
    items: int
    versions: int = 1

    @property
    def name(self) -> str:
        return f"{self.service}_{self.items}_{self.versions}"

    def __str__(self) -> str:
        more = f" of {self.versions} versions" if self.versions > 1 else ""
        return f"{self.service}, {self.items:,} items{more}"


@dataclass(frozen=True)
class Database:
    which: Which
    url: str

    @property
    def items(self) -> int:
        return self.which.items

    @property
    def environment(self) -> dict[str, str]:
        """The environment of that service's processes."""
        return os.environ | {
            "DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": SETTINGS[self.which.service],
            "SECRET_KEY": content.SECRET_KEY,
            "LOG_LEVEL": "WARNING",
        }

    def run(self, *arguments: str, seconds: float) -> subprocess.CompletedProcess[str]:
        """Python in a process of that service."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=PROJECT_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    @contextmanager
    def connected(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            yield connection
