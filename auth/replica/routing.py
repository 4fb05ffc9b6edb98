"""Routes reads to the replica, if there is one, so that users always see their own writes."""

import functools
from collections.abc import Callable, Iterator
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import StreamingHttpResponse
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from auth.access import Access
from auth.replica.positions import record_write_lsn, sample_lsn
from database.replica import has_replayed
from database.routers import fall_back_to_primary, is_statement_timeout, prefer_replica
from rest.headers import get_header

Handler = Callable[..., Any]


def run_handler(handler: Handler, access: Access, request: Request, *args: Any, **kwargs: Any) -> Any:
    """Run a view's method, on the replica if possible."""
    run = functools.partial(handler, request, *args, **kwargs)
    if request.method not in SAFE_METHODS:
        return handle_write(run, access.user.id)
    response = try_replica(run) if may_use_replica(request, access) else None
    return run() if response is None else response


def handle_write(run: Callable[[], Any], user_id: int) -> Any:
    try:
        response = run()
    finally:
        # Also after an error: a client that gets a 412 reads the item next, and must see its new version.
        record_write_lsn(user_id)
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = record_each_chunk(iter(response), user_id)
    return response


def record_each_chunk(chunks: Iterator[bytes], user_id: int) -> Iterator[bytes]:
    """Record the position before each chunk: any line of a progress stream may report that the write is committed."""
    for chunk in chunks:
        record_write_lsn(user_id)
        yield chunk


def may_use_replica(request: Request, access: Access) -> bool:
    if access.min_lsn is None:
        sample_lsn()
        return False
    return "no-cache" not in (get_header(request, "Cache-Control") or "") and has_replayed(access.min_lsn)


def try_replica(run: Callable[[], Any]) -> Any:
    """Return None for any failure, including a 404: a row missing on the replica may exist on the primary."""
    with prefer_replica():
        try:
            response = run()
        except Exception as error:
            if is_statement_timeout(error):
                raise
            if isinstance(error, OperationalError | InterfaceError):
                fall_back_to_primary(error)
            return None
    if response.status_code >= 400:
        return None
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = read_from_replica(iter(response))
    return response


def read_from_replica(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Prefer the replica for each chunk: a stream is generated after the view has returned, in another thread."""
    while True:
        with prefer_replica():
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk
