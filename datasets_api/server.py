"""The front: takes requests from granian on the event loop and answers them with Django in a few threads.

A body is awaited on the event loop, so that slow and half-sent ones hold no thread; Django then sees all of it at
once. What is over the limit is read to its end and thrown away, because the server closes a connection whose request
was left unread. A bounded queue stands before the threads: beyond it a request is refused at once, with 503.

Two kinds of requests go other ways: answers that stream (streams.py), and bodies that are files (uploads.py).
"""

import asyncio
import functools
import gc
import time
from io import BytesIO

import django
from django.conf import settings
from django.core.cache import close_caches
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.base import BaseHandler, reset_urlconf
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http.response import HttpResponseBase, StreamingHttpResponse

from database.backend.base import close_unusable_connections
from database.backend.timeouts import enable_timeouts
from datasets_api.answers import Asker, HTTPProtocol, refusal, refuse, send_and_close
from datasets_api.bodies import NO_BODY, Bodies
from datasets_api.environ import Environ, Scope, to_environ
from datasets_api.metrics.recording import Load, record_refusal, sample_forever
from datasets_api.observation import ARRIVED
from datasets_api.streams import Streams
from datasets_api.threads import RequestThreads
from datasets_api.uploads import Uploads
from rest.errors import ServiceUnavailable
from rest.uploads import is_upload

# A request that has waited so long for a thread is refused.
QUEUE_SECONDS = 10


class Front(BaseHandler):
    """An RSGI application: https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md"""

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware()
        enable_timeouts()
        self.threads = RequestThreads(settings.SERVER_THREADS)
        # Monitors are answered also when all other threads wait for the database.
        self.threads_of_probes = {path: RequestThreads(1) for path in ("/_livez", "/_readyz")}
        self.bodies = Bodies()
        self.streams = Streams()
        self.uploads = Uploads(self)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.call_soon(sample_forever, loop, self.load)

    def load(self) -> Load:
        return Load(self.threads.inside, self.threads.waiting, self.bodies.held)

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        path = scope.path
        if "/import" in path and is_upload(scope.method, path):
            await self.uploads.take(scope, path, protocol)
            return
        try:
            body, length = await self.bodies.read(scope.headers, protocol)
        except NO_BODY as error:
            refuse(error, protocol, error.reason, Asker.of(scope.headers))
            return
        try:
            stream = await self.admit(to_environ(scope, path, BytesIO(body), length), protocol)
        finally:
            self.bodies.release(body)
        if stream is not None:
            await self.streams.send(stream, protocol, scope)

    async def admit(self, environ: Environ, protocol: HTTPProtocol) -> StreamingHttpResponse | None:
        """Sends the answer, unless it is a stream."""
        threads = self.threads_of_probes.get(environ["PATH_INFO"].rstrip("/"), self.threads)
        if threads.waiting >= settings.SERVER_QUEUE_SIZE:
            refuse(ServiceUnavailable(), protocol, "queue_full", Asker.of_environ(environ))
            return None
        work = functools.partial(self.answer, environ, protocol, time.monotonic())
        stream: StreamingHttpResponse | None = await threads.run(work)
        return stream

    def answer(self, environ: Environ, protocol: HTTPProtocol, arrived: float) -> StreamingHttpResponse | None:
        """In a thread. The answer leaves before it is closed: what runs at its closing delays no client."""
        if time.monotonic() - arrived > QUEUE_SECONDS:
            refuse(ServiceUnavailable(), protocol, "waited_too_long", Asker.of_environ(environ))
            return None
        environ[ARRIVED] = min(arrived, time.monotonic())
        response = self.respond(environ)
        is_head = environ["REQUEST_METHOD"] == "HEAD"
        if response.streaming and not is_head:
            return response  # type: ignore[return-value]
        send_and_close(response, protocol, is_head=is_head)
        return None

    def respond(self, environ: Environ) -> HttpResponseBase:
        close_unusable_connections()
        try:
            request = WSGIRequest(environ)
        except SuspiciousOperation as error:
            # Django counts the parameters here already when the content type names a charset.
            record_refusal("malformed")
            return refusal(error, Asker.of_environ(environ))
        return self.get_response(request)


def application() -> Front:
    """What granian calls in each worker."""
    django.setup(set_prefix=False)
    front = Front()
    # There is no cache, and connections are looked at before each request: these would find nothing to do after it.
    for receiver in (close_old_connections, close_caches, reset_urlconf):
        request_finished.disconnect(receiver)
    # What is loaded now stays: the collector need not walk it again and again.
    gc.collect()
    gc.freeze()
    return front
