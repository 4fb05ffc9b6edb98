"""Starts the services under comparison, each on a database of its own in one PostgreSQL.

The peers run as their documentation starts them, with two differences: they report nothing to their makers, and
MLflow's runner of background jobs, which datasets do not use, is off. Neither asks for a key, which is their default.
"""

import os
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.databases import PROJECT_DIR, Database
from benchmarks.peers.mlflow import MLflow
from benchmarks.peers.ours import Ours
from benchmarks.peers.phoenix import Phoenix
from benchmarks.peers.service import Service
from benchmarks.servers import WORKERS, free_port, running, serving

ENVIRONMENTS = PROJECT_DIR / ".peers"
QUIET = {
    "DO_NOT_TRACK": "true",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
    "PHOENIX_TELEMETRY_ENABLED": "false",
    "PHOENIX_ALLOW_EXTERNAL_RESOURCES": "false",
}


@contextmanager
def ours(database: Database, folder: Path, *, workers: int) -> Iterator[Service]:
    with serving(database, folder, workers=workers) as server:
        yield Ours(server.base, server.pid)


@contextmanager
def mlflow(database: Database, folder: Path) -> Iterator[Service]:
    port = free_port()
    start = [
        str(ENVIRONMENTS / "mlflow/bin/mlflow"), "server", "--backend-store-uri", database.url,
        "--host", "127.0.0.1", "--port", str(port), "--workers", str(WORKERS),
        # A worker that a busy machine keeps waiting for five seconds would be replaced, and its requests be lost.
        "--uvicorn-opts", "--timeout-worker-healthcheck 60",
    ]  # fmt: skip
    with peer(start, {}, folder, port, "/health") as pid:
        yield MLflow(f"http://127.0.0.1:{port}", pid)


@contextmanager
def phoenix(database: Database, folder: Path) -> Iterator[Service]:
    """It always is one process."""
    port = free_port()
    environment = {
        "PHOENIX_SQL_DATABASE_URL": database.url,
        "PHOENIX_HOST": "127.0.0.1",
        "PHOENIX_PORT": str(port),
        "PHOENIX_GRPC_PORT": str(free_port()),
        "PHOENIX_WORKING_DIR": str(folder / "phoenix"),
    }
    with peer([str(ENVIRONMENTS / "phoenix/bin/phoenix"), "serve"], environment, folder, port, "/healthz") as pid:
        yield Phoenix(f"http://127.0.0.1:{port}", pid)


@contextmanager
def peer(start: list[str], environment: dict[str, str], folder: Path, port: int, path: str) -> Iterator[int]:
    ready = urllib.request.Request(f"http://127.0.0.1:{port}{path}")
    # Settings of ours, Django's among them, are not theirs.
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    log = folder / f"{Path(start[0]).name}.log"
    with ExitStack() as stack:
        # What they write beside the database.
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True)))
        yield stack.enter_context(running(start, inherited | QUIET | environment, log, ready, cwd=scratch))
