"""Who owns DATA_DIR? Whoever holds the flock on DATA_DIR/lock; the file says who that is.

The kernel lets go of the lock when its holder dies, however it dies.
"""

import fcntl
import json
import os
from dataclasses import asdict, dataclass

from datasets_api.postgres.data_dir import DataDir
from datasets_api.processes import is_alive


@dataclass(frozen=True)
class Holder:
    pid: int
    serving: bool  # the service, not a console command that will soon be done

    def is_alive(self) -> bool:
        return is_alive(self.pid)


_held: set[int] = set()


def _close_in_child() -> None:
    """A forked child would otherwise keep the lock after its parent's death; exec closes descriptors by itself."""
    while _held:
        os.close(_held.pop())


os.register_at_fork(after_in_child=_close_in_child)


def take_lock(data_dir: DataDir, *, serving: bool) -> int | None:
    """The descriptor that holds the lock, None when someone else does."""
    descriptor = data_dir.open(data_dir.lock, os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    _held.add(descriptor)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(asdict(Holder(os.getpid(), serving))).encode(), 0)
    return descriptor


def release_lock(descriptor: int) -> None:
    os.ftruncate(descriptor, 0)
    _held.discard(descriptor)
    os.close(descriptor)


def read_holder(data_dir: DataDir) -> Holder | None:
    """What the file says, None when it says nothing: its holder has only just come or gone."""
    try:
        return Holder(**json.loads(data_dir.lock.read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
