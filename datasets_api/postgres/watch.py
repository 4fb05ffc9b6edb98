"""Who starts PostgreSQL again when it has ended by itself, killed or for want of room, and keeps its log short?"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread

from datasets_api.postgres.errors import PostgresError
from datasets_api.postgres.postmaster import Postmaster

logger = logging.getLogger("datasets_api.postgres")

LOOK_SECONDS = 0.1
# Between attempts that fail one after the other; the first is made at once.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
# One that has run for so long had started well.
SETTLED_SECONDS = 30


class Watch:
    """A thread, since the server that `up` runs keeps the main one."""

    def __init__(
        self, postmaster: Postmaster, start: Callable[[], Postmaster], bound_log: Callable[[], None], stopping: Event
    ) -> None:
        self.postmaster, self.start, self.bound_log, self.stopping = postmaster, start, bound_log, stopping
        self.started_at, self.pause = time.monotonic(), 0.0
        self.thread = Thread(target=self._run, name="postgres-watch", daemon=True)
        self.thread.start()

    def end(self) -> Postmaster:
        """The last one, which may be dead."""
        self.stopping.set()
        self.thread.join()
        return self.postmaster

    def _run(self) -> None:
        while not self.stopping.wait(LOOK_SECONDS if self.postmaster.child else 10 * LOOK_SECONDS):
            if not self.postmaster.is_alive():
                self._start_again()
            # The log may be on a disk that has gone, or whose room has.
            with suppress(OSError):
                self.bound_log()

    def _start_again(self) -> None:
        if time.monotonic() - self.started_at > SETTLED_SECONDS:
            self.pause = 0.0
        logger.error("PostgreSQL has ended, and is started again%s.", f" in {self.pause:g} s" if self.pause else "")
        if self.stopping.wait(self.pause):
            return
        self.pause = min(2 * self.pause or FIRST_PAUSE, LONGEST_PAUSE)
        self.started_at = time.monotonic()
        try:
            self.postmaster = self.start()
        except (PostgresError, OSError) as error:
            if not self.stopping.is_set():
                logger.error("%s", error)  # noqa: TRY400  the message says it all
        else:
            logger.warning("PostgreSQL is up again.")
