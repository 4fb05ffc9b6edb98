"""Is any connection starved? wrk cannot tell, as it forgets requests that have not been answered at its end.

So here each connection is watched. The client is Python and takes much of a processor: it is for fairness, not for
speed.
"""

import asyncio
import statistics
import time
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

from benchmarks.load import Request

# Beyond the time that is measured: to connect, and for the last answers.
EXTRA_SECONDS = 30


class Fairness(NamedTuple):
    connections: int
    errors: int
    lowest: int  # answers on the connection that got the fewest
    median: float
    longest_wait_ms: float  # for an answer, also one that had not come at the end


@dataclass
class Connection:
    answers: int = 0
    errors: int = 0
    longest: float = 0.0
    asked_at: float = field(default_factory=time.monotonic)

    def answered(self, status: bytes) -> None:
        self.answers += 1
        self.errors += not status.startswith(b"HTTP/1.1 2")
        self.longest = max(self.longest, time.monotonic() - self.asked_at)


def watch(base: str, request: Request, *, connections: int, seconds: float) -> Fairness:
    return asyncio.run(_watch(base, request, connections, seconds))


async def _watch(base: str, request: Request, connections: int, seconds: float) -> Fairness:
    states = [Connection() for _ in range(connections)]
    until = time.monotonic() + seconds
    tasks = [asyncio.create_task(keep_asking(base, request, state, until)) for state in states]
    _, waiting = await asyncio.wait(tasks, timeout=seconds + EXTRA_SECONDS)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    for state, task in zip(states, tasks, strict=True):
        if task in waiting:
            state.longest = max(state.longest, time.monotonic() - state.asked_at)
        state.errors += task in waiting or task.exception() is not None
    answers = [state.answers for state in states]
    return Fairness(
        connections=connections,
        errors=sum(state.errors for state in states),
        lowest=min(answers),
        median=statistics.median(answers),
        longest_wait_ms=1000 * max(state.longest for state in states),
    )


async def keep_asking(base: str, request: Request, state: Connection, until: float) -> None:
    address = urlsplit(base)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    headers = f"Host: {address.netloc}\r\nAuthorization: Bearer {request.key}\r\n"
    message = f"{request.method} {request.path} HTTP/1.1\r\n{headers}\r\n".encode()
    try:
        while time.monotonic() < until:
            state.asked_at = time.monotonic()
            writer.write(message)
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(length))
            state.answered(head)
    finally:
        writer.close()
