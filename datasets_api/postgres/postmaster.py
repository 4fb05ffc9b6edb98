"""PostgreSQL's parent process: checks whether it is alive, and stops it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from datasets_api.postgres.account import Account
from datasets_api.postgres.binaries import run
from datasets_api.postgres.errors import PostgresError

PROC = Path("/proc")
STOP_SECONDS = 30
QUIT_SECONDS = 10  # the postmaster itself kills its children after 5


@dataclass
class Postmaster:
    """PostgreSQL's parent process; without `child`, it was started by a process that has ended."""

    pid: int
    pgdata: Path
    account: Account
    child: subprocess.Popen[bytes] | None = None

    def is_alive(self) -> bool:
        if self.child is not None:
            return self.child.poll() is None
        return self.pid in postgres_processes(self.pgdata, self.account)

    def stop(self) -> None:
        """Stop PostgreSQL with SIGINT, which disconnects clients, and otherwise with SIGQUIT, which requires recovery.

        Raises PostgresError if it does not stop.
        """
        for number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, QUIT_SECONDS)):
            if not self.is_alive():
                return
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)
            if wait_until(lambda: not self.is_alive(), seconds):
                return
        raise PostgresError(f"PostgreSQL (process {self.pid}) does not stop; see {self.pgdata}.log.")


def postgres_processes(pgdata: Path, account: Account) -> set[int]:
    """Return PostgreSQL's processes with this working folder, without zombies. Empty on a system without /proc."""
    # A process id alone is not enough: it may have been reused.
    working_folders = [entry / "cwd" for entry in PROC.glob("[0-9]*") if _is_postgres(entry)]
    if not working_folders:
        return set()
    # Run as the account, because root in a container may not inspect another user's processes.
    listing = run(account.command("stat", "-L", "-c", "%d:%i %n", *working_folders)).stdout
    folder = pgdata.stat()
    here = f"{folder.st_dev}:{folder.st_ino} "
    return {int(Path(line).parent.name) for line in listing.splitlines() if line.startswith(here)}


def _is_postgres(entry: Path) -> bool:
    with suppress(OSError):
        return (entry / "comm").read_text().strip() == "postgres"
    return False


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Return whether the condition became true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
