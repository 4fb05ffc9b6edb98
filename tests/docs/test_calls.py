"""The shell blocks of the tour and of the pages that go on from it, run as one script against a running service."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from django.urls import resolve

from tests.docs.documents import PAGES_WITH_CALLS, blocks_of, text_of
from tests.people import People, key
from tests.programs import find_program
from tests.service_process import PROJECT_DIR, ServiceProcess
from tests.service_process import test_database_url as database_url

# Writes to standard error the status, method and address of each call.
REPORT = r"""curl() { command curl --write-out '%{stderr}CALL %{http_code} %{method} %{url_effective}\n' "$@"; }"""
STATUS_COMMENT = re.compile(r"# (\d{3})$", re.MULTILINE)
PARAMETER = re.compile(r"\{(\w+)\}")


def script() -> str:
    blocks = [block for page in PAGES_WITH_CALLS for block in blocks_of(page)]
    return "\n".join(block.text for block in blocks if block.language == "sh" and not block.is_skipped)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working directory in which `.venv/bin/python manage.py` runs, and files may be left behind."""
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (tmp_path / "manage.py").symlink_to(PROJECT_DIR / "manage.py")
    return tmp_path


@pytest.fixture
def calls(service: ServiceProcess, live_database: None, folder: Path) -> list[list[str]]:
    """Return status, method and address of each call, in order."""
    find_program("curl")
    people = People()
    variables = {"URL": service.base, "PROJECT": str(people.project.id), "KEY": key(people.owner)}

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f"{REPORT}\n{script()}"],
        cwd=folder,
        env=os.environ | {"DATABASE_URL": database_url()} | variables,
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    return [line.split()[1:] for line in done.stderr.splitlines() if line.startswith("CALL ")]


def test_each_call_has_its_status_and_every_operation_is_called(calls: list[list[str]]) -> None:
    called = {(method, route_name(urlsplit(address).path)) for _, method, address in calls}

    assert [status for status, _, _ in calls] == STATUS_COMMENT.findall(script())
    assert operations() - called == set()


def operations() -> set[tuple[str, str]]:
    """Return method and route of everything in the OpenAPI file; a route has one name under both prefixes."""
    paths: dict[str, Any] = yaml.safe_load(text_of(PROJECT_DIR / "openapi.yaml"))["paths"]
    return {
        (method.upper(), route_name(PARAMETER.sub("1", path)))
        for path, operations in paths.items()
        for method in operations
    }


def route_name(path: str) -> str:
    name = resolve(path).view_name
    assert name
    return name
