"""Where there is a replica: which requests read from it, and that nobody reads less than they have written."""

import functools
from collections.abc import Callable, Iterator
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import StreamingHttpResponse
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from auth.access import Access
from auth.read_floors import move_floor, remember_write
from database.replica import has_replayed
from database.route import leave_replica, replica_preferred, took_too_long
from rest.headers import header

Handler = Callable[..., Any]


def route_handler(view: Any, request: Request, access: Access) -> None:
    """Puts the choice round the method of the view that is about to answer."""
    name = str(request.method).lower()
    handler = getattr(view, name, None)
    if handler is not None:
        setattr(view, name, functools.partial(answer, handler, access))


def answer(handler: Handler, access: Access, request: Request, *args: Any, **kwargs: Any) -> Any:
    run = functools.partial(handler, request, *args, **kwargs)
    if request.method not in SAFE_METHODS:
        return answer_write(run, access.person.id)
    response = answer_from_replica(run) if may_use_replica(request, access) else None
    return run() if response is None else response


def answer_write(run: Callable[[], Any], user_id: int) -> Any:
    try:
        response = run()
    finally:
        # Also when refused: who learns from a 412 that an item has moved on, reads it next.
        remember_write(user_id)
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = remembering(iter(response), user_id)
    return response


def remembering(chunks: Iterator[bytes], user_id: int) -> Iterator[bytes]:
    """A write that tells how it goes on is done when it says so, which may be any of its lines."""
    for chunk in chunks:
        remember_write(user_id)
        yield chunk


def may_use_replica(request: Request, access: Access) -> bool:
    if access.read_floor is None:
        move_floor()
        return False
    return "no-cache" not in (header(request, "Cache-Control") or "") and has_replayed(access.read_floor)


def answer_from_replica(run: Callable[[], Any]) -> Any:
    """None for a failure of any kind: only the primary knows whether what is not there is nowhere."""
    with replica_preferred():
        try:
            response = run()
        except Exception as error:
            if took_too_long(error):
                raise
            if isinstance(error, OperationalError | InterfaceError):
                leave_replica(error)
            return None
    if response.status_code >= 400:
        return None
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = from_replica(iter(response))
    return response


def from_replica(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """A stream is made when the view has long returned, and by another thread."""
    while True:
        with replica_preferred():
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk
