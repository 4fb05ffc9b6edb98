"""Stream the progress of an import as JSON lines to clients that accept them.

{"progress": {"bytes": 1048576, "total_bytes": 4194304, "rows": 9000, "stored": 0}} about once a second, and finally
{"status": 201, "body": …}, the response that other clients receive. If the client disconnects before the commit,
nothing is stored.
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
from rest.preauthorization import CLIENT_GONE
from rest.renderers import NDJSONRenderer
from rest.responses import Response
from rest.uploads import get_upload

# The longest time between two lines: only writing a line shows whether the client is still there.
LINE_INTERVAL_SECONDS = 0.5

Line = dict[str, Any]


def stream_progress(method: Callable[..., Response]) -> Callable[..., HttpResponseBase]:
    """Decorate a view's method that takes a file.

    The method is called with `on_progress`, to call as its work goes on, and `is_abandoned`, which says whether the
    client has disconnected.
    """

    @functools.wraps(method)
    def wrapper(view: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(request.accepted_renderer, NDJSONRenderer):
            is_abandoned = request.META.get(CLIENT_GONE, never)
            return method(view, request, *args, on_progress=ignore_progress, is_abandoned=is_abandoned, **kwargs)
        upload = get_upload(request)
        # Take the file now: the server closes its own handle when this call returns, before the work begins.
        upload.file  # noqa: B018
        job = ImportJob(view, functools.partial(copy_context().run, method, view, request, *args, **kwargs))
        response = StreamingHttpResponse(job.lines(), content_type=NDJSONRenderer.media_type)
        # Close the file even if nobody reads the lines.
        response._resource_closers.append(upload.close)  # type: ignore[attr-defined]  # noqa: SLF001
        return response

    return wrapper


class ImportJob:
    """Runs the work in a thread with its own connection, so that lines are sent while a statement runs."""

    def __init__(self, view: Any, work: Callable[..., Response]) -> None:
        self.view = view
        self.work = work
        self.events: SimpleQueue[Line | None] = SimpleQueue()
        self.is_cancelled = Event()
        self.raw: psycopg.Connection[Any] | None = None
        self.thread = Thread(target=self.run, name="import", daemon=True)

    def lines(self) -> Iterator[bytes]:
        """Yield lines; closing this iterator early cancels the work and waits until it has ended."""
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
        """Cancel a running statement, which would hold its locks to its end for nobody."""
        raw = self.raw
        if raw is not None and self.thread.is_alive():
            with suppress(psycopg.Error):
                raw.cancel_safe(timeout=5)
