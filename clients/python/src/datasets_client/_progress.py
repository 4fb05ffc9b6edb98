"""A line of progress on standard error, where that is a terminal and the work takes longer than a second."""

from __future__ import annotations

import os
import sys
import time

FIRST_SECONDS = 1.0
EVERY_SECONDS = 0.2


class Progress:
    def __init__(self, label: str, total: int | None = None, *, enabled: bool | None = None) -> None:
        self.label, self.total, self.done = label, total, 0
        self.enabled = is_watched() if enabled is None else enabled
        self.next_time = time.monotonic() + FIRST_SECONDS
        self.is_shown = False

    def add(self, count: int) -> None:
        self.done += count
        if self.enabled and time.monotonic() >= self.next_time:
            self.next_time = time.monotonic() + EVERY_SECONDS
            self.is_shown = True
            print(f"\r{self.text()}\x1b[K", end="", file=sys.stderr, flush=True)  # noqa: T201

    def text(self) -> str:
        if not self.total:
            return f"{self.label} {self.done:,}"
        filled = min(24, 24 * self.done // self.total)
        return f"{self.label} [{'#' * filled}{'.' * (24 - filled)}] {self.done:,} of {self.total:,}"

    def close(self) -> None:
        if self.is_shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)  # noqa: T201


def is_watched() -> bool:
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
