"""Shows progress on a terminal; prints nothing elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

INTERVAL_SECONDS = 0.2


class Progress:
    def __init__(self, doing: str) -> None:
        self.doing = doing
        self.is_terminal = sys.stderr.isatty()
        self.drawn_at = 0.0

    def update(self, number: int) -> None:
        """Show the number of bytes done so far."""
        now = time.monotonic()
        if self.is_terminal and now - self.drawn_at > INTERVAL_SECONDS:
            self.drawn_at = now
            sys.stderr.write(f"\r{self.doing}: {number / 1e6:,.1f} MB \033[K")
            sys.stderr.flush()

    def clear(self) -> None:
        if self.is_terminal:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


@contextmanager
def progress(doing: str) -> Iterator[Progress]:
    bar = Progress(doing)
    try:
        yield bar
    finally:
        bar.clear()
