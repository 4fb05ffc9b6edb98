"""Finds and removes what a killed owner left behind: a running PostgreSQL, single processes, lock files."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from datasets_api.postgres.account import Account
from datasets_api.postgres.data_dir import SOCKET_NAME, DataDir
from datasets_api.postgres.postmaster import PROC, Postmaster, postgres_processes, wait_until

EXIT_SECONDS = 10


def find_running(data_dir: DataDir, account: Account) -> Postmaster | None:
    try:
        pid = int((data_dir.pgdata / "postmaster.pid").read_text().split()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None
    postmaster = Postmaster(pid, data_dir.pgdata, account)
    return postmaster if postmaster.is_alive() else None


def remove_leftovers(data_dir: DataDir, account: Account) -> None:
    """Kill processes that still hold the shared memory, and remove lock files: either would prevent the next start.

    The process id in a lock file may have been reused.
    """
    if not PROC.is_dir():
        return  # without /proc, PostgreSQL's own checks have to suffice
    for pid in postgres_processes(data_dir.pgdata, account):
        # Their parent is dead, so killing them does no more harm than the crash.
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not postgres_processes(data_dir.pgdata, account), EXIT_SECONDS)
    socket = data_dir.sockets / SOCKET_NAME
    for file in (data_dir.pgdata / "postmaster.pid", socket, Path(f"{socket}.lock")):
        file.unlink(missing_ok=True)
