"""The real service for the tests: `scripts/up` of this repository, in a process of its own, on data of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import httpx2

REPOSITORY = Path(__file__).resolve().parents[3]
START_SECONDS = 180
STOP_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Service:
    """A running service; `stop` and `start` keep its data."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "service.log"
        self.start()
        self.api_key = self.first_key()

    def start(self) -> None:
        environment = os.environ | {"DATA_DIR": str(self.folder / "data")}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                ["scripts/up", "--port", str(self.port), "--workers", "2"],
                cwd=REPOSITORY, env=environment, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The service did not start:\n{self.log.read_text()}")
            time.sleep(0.2)

    def is_ready(self) -> bool:
        try:
            return httpx2.get(f"{self.url}/_readyz", timeout=2).status_code == 200
        except httpx2.HTTPError:
            return False

    def first_key(self) -> str:
        found = re.search(r"phx_\w{30,}", self.log.read_text())
        assert found is not None, self.log.read_text()
        return found[0]

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(STOP_SECONDS)

    def database_url(self) -> str:
        """The address of the embedded PostgreSQL, as a second service can use it."""
        data = self.folder / "data"
        password = (data / "postgres-password").read_text().strip()
        (pid_file,) = data.rglob("postmaster.pid")
        # The fifth line is the folder of the socket.
        sockets = pid_file.read_text().splitlines()[4]
        return f"postgresql://datasets:{quote(password)}@/datasets?host={quote(sockets, safe='')}"
