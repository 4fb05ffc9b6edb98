"""Runs granian with the front in server.py."""

import ctypes
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import drf_spectacular_sidecar
from django.conf import settings
from django.db import connections
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server

from datasets_api.metrics.memory import shared_file

STATIC_FILES = Path(drf_spectacular_sidecar.__file__).parent / "static"
# A worker that has not finished its requests after so many seconds is killed; a body alone may be silent for 30.
STOP_TIMEOUT = 35
ON_EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  compared, not bound
# So many crashes of workers, each less than so long after the last, and the service gives up: it cannot work.
MAX_CRASHES, SETTLED_SECONDS = 10, 5
# Seconds until a signal is noticed.
STOP_LATENCY = 0.1
STOPS = {signal.SIGINT, signal.SIGTERM}
PR_SET_PDEATHSIG = 1  # linux/prctl.h


class Address(NamedTuple):
    ip: str
    port: int

    @property
    def local_ip(self) -> str:
        """Where clients on this machine find it."""
        return ON_EVERY_ADDRESS.get(self.ip, self.ip)

    @property
    def url(self) -> str:
        host = f"[{self.local_ip}]" if ":" in self.local_ip else self.local_ip
        return f"http://{host}:{self.port}"

    def is_answered(self) -> bool:
        with suppress(OSError), socket.create_connection((self.local_ip, self.port), timeout=1):
            return True
        return False


def free_address(host: str, port: int) -> Address:
    """Raises OSError with a message for the person at the terminal; the server itself would share a busy port."""
    try:
        # A name may stand for several; clients are likeliest to try IPv4.
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, _, _, _, address = min(found, key=lambda each: each[0] != socket.AF_INET)
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OSError(f"Cannot listen on {host}:{port}: {reason}. Choose another with --host and --port.") from error
    return Address(str(address[0]), port)


class AnnouncedServer(Server):  # type: ignore[misc, valid-type]  # one class or another, by platform
    """Says when it is up: who reads it may send the first request at once."""

    def __init__(self, address: Address, announce: Callable[[], None], **options: Any) -> None:
        super().__init__("datasets_api.server:application", address=address.ip, port=address.port, **options)
        self.awaited, self.announce = address, announce
        self.is_hangup_ignored = is_hangup_ignored()

    def signal_handler_interrupt(self, *args: Any) -> None:
        """Without granian's event: its lock may be held by what the signal interrupts, be it the handler of another
        signal, and the service would hang."""
        self.interrupt_signal = True

    def signal_handler_reload(self, *args: Any) -> None:
        """SIGHUP. granian would start new workers, of the same code; but a terminal was closed, so it is a stop."""
        if not self.is_hangup_ignored:
            self.signal_handler_interrupt()

    def _serve_loop(self, *how: Any) -> None:
        # Also ends when it is stopped, or a worker fails: a key that was made is told in any case.
        while not (self.interrupt_signal or self.awaited.is_answered() or self.main_loop_interrupt.wait(0.02)):
            pass
        # Nobody may be reading any more, which is no reason to stop.
        with suppress(OSError):
            self.announce()
        self.replace_workers(*how)

    def replace_workers(self, *how: Any) -> None:
        """Those that have died, until a stop. granian's own loop ends when one dies twice in short succession, as a
        machine short of memory may have it, and can overlook one that dies while another is replaced."""
        crashes, replaced_at = 0, time.monotonic()
        while not self.interrupt_signal and crashes < MAX_CRASHES:
            if not self.main_loop_interrupt.wait(STOP_LATENCY):
                continue
            self.main_loop_interrupt.clear()
            self.interrupt_children.clear()
            for worker in [each for each in self.wrks if not each.is_alive()]:
                crashes = crashes + 1 if time.monotonic() - replaced_at < SETTLED_SECONDS else 1
                replaced_at = time.monotonic()
                if not self.interrupt_signal:
                    self._respawn_workers([worker.idx], *how)
        if not self.interrupt_signal:
            self.interrupt_children.append(0)  # what makes granian end with 1


def serve(address: Address, *, workers: int, threads: int, announce: Callable[[], None]) -> None:
    """Returns when SIGINT, SIGTERM or SIGHUP has stopped it; requests in flight are finished first."""
    os.environ["SERVER_THREADS"] = str(threads)
    # In the settings too: a worker that is forked does not read them again.
    settings.SERVER_THREADS = threads
    os.environ["METRICS_FILE"] = settings.METRICS_FILE = settings.METRICS_FILE or shared_file()
    # The workers make their own connections; one that is inherited would be shared.
    connections.close_all()
    server = AnnouncedServer(
        address,
        announce,
        interface=Interfaces.RSGI,
        factory=True,
        workers=workers,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        websockets=False,
        # Connections that a worker holds: more than it queues requests, or new ones would wait without an answer.
        backlog=4096,
        backpressure=4096,
        log_level=LogLevels.warning,
        log_dictconfig=log_config(),
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_TIMEOUT,
        static_path_route=["/static"],
        static_path_mount=[STATIC_FILES],
    )
    parent = os.getpid()
    # A stop is held back during a fork: in the child it would run the parent's handler, and be forgotten.
    os.register_at_fork(
        before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, STOPS),
        after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS),
        after_in_child=lambda: begin_as_worker(parent),
    )
    server.serve()


def log_config() -> dict[str, Any]:
    """The service's own, for what granian and its workers have to say."""
    config: dict[str, Any] = settings.LOGGING
    return config | {"loggers": config["loggers"] | {"_granian": {"handlers": []}}}


def is_hangup_ignored() -> bool:
    """Under nohup."""
    return signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def begin_as_worker(parent: int) -> None:
    """In a worker, before all else."""
    die_with(parent)
    # Ctrl-C in the terminal reaches the parent alone, which then stops the workers.
    os.setsid()
    for number in STOPS:
        signal.signal(number, signal.SIG_DFL)  # until granian sets its own
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)


def die_with(parent: int) -> None:
    """Workers whose parent was killed would hold the port for ever, unsupervised, and keep the next start from it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)
