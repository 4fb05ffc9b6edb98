"""Clients that ask again as soon as they are answered or refused, and so never let up.

In Python, because wrk cannot tell how long the accepted requests alone took.
"""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from benchmarks.load import Request

# After the end nothing is asked any more; what was asked is awaited so long.
LAST_ANSWERS_SECONDS = 30


@dataclass
class Tally:
    accepted_status: str
    since: float
    until: float
    statuses: Counter[str] = field(default_factory=Counter)
    accepted: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    without_retry_after: int = 0
    broken: int = 0  # connections that were not made, or were lost with a request
    unanswered: int = 0
    starved: int = 0  # connections that got no answer before the end
    last_at: float = 0.0

    @property
    def seconds(self) -> float:
        """To the last answer."""
        return self.last_at - self.since

    def is_success(self, status: str, head: bytes, now: float, seconds: float) -> None:
        self.statuses[status] += 1
        self.last_at = now
        if status == self.accepted_status:
            self.accepted.append(seconds)
        elif status == "503":
            self.refused.append(seconds)
            self.without_retry_after += b"\r\nretry-after: " not in head


class LoadClient(asyncio.Protocol):
    """One connection."""

    def __init__(self, message: bytes, tally: Tally) -> None:
        self.message, self.tally = message, tally
        self.received = b""
        self.asked_at = 0.0  # 0: nothing is asked
        self.is_starved = True
        self.ended = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        self.asked_at = time.monotonic()
        self.transport.write(self.message)

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, found, body = self.received.partition(b"\r\n\r\n")
        head = head.lower() + b"\r\n"
        length = head.partition(b"\r\ncontent-length: ")[2].partition(b"\r\n")[0]
        if not found or len(body) < int(length):
            return
        now = time.monotonic()
        self.tally.is_success(head[9:12].decode(), head, now, now - self.asked_at)
        self.received, self.asked_at = b"", 0.0
        if now < self.tally.until:
            self.is_starved = False
            self.ask()
        else:
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.tally.broken += bool(self.asked_at)
        self.asked_at = 0.0
        self.ended.set_result(None)


def generate_load(base: str, request: Request, *, connections: int, seconds: float) -> Tally:
    return asyncio.run(_besiege(base, request, connections, seconds))


async def _besiege(base: str, request: Request, connections: int, seconds: float) -> Tally:
    address, message = urlsplit(base), message_of(base, request)
    tally = Tally(str(request.status), time.monotonic(), time.monotonic() + seconds)
    loop = asyncio.get_running_loop()
    made = await asyncio.gather(
        *(
            loop.create_connection(lambda: LoadClient(message, tally), address.hostname, address.port)
            for _ in range(connections)
        ),
        return_exceptions=True,
    )
    callers = [each[1] for each in made if not isinstance(each, BaseException)]
    tally.broken += connections - len(callers)
    await asyncio.wait([caller.ended for caller in callers], timeout=seconds + LAST_ANSWERS_SECONDS)
    tally.unanswered = sum(caller.asked_at > 0 for caller in callers)
    tally.starved = sum(caller.is_starved for caller in callers)
    for caller in callers:
        caller.transport.abort()
    return tally


def message_of(base: str, request: Request) -> bytes:
    body = request.body.encode()
    lines = (
        f"{request.method} {request.path} HTTP/1.1",
        f"Host: {urlsplit(base).netloc}",
        f"Authorization: Bearer {request.key}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*lines, "", "")).encode() + body
