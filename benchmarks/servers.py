"""Starts and stops the HTTP servers, each with two workers of four threads unless it is given others."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks import content
from benchmarks.databases import PROJECT_DIR, Database

WORKERS, THREADS = 2, 4
START_SECONDS = 300  # of the largest peer, on a busy machine
STOP_SECONDS = 40


@dataclass(frozen=True)
class Server:
    base: str
    pid: int
    database: Database


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(service: str, port: int, *, workers: int, threads: int) -> list[str]:
    if service == "ours":
        return [sys.executable, "manage.py", "up", "--port", str(port),
                "--workers", str(workers), "--threads", str(threads)]  # fmt: skip
    return [sys.executable, "-m", "granian", "benchmarks.plain.wsgi:application", "--interface", "wsgi",
            "--host", "127.0.0.1", "--port", str(port), "--http", "1", "--no-ws", "--log-level", "warning",
            "--workers", str(workers), "--blocking-threads", str(threads),
            # A thread that ends takes its database connection with it.
            "--blocking-threads-idle-timeout", "600"]  # fmt: skip


@contextmanager
def serving(
    database: Database, log_dir: Path, *, workers: int = WORKERS, threads: int = THREADS
) -> Iterator[Server]:  # fmt: skip
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    path = f"/api/projects/{content.PROJECT}/dataset_items/?limit=1"
    ready = urllib.request.Request(  # noqa: S310  our own address
        base + path, headers={"Authorization": f"Bearer {content.CALLER_KEY}"}
    )
    log = log_dir / f"{database.which.name}.{workers}x{threads}.log"
    start = command(database.which.service, port, workers=workers, threads=threads)
    with running(start, database.environment, log, ready, cwd=PROJECT_DIR) as pid:
        yield Server(base, pid, database)


@contextmanager
def running(
    start: list[str], environment: dict[str, str], log: Path, ready: urllib.request.Request, *, cwd: Path
) -> Iterator[int]:
    """Yield the process id of the started command as soon as it answers the request."""
    with log.open("wb") as output:
        # A session of its own: Ctrl-C comes to us alone, and we stop it.
        process = subprocess.Popen(
            start, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
    try:
        wait_until_ready(process, ready, log)
        yield process.pid
    finally:
        stop(process)


def wait_until_ready(process: subprocess.Popen[bytes], ready: urllib.request.Request, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(ready, timeout=5):  # noqa: S310  our own address
            return
        time.sleep(0.1)
    raise RuntimeError(f"A server did not start:\n{log.read_text(errors='replace')[-4000:]}")


def stop(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        print("A server did not stop in time and is killed.", file=sys.stderr)
    finally:
        # Workers too, should their parent have left any.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
