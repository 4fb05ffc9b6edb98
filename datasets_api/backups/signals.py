"""Turns SIGTERM and SIGHUP into an exception, so that child processes end and unfinished files are removed."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

END_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def exit_on_signals() -> Iterator[None]:
    """Raise SystemExit on the first signal, and ignore later ones, which would interrupt the cleanup."""
    # nohup ignores SIGHUP.
    before = {number: signal.getsignal(number) for number in END_SIGNALS}
    handled = [number for number, handler in before.items() if handler is not signal.SIG_IGN]

    def exit_once(number: int, _: Any) -> NoReturn:
        for each in handled:
            signal.signal(each, signal.SIG_IGN)
        sys.exit(128 + number)

    for number in handled:
        signal.signal(number, exit_once)
    try:
        yield
    finally:
        for number in handled:
            signal.signal(number, before[number])
