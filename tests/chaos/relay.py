"""A relay to the database that can cut connections or become silent: it accepts connections without responding."""

import asyncio
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any


class Relay:
    """A relay from a TCP port to PostgreSQL's Unix socket, which runs in its own thread during the context."""

    def __init__(self, socket: Path) -> None:
        self.socket = socket
        self.is_silent = False
        self.writers: set[asyncio.StreamWriter] = set()
        self.tasks: set[asyncio.Task[Any]] = set()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)

    def __enter__(self) -> "Relay":
        self.thread.start()
        self.server = self.run(asyncio.start_server(self.accept, "127.0.0.1", 0))
        self.port = int(self.server.sockets[0].getsockname()[1])
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    def become_silent(self) -> None:
        """Keep all connections open, including new ones, without relaying anything."""
        self.is_silent = True

    def resume(self) -> None:
        """Relay again. The connections of the silent time are lost."""
        self.is_silent = False
        self.run(self.cut())

    async def cut(self) -> None:
        for writer in list(self.writers):
            writer.close()
        await asyncio.sleep(0)

    async def close(self) -> None:
        self.server.close()
        await self.cut()
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.add(writer)
        try:
            there, back = await asyncio.open_unix_connection(self.socket)
        except OSError:
            writer.close()
            return
        self.writers.add(back)
        for source, target in ((reader, back), (there, writer)):
            task = self.loop.create_task(self.pump(source, target))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                if not self.is_silent:
                    target.write(data)
                    await target.drain()
        except OSError:
            pass
        finally:
            if not self.is_silent:
                target.close()
                self.writers.discard(target)
