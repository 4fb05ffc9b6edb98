"""Runs granian with the ASGI application in asgi.py."""

import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any

import drf_spectacular_sidecar
from django.conf import settings
from django.db import connections
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server

from datasets_api.server.addresses import Address
from datasets_api.server.worker import STOP_SIGNALS, load_application

STATIC_FILES = Path(drf_spectacular_sidecar.__file__).parent / "static"
# Seconds for a worker to finish its requests before it is killed; a body may pause for 30.
STOP_TIMEOUT = 35
# The service ends after this many crashes of workers, each within this time after the one before.
MAX_CRASHES, STABLE_SECONDS = 10, 5
# Seconds until a signal is noticed.
STOP_LATENCY = 0.1
# The connections of a worker, if there are enough file descriptors, and those kept for the database, files and pipes.
MAX_CONNECTIONS, OTHER_FILES = 16_384, 512
MAX_FILES = MAX_CONNECTIONS + OTHER_FILES


class GranianServer(Server):  # type: ignore[misc, valid-type]  # one class or another, by platform
    """Announces when it accepts connections, and replaces workers that die."""

    def __init__(self, address: Address, announce: Callable[[], None], **options: Any) -> None:
        super().__init__("datasets_api.server.asgi:application", address=address.ip, port=address.port, **options)
        self.address, self.announce = address, announce
        self.ignores_hangup = ignores_hangup()

    def signal_handler_interrupt(self, *args: Any) -> None:
        """Stop without setting granian's event: the interrupted code may hold its lock, and the service would hang."""
        self.interrupt_signal = True

    def signal_handler_reload(self, *args: Any) -> None:
        """Handle SIGHUP as a stop, because the terminal was closed; granian would restart the workers."""
        if not self.ignores_hangup:
            self.signal_handler_interrupt()

    def _spawn_workers(self, *how: Any) -> None:
        with blocked_stop_signals():
            super()._spawn_workers(*how)

    def _respawn_workers(self, *how: Any) -> None:
        with blocked_stop_signals():
            super()._respawn_workers(*how)

    def _serve_loop(self, *how: Any) -> None:
        # Also ends on a stop or a worker's failure, so that a newly created key is always announced.
        while not (self.interrupt_signal or self.address.accepts_connections() or self.main_loop_interrupt.wait(0.02)):
            pass
        # The output may be closed, which is no reason to stop.
        with suppress(OSError):
            self.announce()
        self.replace_workers(*how)

    def replace_workers(self, *how: Any) -> None:
        """Replace workers that died, until a stop.

        granian's own loop ends when a worker dies twice in short succession, which may happen on a machine short of
        memory, and can miss one that dies while another is replaced.
        """
        crashes, replaced_at = 0, time.monotonic()
        while not self.interrupt_signal and crashes < MAX_CRASHES:
            if not self.main_loop_interrupt.wait(STOP_LATENCY):
                continue
            self.main_loop_interrupt.clear()
            self.interrupt_children.clear()
            for worker in [each for each in self.wrks if not each.is_alive()]:
                crashes = crashes + 1 if time.monotonic() - replaced_at < STABLE_SECONDS else 1
                replaced_at = time.monotonic()
                if not self.interrupt_signal:
                    self._respawn_workers([worker.idx], *how)
        if not self.interrupt_signal:
            self.interrupt_children.append(0)  # makes granian exit with 1


@contextmanager
def blocked_stop_signals() -> Iterator[None]:
    """Block the stop signals while a worker starts; it unblocks them once it can handle them.

    A forked worker would otherwise run the parent's handlers, and ignore the stop.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


def serve(address: Address, *, workers: int, threads: int, announce: Callable[[], None]) -> None:
    """Run the server until SIGINT, SIGTERM or SIGHUP; requests in progress are finished first."""
    os.environ["SERVER_THREADS"] = str(threads)
    # Also in the settings, because a forked worker does not read the environment again.
    settings.SERVER_THREADS = threads
    # Workers must not inherit a connection: they would share it.
    connections.close_all()
    if multiprocessing.get_start_method() != "fork":
        # Starting the tracker unblocks the stop signals, so it has to happen before they are blocked.
        resource_tracker.ensure_running()
    # A proxy may or may not take the path off.
    static_routes = [f"{base}/static" for base in dict.fromkeys(("", settings.BASE_PATH))]
    server = GranianServer(
        address,
        announce,
        interface=Interfaces.ASGI,
        workers=workers,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        websockets=False,
        backlog=4096,
        # More than fit in the queue, since clients that send their bodies slowly only need a connection.
        backpressure=max(raise_file_limit() - OTHER_FILES, 128),
        log_level=LogLevels.warning,
        log_dictconfig=log_config(),
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_TIMEOUT,
        static_path_route=static_routes,
        static_path_mount=[STATIC_FILES] * len(static_routes),
    )
    server.serve(target_loader=partial(load_application, os.getpid()), wrap_loader=False)


def raise_file_limit() -> int:
    """Raise the limit of file descriptors, one for each connection, and return it; at most MAX_FILES."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = MAX_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_FILES)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return allowed


def log_config() -> dict[str, Any]:
    """Return the service's log configuration, extended for granian and its workers."""
    config: dict[str, Any] = settings.LOGGING
    return config | {"loggers": config["loggers"] | {"_granian": {"handlers": []}}}


def ignores_hangup() -> bool:
    """Return whether SIGHUP is ignored, as under nohup."""
    return signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
