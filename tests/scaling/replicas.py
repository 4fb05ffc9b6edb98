"""A primary and its streaming replica, as two separate PostgreSQL servers."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import psycopg

from datasets_api.postgres.account import choose_account, with_access
from datasets_api.postgres.binaries import ENVIRONMENT, WORKING_DIRECTORY, bin_dir
from datasets_api.postgres.embedded import EmbeddedPostgres
from tests.waiting import WAIT_SECONDS, wait_for

# Without fsync, which these tests do not need; but commits wait for their WAL, whose position they do need.
SETTINGS = {"fsync": "off", "shared_buffers": "32MB", "full_page_writes": "off"}


class Replica:
    """A replica that can be paused, stopped and restarted."""

    def __init__(self, folder: Path, primary_url: str, owner: Path) -> None:
        self.data, self.sockets, self.log = folder / "replica", folder / "sockets", folder / "log"
        parts = urlsplit(primary_url)
        self.primary_url = primary_url
        self.url = f"{primary_url.partition('@')[0]}@{parts.path}?host={quote(str(self.sockets), safe='')}"
        account = choose_account(owner, owner)
        for path in (self.data, self.sockets):
            path.mkdir(mode=0o700, parents=True)
        self.log.touch(mode=0o600)
        for path in (self.data, self.sockets, self.log):
            os.chown(path, account.uid, account.gid)
        self.account = with_access(account, log=self.log, sockets=self.sockets)
        self.process: subprocess.Popen[bytes] | None = None

    def copy_primary(self) -> None:
        parts = urlsplit(self.primary_url)
        host = parse_qs(parts.query)["host"][0]
        words = f"host='{host}' user='{unquote(parts.username or '')}' password='{unquote(parts.password or '')}'"
        options = ["-D", self.data, "-d", words, "-R", "-X", "stream", "-c", "fast", "--no-sync"]
        done = subprocess.run(
            self.account.command(bin_dir() / "pg_basebackup", *options),
            env=ENVIRONMENT, cwd=WORKING_DIRECTORY, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        options = SETTINGS | {
            "port": "5432",
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "hot_standby": "on",
            # A standby needs at least as many as its primary.
            "max_connections": "150",
        }
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.account.command(bin_dir() / "postgres", "-D", self.data, *words),
                env=ENVIRONMENT, cwd=WORKING_DIRECTORY, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        wait_for(self.is_up)

    def stop(self) -> None:
        """Stop the replica like Ctrl-C, which disconnects its clients."""
        if self.process:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(WAIT_SECONDS)
            self.process = None

    def is_up(self) -> bool:
        assert self.process
        assert self.process.poll() is None, self.log.read_text()
        try:
            return bool(self.ask("SELECT pg_is_in_recovery()"))
        except psycopg.OperationalError:
            return False

    def ask(self, statement: str) -> Any:
        return ask(self.url, statement)

    def pause(self) -> None:
        self.ask("SELECT pg_wal_replay_pause()::text")
        wait_for(lambda: self.ask("SELECT pg_get_wal_replay_pause_state()") == "paused")

    def resume(self) -> None:
        self.ask("SELECT pg_wal_replay_resume()::text")

    def catch_up(self) -> None:
        """Wait until the replica has replayed everything that the primary has now."""
        written = ask(self.primary_url, "SELECT pg_logical_emit_message(false, 'tests', 'now', true)::text")
        wait_for(lambda: self.ask(f"SELECT pg_last_wal_replay_lsn() >= '{written}'::pg_lsn"))


def ask(url: str, statement: str) -> Any:
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as raw:
        row = raw.execute(statement.encode()).fetchone()
    return row[0] if row else None


@contextmanager
def primary_and_replica(folder: Path) -> Iterator[tuple[str, Replica]]:
    primary = EmbeddedPostgres(folder / "primary", SETTINGS)
    with primary.serve():
        replica = Replica(folder, primary.url, folder / "primary" / "postgres")
        try:
            replica.copy_primary()
            replica.start()
            yield primary.url, replica
        finally:
            replica.stop()
