"""The threads that answer requests hold nothing of the last one."""

import asyncio
import functools
import weakref
from typing import Any

import pytest

from datasets_api.threads import RequestThreads
from tests.waiting import wait_for


class Body:
    """As long as a body may be."""


def leave(body: Body) -> None:
    """What the event loop is not told of."""


def hand_back(body: Body) -> str:
    return "a stream"


@pytest.mark.parametrize("answer", [leave, hand_back])
def test_a_thread_that_waits_holds_no_body(answer: Any) -> None:
    async def ask() -> weakref.ref[Body]:
        body = Body()
        threads = RequestThreads(1)
        await threads.run(functools.partial(answer, body))
        return weakref.ref(body)

    body = asyncio.run(ask())
    wait_for(lambda: body() is None)
