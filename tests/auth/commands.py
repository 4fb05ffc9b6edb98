"""Runs management commands, in this process or their own, and calls the service with the keys that they print."""

import json
import os
import subprocess
import sys
from io import StringIO
from typing import Any

import httpx
import pytest
from django.core.management import CommandError, call_command

from tests.service_process import PROJECT_DIR, ServiceProcess
from tests.service_process import test_database_url as database_url

ADA = ("--email", "ada@example.com")
ALL_SCOPES = ("--label", "Laptop", "--scopes", "*")


def run_command(command: str, *arguments: str, **options: Any) -> Any:
    """Run a command with --json, and parse its output."""
    output = StringIO()
    call_command(command, *arguments, "--json", stdout=output, **options)
    return json.loads(output.getvalue())


def command_error(command: str, *arguments: str) -> str:
    with pytest.raises(CommandError) as raised:
        run_command(command, *arguments)
    return str(raised.value)


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py in its own process, on the tests' database."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT_DIR,
        env=os.environ | {"DATABASE_URL": database_url()} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def ask_service(service: ServiceProcess, key: str, project_id: int) -> tuple[int, str | None]:
    """List a project's datasets, and return the status and the error's detail, if any."""
    path = f"{service.base}/api/projects/{project_id}/datasets/"
    response = httpx.get(path, headers={"Authorization": f"Bearer {key}"})
    return response.status_code, response.json().get("detail")
