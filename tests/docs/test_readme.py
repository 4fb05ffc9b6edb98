"""The README's blocks, run in order in an empty folder against a running service, as its reader runs them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.documents import README, Block, blocks_of, text_of
from tests.people import People, key
from tests.programs import find_program
from tests.service_process import PROJECT_DIR, ServiceProcess

CLIENT = PROJECT_DIR / "clients" / "python" / "src"
MAX_WORDS = 1500
# The client package is on the path, not installed: its commands and its pytest plugin are named here.
PROGRAMS = {"dsets": "datasets_client", "pytest": "pytest"}
PYTEST_OPTIONS = "-q -p no:cacheprovider -p no:django -p datasets_client.pytest_plugin"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, module in PROGRAMS.items():
        (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {module} "$@"\n')
        (programs / name).chmod(0o755)
    return tmp_path


def run(block: Block, folder: Path, environment: dict[str, str]) -> str:
    if block.options.startswith(" file="):
        (folder / block.options.removeprefix(" file=")).write_text(block.text)
        return ""
    command = [sys.executable, "-c"] if block.language == "python" else ["bash", "-euo", "pipefail", "-c"]
    done = subprocess.run(
        [*command, block.text], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{block.text}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_each_block_runs(service: ServiceProcess, live_database: None, folder: Path) -> None:
    people = People()
    environment = os.environ | {
        "PATH": f"{folder / 'programs'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(CLIENT),
        "PYTEST_ADDOPTS": PYTEST_OPTIONS,
        "DATASETS_URL": service.base,
        "DATASETS_API_KEY": key(people.owner),
        "DATASETS_PROJECT": str(people.project.id),
        "DATASETS_CACHE": str(folder / "cache"),
    }
    find_program("bash")

    printed = [run(block, folder, environment) for block in blocks_of(README) if not block.is_skipped]

    assert "{'question': '3 + 3?'} 6\n3\n" in printed
    assert any("3 passed" in text for text in printed)
    assert '"archived":1' in printed[-1]


def test_it_is_short() -> None:
    blocks = [f"```{block.language}{block.options}\n{block.text}```" for block in blocks_of(README)]
    prose = text_of(README)
    for block in blocks:
        prose = prose.replace(block, "")

    assert len(prose.split()) <= MAX_WORDS
