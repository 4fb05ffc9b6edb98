"""scripts/venv, with a stand-in for Python that records what is installed."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.service_process import PROJECT_DIR

# Says what it is asked to do, and makes an environment of itself.
PYTHON = """#!/bin/sh
echo "$*" >> "$CALLS"
case "$*" in
    "-m venv"*) mkdir -p .venv/bin && cp "$0" .venv/bin/python && touch .venv/has-pip ;;
    "-m pip"*) [ -e .venv/has-pip ] ;;
esac
"""


class Clone:
    def __init__(self, folder: Path) -> None:
        self.folder, self.calls, self.python = folder, folder / "calls", folder / "python"
        (folder / "scripts").mkdir()
        shutil.copy(PROJECT_DIR / "scripts" / "venv", folder / "scripts" / "venv")
        self.python.write_text(PYTHON)
        self.python.chmod(0o755)
        self.lock("1")

    def lock(self, version: str) -> None:
        for name in ("requirements.lock", "requirements-dev.lock"):
            (self.folder / name).write_text(f"package=={version}\n")

    def run(self, *arguments: str) -> list[str]:
        """Run the script, and return the calls that create an environment or install packages, without options."""
        self.calls.write_text("")
        environment = {"PATH": "/usr/bin:/bin", "PYTHON": str(self.python), "CALLS": str(self.calls)}
        subprocess.run(["scripts/venv", *arguments], cwd=self.folder, env=environment, check=True)
        done = [line.split() for line in self.calls.read_text().splitlines()]
        return [f"{words[1]} {words[-1]}" for words in done if words[1] == "venv" or "install" in words]


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def test_the_first_run_creates_an_environment(clone: Clone) -> None:
    assert clone.run() == ["venv .venv", "pip requirements.lock"]
    assert clone.run() == []


def test_the_larger_list_contains_the_smaller_one(clone: Clone) -> None:
    clone.run()

    assert clone.run("--dev") == ["pip requirements-dev.lock"]
    assert clone.run() == []
    assert clone.run("--dev") == []


def test_an_earlier_lock_is_installed_again(clone: Clone) -> None:
    for version in ("1", "2", "1"):
        clone.lock(version)

        assert clone.run()[-1:] == ["pip requirements.lock"]


def test_an_environment_without_pip_is_recreated(clone: Clone) -> None:
    """Debian leaves one behind if the package python3-venv is missing."""
    clone.run()
    (clone.folder / ".venv" / "has-pip").unlink()
    (clone.folder / ".venv" / "made-from").unlink()

    assert clone.run() == ["venv .venv", "pip requirements.lock"]
