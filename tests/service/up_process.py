"""Runs `manage.py up` and other commands in their own process, by default with an embedded database."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

from tests.service_process import PROJECT_DIR, free_port
from tests.waiting import WAIT_SECONDS, wait_for

WORKERS = 2
MANAGE = [sys.executable, "manage.py"]


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without variables that name another database."""
    return {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "SECRET_KEY"}} | more


def manage(*arguments: str, seconds: float = WAIT_SECONDS, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MANAGE, *arguments],
        cwd=PROJECT_DIR, env=environment(more), capture_output=True, text=True, check=False, timeout=seconds,
    )  # fmt: skip


@contextmanager
def hangups(handler: signal.Handlers) -> Iterator[None]:
    """Set the SIGHUP handler that a new process inherits, whether or not the tests run under nohup."""
    before = signal.signal(signal.SIGHUP, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


def processes_of(data_dir: Path) -> set[int]:
    """Return all running processes of this data folder, including PostgreSQL's."""
    mark, found = os.fsencode(data_dir), set()
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes():
                found.add(int(entry.name))
    return found


def is_worker(process: Path) -> bool:
    """Return whether the process is a worker, not PostgreSQL, its guard or a helper of multiprocessing."""
    command = (process / "cmdline").read_bytes()
    return (process / "comm").read_text().strip() not in {"postgres", "sh"} and b"resource_tracker" not in command


class Up:
    """A running service, which is stopped at the end of the context; its output is complete afterwards."""

    def __init__(self, data_dir: Path, *arguments: str, **more: str) -> None:
        self.data_dir, self.port = data_dir, free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = data_dir.with_suffix(f".{self.port}.log")
        command = [*MANAGE, "up", "--port", str(self.port), "--workers", str(WORKERS), *arguments]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command, cwd=PROJECT_DIR, env=environment({"DATA_DIR": str(data_dir), **more}),
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def __enter__(self) -> "Up":
        wait_for(lambda: "Listening on" in self.output or self.process.poll() is not None)
        assert self.process.poll() is None, self.output
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop()

    @property
    def output(self) -> str:
        return self.log.read_text()

    @property
    def workers(self) -> set[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return {int(pid) for pid in children if is_worker(Path(f"/proc/{pid}"))}

    def is_answering(self) -> bool:
        with suppress(httpx.TransportError):
            return self.ask("GET", "/_livez").status_code == 200
        return False

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Stop the service with a signal, and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(WAIT_SECONDS)

    def ask(self, method: str, path: str, key: str | None = None, body: Any = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return httpx.request(method, self.base + path, headers=headers, json=body, timeout=WAIT_SECONDS)
