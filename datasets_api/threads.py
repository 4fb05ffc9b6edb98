"""The threads that answer requests, fed from the event loop."""

import asyncio
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any

Work = Callable[[], Any]
Ended = asyncio.Future[Any]
# An event loop that is told nothing looks so often which requests have ended.
LOOK_SECONDS = 0.01


class RequestThreads:
    """Like a ThreadPoolExecutor, but a call that returns None does not wake the event loop.

    Its answer has gone out by then, and nobody waits for the end. The loop sees it with the next request, or after
    LOOK_SECONDS: waking it each time cost a quarter of what an empty request costs.
    """

    def __init__(self, count: int) -> None:
        self.queue: SimpleQueue[tuple[Work, Ended]] = SimpleQueue()
        self.ended: deque[Ended] = deque()
        self.inside = 0
        self.is_looking = False
        for number in range(count):
            Thread(target=self._work, name=f"request-{number}", daemon=True).start()

    @property
    def waiting(self) -> int:
        """How many calls no thread has taken up yet."""
        return self.queue.qsize()

    async def run(self, work: Work) -> Any:
        loop = asyncio.get_running_loop()
        self._settle()
        ended = loop.create_future()
        self.queue.put((work, ended))
        self.inside += 1
        if not self.is_looking:
            self._look(loop)
        try:
            return await ended
        finally:
            self.inside -= 1

    def _work(self) -> None:
        while True:
            self._do(*self.queue.get())

    def _do(self, work: Work, ended: Ended) -> None:
        """In a call of its own, so that nothing of a request is held until the thread's next one."""
        try:
            result = work()
        except BaseException as error:
            tell(ended, error, Ended.set_exception)
        else:
            if result is None:
                self.ended.append(ended)
            else:
                tell(ended, result, Ended.set_result)

    def _settle(self) -> None:
        while self.ended:
            resolve(self.ended.popleft(), None, Ended.set_result)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._settle()
        self.is_looking = self.inside > 0
        if self.is_looking:
            loop.call_later(LOOK_SECONDS, self._look, loop)


def tell(ended: Ended, value: Any, how: Callable[[Ended, Any], None]) -> None:
    ended.get_loop().call_soon_threadsafe(resolve, ended, value, how)


def resolve(ended: Ended, value: Any, how: Callable[[Ended, Any], None]) -> None:
    """Who awaited it may have been canceled."""
    if not ended.done():
        how(ended, value)
