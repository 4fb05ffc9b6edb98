"""The service as its users run it: `manage.py up` in a process of its own, on the tests' database."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote

from django.db import connection

PROJECT_DIR = Path(__file__).resolve().parent.parent
START_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_database_url() -> str:
    """The database that pytest-django made, as another process can reach it."""
    options = connection.get_connection_params()
    parts = {name: quote(str(options.get(name) or ""), safe="") for name in ("user", "password", "host", "port")}
    return f"postgresql://{parts['user']}:{parts['password']}@/{quote(options['dbname'])}?host={parts['host']}" + (
        f"&port={parts['port']}" if parts["port"] else ""
    )


class ServiceProcess:
    def __init__(self, *, workers: int = 2, **environment: str) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "manage.py", "up", "--port", str(self.port), "--workers", str(workers)]
        self.process = subprocess.Popen(
            command,
            cwd=PROJECT_DIR,
            env=os.environ | {"DATABASE_URL": test_database_url()} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                assert self.process.stdout is not None
                raise RuntimeError(f"The service stopped at its start:\n{self.process.stdout.read()}")
            try:
                with urllib.request.urlopen(f"{self.base}/_readyz", timeout=5):  # noqa: S310  our own address
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("The service did not get ready.")

    def stop(self) -> str:
        """Stops it as Ctrl-C does; returns what it printed."""
        self.process.send_signal(signal.SIGINT)
        output, _ = self.process.communicate(timeout=40)
        return output
