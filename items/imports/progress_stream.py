"""Answers a long write line by line while it is done, to a client that accepts lines.

{"progress": {"bytes": 1048576, "total_bytes": 4194304, "rows": 9000, "stored": 0}} about once a second, and at last
{"status": 201, "body": …}, the answer that other clients get. A client that goes away before the commit has given the
write up: nothing is stored.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import suppress
from contextvars import copy_context
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any

import psycopg
from django.db import connection
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from items.imports.progress import ClientDisconnected, Progress, ignore_progress, never
from rest.files import get_upload
from rest.renderers import NDJSONRenderer
from rest.responses import Response
from rest.uploads import CLIENT_GONE

# A line comes at least so often, since only a line shows whether the client is still there.
LINE_INTERVAL_SECONDS = 0.5

Line = dict[str, Any]


def stream_progress(method: Callable[..., Response]) -> Callable[..., HttpResponseBase]:
    """For methods of views that take a file, `on_progress`, which they call as their work goes on, and
    `is_abandoned`, which tells them whether the client has left."""

    @functools.wraps(method)
    def wrapper(view: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(request.accepted_renderer, NDJSONRenderer):
            gone = request.META.get(CLIENT_GONE)
            is_abandoned = gone.is_set if gone else never
            return method(view, request, *args, on_progress=ignore_progress, is_abandoned=is_abandoned, **kwargs)
        upload = get_upload(request)
        # Taken now: the server's own handle goes when this call returns, before the work has begun.
        upload.file  # noqa: B018
        job = ImportJob(view, functools.partial(copy_context().run, method, view, request, *args, **kwargs))
        response = StreamingHttpResponse(job.lines(), content_type=NDJSONRenderer.media_type)
        # In case that nobody reads the lines.
        response._resource_closers.append(upload.close)  # type: ignore[attr-defined]  # noqa: SLF001
        return response

    return wrapper


class ImportJob:
    """The work in a thread of its own, with a connection of its own, so that lines come while a statement runs."""

    def __init__(self, view: Any, work: Callable[..., Response]) -> None:
        self.view = view
        self.work = work
        self.events: SimpleQueue[Line | None] = SimpleQueue()
        self.is_cancelled = Event()
        self.raw: psycopg.Connection[Any] | None = None
        self.thread = Thread(target=self.run, name="import", daemon=True)

    def lines(self) -> Iterator[bytes]:
        """Whoever closes this before its end gives the work up, and waits until nothing is left of it."""
        line: Line | None = {"progress": Progress(0, 0, 0, 0)._asdict()}
        self.thread.start()
        try:
            while line is not None:
                yield NDJSONRenderer().render(line)
                if "status" in line:
                    return
                with suppress(Empty):
                    line = self.events.get(timeout=LINE_INTERVAL_SECONDS)
        finally:
            self.is_cancelled.set()
            self.cancel_statement()
            self.thread.join()

    def run(self) -> None:
        try:
            connection.ensure_connection()
            self.raw = connection.connection
            self.events.put(self.final_line())
        except ClientDisconnected:
            self.events.put(None)
        finally:
            self.raw = None
            connection.close()

    def final_line(self) -> Line:
        try:
            response = self.work(on_progress=self.on_progress, is_abandoned=self.is_cancelled.is_set)
        except ClientDisconnected:
            raise
        except Exception as error:
            if self.is_cancelled.is_set():
                raise ClientDisconnected from error
            response = self.view.handle_exception(error)
        return {"status": response.status_code, "body": response.data}

    def on_progress(self, progress: Progress) -> None:
        if self.is_cancelled.is_set():
            raise ClientDisconnected
        self.events.put({"progress": progress._asdict()})

    def cancel_statement(self) -> None:
        """Where one runs, it would hold its locks to its end for nobody."""
        raw = self.raw
        if raw is not None and self.thread.is_alive():
            with suppress(psycopg.Error):
                raw.cancel_safe(timeout=5)
