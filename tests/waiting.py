"""Waits for other processes."""

import time
from collections.abc import Callable
from typing import Any

WAIT_SECONDS = 60


def wait_for(condition: Callable[[], Any], seconds: float = WAIT_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to be so"
        time.sleep(0.02)
