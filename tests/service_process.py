"""Runs the service like its users do, with `manage.py up` in its own process, on the tests' database."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from tests.scaling.citus import NO_GENERIC_PLANS, is_citus

PROJECT_DIR = Path(__file__).resolve().parent.parent
START_SECONDS = 60
STOP_SECONDS = 40


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_database_url() -> str:
    """Return the URL of pytest-django's database for other processes."""
    options = connection.get_connection_params()
    parts = {name: quote(str(options.get(name) or ""), safe="") for name in ("user", "password", "host", "port")}
    return f"postgresql://{parts['user']}:{parts['password']}@/{quote(options['dbname'])}?host={parts['host']}" + (
        f"&port={parts['port']}" if parts["port"] else ""
    )


def service_database_url() -> str:
    """Make Citus reject what concerns several machines."""
    settings = f"-c citus.multi_task_query_log_level=error -c {NO_GENERIC_PLANS.replace(' ', '')}"
    return test_database_url() + ("&options=" + quote(settings) if is_citus() else "")


class ServiceProcess:
    """A running service. Its output goes to a file, because a pipe that is not read would block it once full."""

    def __init__(self, *, workers: int = 2, **environment: str) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "manage.py", "up", "--port", str(self.port), "--workers", str(workers)]
        self.log = tempfile.NamedTemporaryFile(prefix="service-", suffix=".log")  # noqa: SIM115  stop closes it
        self.process = subprocess.Popen(
            command,
            cwd=PROJECT_DIR,
            env=os.environ | {"DATABASE_URL": service_database_url()} | environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        try:
            self.wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"The service stopped at its start:\n{self.output()}")
            if self.is_ready():
                return
            time.sleep(0.1)
        raise RuntimeError(f"The service did not get ready:\n{self.output()}")

    def is_ready(self) -> bool:
        probe = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            probe.request("GET", "/_readyz")
            return probe.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            probe.close()

    def output(self) -> str:
        """The output so far."""
        return Path(self.log.name).read_text()

    def stop(self) -> str:
        """Stop the service like Ctrl-C, and return its output."""
        with self.log:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise
            return self.output()
