"""Numbers the workers of a service, so that a new worker continues the metrics of one that has died.

A worker holds a lock on its number's file, which the operating system releases however the worker ends.
"""

import fcntl
import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from prometheus_client.multiprocess import mark_process_dead

# A worker that has not touched its file for this time hangs.
HEARTBEAT_SECONDS = 10.0


class WorkerNumber(NamedTuple):
    value: int
    file: IO[bytes]

    def touch(self) -> None:
        os.utime(self.file.fileno())


def take_number(directory: Path) -> WorkerNumber:
    """Take the lowest free number. Its counters continue; gauges of its last worker are removed."""
    for number in itertools.count():
        file = lock_path(directory, number).open("ab")
        if try_lock(file):
            mark_process_dead(number, str(directory))
            return WorkerNumber(number, file)
        file.close()
    raise AssertionError("unreachable: there is always another number")


def worker_states(directory: Path) -> Iterator[tuple[int, bool]]:
    """Yield each number ever taken, and whether its worker is alive and not hanging. Removes gauges of dead workers."""
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
