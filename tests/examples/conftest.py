"""Runs the examples as their users do: a process of its own, with the client's settings in the environment."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from datasets_client import Client

from tests.people import People, key
from tests.service_process import PROJECT_DIR, ServiceProcess

CLIENT = PROJECT_DIR / "clients" / "python" / "src"
PYTEST_OPTIONS = "-q -p no:cacheprovider -p no:django -p datasets_client.pytest_plugin"


class Finished(NamedTuple):
    code: int
    out: str
    err: str


class Terminal:
    """An empty folder of a user, in which programs are run."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.folder, self.settings = folder, settings

    def python(self, *arguments: str) -> Finished:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=os.environ | self.settings,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Finished(done.returncode, done.stdout, done.stderr)

    def example(self, name: str, *arguments: str) -> Finished:
        return self.python(str(PROJECT_DIR / "examples" / name), *arguments)


@pytest.fixture
def settings(service: ServiceProcess, live_database: None, tmp_path: Path) -> dict[str, str]:
    people = People()
    return {
        "DATASETS_URL": service.base,
        "DATASETS_API_KEY": key(people.owner),
        "DATASETS_PROJECT": str(people.project.id),
        "DATASETS_CACHE": str(tmp_path / "cache"),
        "PYTHONPATH": str(CLIENT),
        "PYTEST_ADDOPTS": PYTEST_OPTIONS,
    }


@pytest.fixture
def terminal(settings: dict[str, str], tmp_path: Path) -> Terminal:
    folder = tmp_path / "user"
    folder.mkdir()
    return Terminal(folder, settings)


@pytest.fixture
def connect(settings: dict[str, str]) -> Callable[[], Client]:
    """Make a client of the same user; it knows nothing that another one has read."""
    return lambda: Client(settings["DATASETS_URL"], settings["DATASETS_API_KEY"], settings["DATASETS_PROJECT"])
