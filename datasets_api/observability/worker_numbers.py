"""Numbers the workers of a service, so that a new one takes the number, and the metrics, of one that has died.

A worker holds a lock on the file of its number, which the system releases however the worker ends.
"""

import fcntl
import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from prometheus_client.multiprocess import mark_process_dead

# One that has not touched its file for so long hangs.
HEARTBEAT_SECONDS = 10.0


class WorkerNumber(NamedTuple):
    value: int
    file: IO[bytes]

    def touch(self) -> None:
        os.utime(self.file.fileno())


def take_number(directory: Path) -> WorkerNumber:
    """The lowest that no living worker has. Its files go on, but for what only a living worker shows."""
    for number in itertools.count():
        file = lock_path(directory, number).open("ab")
        if try_lock(file):
            mark_process_dead(number, str(directory))
            return WorkerNumber(number, file)
        file.close()
    raise AssertionError("unreachable: there is always another number")


def worker_states(directory: Path) -> Iterator[tuple[int, bool]]:
    """All numbers that were ever taken, and whether their workers live and work. Clears away what dead ones showed."""
    for number in itertools.count():
        path = lock_path(directory, number)
        if not path.exists():
            return
        with path.open("rb") as file:
            is_dead = try_lock(file, fcntl.LOCK_SH)
            if is_dead:
                mark_process_dead(number, str(directory))
            yield number, not is_dead and time.time() - os.fstat(file.fileno()).st_mtime < HEARTBEAT_SECONDS


def lock_path(directory: Path, number: int) -> Path:
    return directory / f"worker-{number}.lock"


def try_lock(file: IO[bytes], kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
