"""Restarts PostgreSQL when it ends unexpectedly, killed or out of disk space, and truncates its log."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread

from datasets_api.postgres.errors import PostgresError
from datasets_api.postgres.postmaster import Postmaster

logger = logging.getLogger("datasets_api.postgres")

POLL_SECONDS = 0.1
# The pause between consecutive failed attempts; the first attempt is immediate.
MIN_PAUSE, MAX_PAUSE = 0.5, 15.0
# After running this long, a start counts as successful.
STABLE_SECONDS = 30


class Supervisor:
    """A thread that supervises PostgreSQL while the main thread runs the server."""

    def __init__(
        self, postmaster: Postmaster, start: Callable[[], Postmaster], truncate_log: Callable[[], None], stopping: Event
    ) -> None:
        self.postmaster, self.start, self.truncate_log, self.stopping = postmaster, start, truncate_log, stopping
        self.started_at, self.pause = time.monotonic(), 0.0
        self.thread = Thread(target=self._run, name="postgres-supervisor", daemon=True)
        self.thread.start()

    def end(self) -> Postmaster:
        """Stop supervising, and return the last postmaster, which may have ended."""
        self.stopping.set()
        self.thread.join()
        return self.postmaster

    def _run(self) -> None:
        while not self.stopping.wait(POLL_SECONDS if self.postmaster.child else 10 * POLL_SECONDS):
            if not self.postmaster.is_alive():
                self._start_again()
            # The log's disk may be gone or full.
            with suppress(OSError):
                self.truncate_log()

    def _start_again(self) -> None:
        if time.monotonic() - self.started_at > STABLE_SECONDS:
            self.pause = 0.0
        logger.error("PostgreSQL has ended; restarting it%s.", f" in {self.pause:g} s" if self.pause else "")
        if self.stopping.wait(self.pause):
            return
        self.pause = min(2 * self.pause or MIN_PAUSE, MAX_PAUSE)
        self.started_at = time.monotonic()
        try:
            self.postmaster = self.start()
        except (PostgresError, OSError) as error:
            if not self.stopping.is_set():
                logger.error("%s", error)  # noqa: TRY400  the message says everything
        else:
            logger.warning("PostgreSQL is running again.")
