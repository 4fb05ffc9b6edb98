"""A process that owns an embedded PostgreSQL, for tests that kill it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
FAST = {"fsync": "off", "shared_buffers": "16MB"}

# Owns a data folder until it reads a line; its sleeping fork must not keep the lock.
OWNER = f"""
import os, sys, time
from pathlib import Path
from datasets_api.postgres.embedded import EmbeddedPostgres
with getattr(EmbeddedPostgres(Path(sys.argv[1]), {FAST!r}), sys.argv[2])():
    child = os.fork()
    if child == 0:
        os.close(0), os.close(1)
        time.sleep(60)
        os._exit(0)
    print(child, flush=True)
    sys.stdin.readline()
    os.kill(child, 9)
"""


def postmaster_pid(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0])


def is_running(pid: int) -> bool:
    """Return whether the process runs; a zombie does not, since its parent may never collect it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@contextmanager
def owner(data_dir: Path, how: str = "serve", packages: Path = ROOT) -> Iterator[subprocess.Popen[str]]:
    """Run another process that owns the folder; the test may kill it."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(packages), str(ROOT), *sys.path])}
    command = [sys.executable, "-c", OWNER, str(data_dir), how]
    process = subprocess.Popen(command, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout
    child = int(process.stdout.readline())
    try:
        yield process
    finally:
        with suppress(BrokenPipeError):
            process.communicate("\n", timeout=20)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def kill(owner: subprocess.Popen[str], *others: int) -> None:
    # Without a moment in which the guard of the owner, or the owner itself, sees the end of one and not of the other.
    owner.send_signal(signal.SIGSTOP)
    for pid in (*others, owner.pid):
        os.kill(pid, signal.SIGKILL)
    owner.wait()
