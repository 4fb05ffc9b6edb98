"""The lock of DATA_DIR: a flock on DATA_DIR/lock, a file that names the holder.

The kernel releases the lock when its holder ends, in whatever way.
"""

import fcntl
import json
import os
from dataclasses import asdict, dataclass

from datasets_api.postgres.data_dir import DataDir


@dataclass(frozen=True)
class Holder:
    pid: int
    serving: bool  # True for the service, False for a management command, which soon ends

    def is_alive(self) -> bool:
        """Return whether the process exists; also True if its id has been reused."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass  # another user's process
        return True


_held: set[int] = set()


def _close_in_child() -> None:
    """Close inherited locks: a forked child would keep them after its parent's death. exec closes them itself."""
    while _held:
        os.close(_held.pop())


os.register_at_fork(after_in_child=_close_in_child)


def take_lock(data_dir: DataDir, *, serving: bool) -> int | None:
    """Return the descriptor that holds the lock, or None if another process has it."""
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
    """Return the holder, or None if the file names none, because the lock was just taken or released."""
    try:
        return Holder(**json.loads(data_dir.lock.read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
