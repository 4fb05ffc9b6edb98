"""A pipe from the event loop to granian, which sends it as a file: as fast as its reader takes it, and no faster.

granian's own way to send a stream (`response_stream`) would queue whatever it is given, without bound.
"""

import array
import asyncio
import fcntl
import os
import termios

from django.conf import settings

# Less costs throughput; far more meets a limit that Linux sets to all pipes of a user.
PIPE_BYTES = 256 * 1024
# At most so much is written before other requests have their turn.
WRITE_BYTES = 1024 * 1024
# How often to look whether a short answer's pipe has been opened.
LOOK_SECONDS = 0.005


class ReaderGone(Exception):
    """The client went away."""


class ReaderSilent(Exception):
    """The client takes nothing any more."""


class Pipe:
    def __init__(self) -> None:
        self.exit: int | None
        self.exit, self.entrance = os.pipe()
        os.set_blocking(self.entrance, False)
        if hasattr(fcntl, "F_SETPIPE_SZ"):
            fcntl.fcntl(self.entrance, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        self.path = f"/dev/fd/{self.exit}"
        self.written = 0

    async def write(self, data: bytes) -> None:
        """Returns when all is in the pipe. Raises ReaderGone and ReaderSilent."""
        rest = memoryview(data)
        while rest:
            self.let_go()
            try:
                count = os.write(self.entrance, rest[:WRITE_BYTES])
            except BlockingIOError:
                await self.room()
            except BrokenPipeError:
                raise ReaderGone from None
            else:
                self.written += count
                rest = rest[count:]
                await asyncio.sleep(0)

    async def room(self) -> None:
        loop = asyncio.get_running_loop()
        ready = loop.create_future()

        def wake() -> None:
            """Called again and again until it is removed."""
            if not ready.done():
                ready.set_result(None)

        loop.add_writer(self.entrance, wake)
        try:
            async with asyncio.timeout(settings.STREAM_IDLE_TIMEOUT_SECONDS):
                await ready
        except TimeoutError:
            raise ReaderSilent from None
        finally:
            loop.remove_writer(self.entrance)

    async def end(self) -> None:
        """Returns when granian holds the pipe, so that it can be closed here. Raises ReaderSilent."""
        try:
            async with asyncio.timeout(settings.STREAM_IDLE_TIMEOUT_SECONDS):
                while not self.let_go():
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError:
            raise ReaderSilent from None

    def let_go(self) -> bool:
        """Closes the exit once granian has opened it, which shows by its reading: else nobody would see it close it."""
        if self.exit is not None and self.waiting() < self.written:
            os.close(self.exit)
            self.exit = None
        return self.exit is None

    def waiting(self) -> int:
        """Bytes that are in the pipe."""
        count = array.array("i", [0])
        fcntl.ioctl(self.entrance, termios.FIONREAD, count)
        return count[0]

    def close(self) -> None:
        os.close(self.entrance)
        if self.exit is not None:
            os.close(self.exit)
