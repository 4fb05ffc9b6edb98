"""Runs granian with the front in server.py."""

import os
import socket
from pathlib import Path

import drf_spectacular_sidecar
from django.db import connections
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server

STATIC_FILES = Path(drf_spectacular_sidecar.__file__).parent / "static"
# A worker that has not finished its requests after so many seconds is killed.
STOP_TIMEOUT = 30


def check_port(host: str, port: int) -> None:
    """Raises OSError with a message for the person at the terminal; the server itself would share a busy port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or str(error)
            raise OSError(
                f"Cannot listen on {host}:{port}: {reason}. Choose another with --host and --port."
            ) from error


def serve(*, host: str, port: int, workers: int, threads: int) -> None:
    """Returns when SIGINT or SIGTERM has stopped it; requests in flight are finished first."""
    os.environ["SERVER_THREADS"] = str(threads)
    # The workers make their own connections; one that is inherited would be shared.
    connections.close_all()
    Server(
        "datasets_api.server:application",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        factory=True,
        workers=workers,
        loop=Loops.asyncio,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_TIMEOUT,
        static_path_route=["/static"],
        static_path_mount=[STATIC_FILES],
    ).serve()
