"""Begins a worker process, whether it was forked or spawned, and ends it with its parent."""

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
    """What the server calls first in each worker, which was started with STOP_SIGNALS blocked."""
    init_worker(parent)
    return importlib.import_module("datasets_api.server.asgi").application


def init_worker(parent: int) -> None:
    exit_with_parent(parent)
    # Ctrl-C in the terminal reaches the parent alone, which then stops the workers.
    os.setsid()
    # A stop that came meanwhile ends the worker here; later the server handles it.
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


def exit_with_parent(parent: int) -> None:
    """Workers of a killed parent would hold the port for ever, unsupervised, and keep the next start from it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)
    else:
        threading.Thread(target=poll_parent, args=[parent], name="parent", daemon=True).start()


def poll_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    os._exit(1)
