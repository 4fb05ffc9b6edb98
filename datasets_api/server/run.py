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
# A worker that has not finished its requests after so many seconds is killed; a body alone may pause for 30.
STOP_TIMEOUT = 35
# So many crashes of workers, each less than so long after the last, and the service gives up: it cannot work.
MAX_CRASHES, STABLE_SECONDS = 10, 5
# Seconds until a signal is noticed.
STOP_LATENCY = 0.1
# Connections of a worker, as far as there are file descriptors; some are kept for the database, files and pipes.
MAX_CONNECTIONS, OTHER_FILES = 16_384, 512
MAX_FILES = MAX_CONNECTIONS + OTHER_FILES


class GranianServer(Server):  # type: ignore[misc, valid-type]  # one class or another, by platform
    """Announces when it is up: who reads it may send the first request at once. Replaces workers that die."""

    def __init__(self, address: Address, announce: Callable[[], None], **options: Any) -> None:
        super().__init__("datasets_api.server.asgi:application", address=address.ip, port=address.port, **options)
        self.address, self.announce = address, announce
        self.ignores_hangup = ignores_hangup()

    def signal_handler_interrupt(self, *args: Any) -> None:
        """Without granian's event: its lock may be held by what the signal interrupts, be it the handler of another
        signal, and the service would hang."""
        self.interrupt_signal = True

    def signal_handler_reload(self, *args: Any) -> None:
        """SIGHUP. granian would start new workers, of the same code; but a terminal was closed, so it is a stop."""
        if not self.ignores_hangup:
            self.signal_handler_interrupt()

    def _spawn_workers(self, *how: Any) -> None:
        with blocked_stop_signals():
            super()._spawn_workers(*how)

    def _respawn_workers(self, *how: Any) -> None:
        with blocked_stop_signals():
            super()._respawn_workers(*how)

    def _serve_loop(self, *how: Any) -> None:
        # Also ends when it is stopped, or a worker fails: a key that was made is announced in any case.
        while not (self.interrupt_signal or self.address.accepts_connections() or self.main_loop_interrupt.wait(0.02)):
            pass
        # Nobody may be reading any more, which is no reason to stop.
        with suppress(OSError):
            self.announce()
        self.replace_workers(*how)

    def replace_workers(self, *how: Any) -> None:
        """Starts workers for those that have died, until a stop. granian's own loop ends when one dies twice in short
        succession, as a machine short of memory may have it, and can overlook one that dies while another is replaced.
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
            self.interrupt_children.append(0)  # what makes granian end with 1


@contextmanager
def blocked_stop_signals() -> Iterator[None]:
    """A new worker inherits this, and unblocks them once it can handle them: a forked one would run the parent's
    handlers, and forget the stop."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


def serve(address: Address, *, workers: int, threads: int, announce: Callable[[], None]) -> None:
    """Returns when SIGINT, SIGTERM or SIGHUP has stopped it; requests in flight are finished first."""
    os.environ["SERVER_THREADS"] = str(threads)
    # In the settings too: a worker that is forked does not read them again.
    settings.SERVER_THREADS = threads
    # The workers make their own connections; one that is inherited would be shared.
    connections.close_all()
    if multiprocessing.get_start_method() != "fork":
        # Its start unblocks the stop signals, so that it comes before they are blocked.
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
        # Not only as many as are queued: clients that send their bodies slowly hold no more than a connection.
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
    """Each connection needs a file descriptor. Returns how many there may be, at most MAX_FILES."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = MAX_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_FILES)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return allowed


def log_config() -> dict[str, Any]:
    """The service's own, for what granian and its workers have to say."""
    config: dict[str, Any] = settings.LOGGING
    return config | {"loggers": config["loggers"] | {"_granian": {"handlers": []}}}


def ignores_hangup() -> bool:
    """Under nohup."""
    return signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
