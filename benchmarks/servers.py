"""Starts and stops the HTTP servers, each with two workers of four threads."""

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
START_SECONDS = 60
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


def command(service: str, port: int) -> list[str]:
    if service == "ours":
        return [sys.executable, "manage.py", "up", "--port", str(port),
                "--workers", str(WORKERS), "--threads", str(THREADS)]  # fmt: skip
    return [sys.executable, "-m", "granian", "benchmarks.plain.wsgi:application", "--interface", "wsgi",
            "--host", "127.0.0.1", "--port", str(port), "--http", "1", "--no-ws", "--log-level", "warning",
            "--workers", str(WORKERS), "--blocking-threads", str(THREADS),
            # A thread that ends takes its database connection with it.
            "--blocking-threads-idle-timeout", "600"]  # fmt: skip


@contextmanager
def serving(database: Database, log_dir: Path) -> Iterator[Server]:
    port = free_port()
    log = log_dir / f"{database.which.name}.log"
    with log.open("wb") as output:
        # A session of its own: Ctrl-C comes to us alone, and we stop it.
        process = subprocess.Popen(
            command(database.which.service, port), cwd=PROJECT_DIR, env=database.environment, stdin=subprocess.DEVNULL,
            stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        wait_until_ready(process, port, log)
        yield Server(f"http://127.0.0.1:{port}", process.pid, database)
    finally:
        stop(process)


def wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    url = f"http://127.0.0.1:{port}/api/projects/{content.PROJECT}/dataset_items/?limit=1"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {content.CALLER_KEY}"})
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(request, timeout=5):  # noqa: S310  our own address
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
