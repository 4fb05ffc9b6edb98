"""One request and its response, through the ASGI server's callables."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import Any

from datasets_api.server.environ import Environ, Scope, to_environ
from rest.preauthorization import CLIENT_GONE

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Exchange:
    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self.send, self._receive = scope, send, receive
        self.method: str = scope["method"]
        self.meta: Environ = to_environ(scope)
        self.path: str = self.meta["PATH_INFO"]
        self.has_unread_body = "CONTENT_LENGTH" in self.meta or "HTTP_TRANSFER_ENCODING" in self.meta
        # The key of quotas: the address, and later the user once access is decided.
        self.caller = f"address {self.meta['REMOTE_ADDR']}"
        # The id of the project whose share of the threads the request uses; None without a project.
        self.project: str | None = None
        self.is_client_gone = False
        # Long-running code calls this between two steps.
        self.meta[CLIENT_GONE] = lambda: self.is_client_gone
        self.watcher: asyncio.Task[None] | None = None

    async def receive(self) -> tuple[bytes, str]:
        """Receive a piece of the body and the message's type, and record whether there is more."""
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self.has_unread_body = False
            self.is_client_gone = True
        else:
            self.has_unread_body = message.get("more_body", False)
        return message.get("body", b""), message["type"]

    def watch_client(self) -> None:
        """Set `is_client_gone` when the client disconnects. To be called once the body is received."""
        if self.watcher is None:
            self.watcher = asyncio.ensure_future(self._wait_for_disconnect())

    async def _wait_for_disconnect(self) -> None:
        while not self.is_client_gone:
            await self.receive()

    def close(self) -> None:
        if self.watcher:
            self.watcher.cancel()

    @cached_property
    def declared_length(self) -> int | None:
        """The Content-Length; None for a chunked body or no body."""
        length = self.meta.get("CONTENT_LENGTH")
        return None if length is None else int(length)

    @property
    def awaits_continue(self) -> bool:
        """Whether the client waits for permission to send its body (Expect: 100-continue)."""
        return "100-continue" in self.meta.get("HTTP_EXPECT", "").lower()
