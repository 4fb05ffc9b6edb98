"""Initializes a forked or spawned worker process, and ends it with its parent."""

import ctypes
import importlib
import os
import signal
import sys
import threading
import time
from typing import Any

STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM}
PR_SET_PDEATHSIG = 1  # linux/prctl.h
POLL_SECONDS = 1.0


def load_application(parent: int) -> Any:
    """Load the application; the server calls this first in each worker, which starts with STOP_SIGNALS blocked."""
    init_worker(parent)
    return importlib.import_module("datasets_api.server.asgi").application


def init_worker(parent: int) -> None:
    exit_with_parent(parent)
    # Ctrl-C in the terminal must only reach the parent, which then stops the workers.
    os.setsid()
    # A stop signal that arrived meanwhile ends the worker here; later ones are handled by the server.
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


def exit_with_parent(parent: int) -> None:
    """End this worker with its parent: otherwise it would keep the port, unsupervised, and prevent the next start."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
        if os.getppid() != parent:  # the parent died before prctl
            os._exit(1)
    else:
        threading.Thread(target=poll_parent, args=[parent], name="parent", daemon=True).start()


def poll_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    os._exit(1)
