"""The processes that a cycle kills, always with SIGKILL."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

from tests.service.up_process import Up, processes_of

KillTarget = Callable[[Up, Random], None]


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def postmaster_of(up: Up) -> int:
    return int((up.data_dir / "postgres" / "postmaster.pid").read_text().split()[0])


def backends_of(up: Up) -> list[int]:
    postmaster = postmaster_of(up)
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    return [int(pid) for pid in children if b"[local]" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def parent(up: Up, random: Random) -> None:
    up.process.kill()


def worker(up: Up, random: Random) -> None:
    kill(random.choice(sorted(up.workers)))


def postmaster(up: Up, random: Random) -> None:
    kill(postmaster_of(up))


def backend(up: Up, random: Random) -> None:
    kill(random.choice(backends_of(up)))


def everything(up: Up, random: Random) -> None:
    """Kill everything, similar to a power failure. PostgreSQL first, so that it cannot finish anything."""
    everyone = {postmaster_of(up), *backends_of(up), *processes_of(up.data_dir)}
    for pid in sorted(everyone, key=lambda pid: pid == up.process.pid):
        kill(pid)


# Whether the service has to be restarted by hand.
KILL_TARGETS: dict[str, tuple[KillTarget, bool]] = {
    "backend": (backend, False),
    "worker": (worker, False),
    "postmaster": (postmaster, False),
    "parent": (parent, True),
    "everything": (everything, True),
}
