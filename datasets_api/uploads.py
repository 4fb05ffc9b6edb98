"""Requests whose body is a file: asked for first, then written to the disk, then carried out beside the streams.

They take minutes and gigabytes, so that nothing of them happens before it is known that this client may do so, and
they never hold a thread that other requests wait for.
"""

import asyncio
import functools
import math
from io import BytesIO
from typing import TYPE_CHECKING

from django.conf import settings
from django.http.response import HttpResponseBase, StreamingHttpResponse

from datasets_api.answers import Asker, HTTPProtocol, refuse, send_and_close
from datasets_api.bodies import NO_BODY
from datasets_api.environ import Scope, to_environ
from datasets_api.spool import spool
from rest.errors import ServiceUnavailable
from rest.uploads import EXPECT_CONTINUE, PREAUTHORIZED, ContinueUpload

if TYPE_CHECKING:
    from datasets_api.server import Front

# Files that a worker has on the disk at once; beyond it a request is refused.
MOST_UPLOADS = 4


class Uploads:
    """The uploads of a worker."""

    def __init__(self, front: "Front") -> None:
        self.front, self.streams = front, front.streams
        self.count = 0
        # One thread always remains for streams, if there are several.
        self.turns = asyncio.Semaphore(max(1, settings.SERVER_STREAM_THREADS - 1))

    async def take(self, scope: Scope, path: str, protocol: HTTPProtocol) -> None:
        self.count += 1
        stream, asker = None, Asker.of(scope.headers)
        try:
            refusal = await self.refusal(scope, path)
            if refusal:
                await self.front.bodies.drop(scope.headers, protocol)
                await self.streams.in_thread(send_and_close, refusal, protocol)
                return
            stream = await self.carry_out(scope, path, protocol)
        except NO_BODY as error:
            refuse(error, protocol, error.reason, asker)
        except Exception as error:
            refuse(error, protocol, "upload_failed", asker)
        finally:
            self.count -= 1
        if stream is not None:
            await self.streams.send(stream, protocol, scope)

    async def refusal(self, scope: Scope, path: str) -> HttpResponseBase | None:
        """None if the client may send its file. Raises ServiceUnavailable."""
        if self.count > MOST_UPLOADS:
            raise ServiceUnavailable
        environ = to_environ(scope, path, BytesIO(), 0) | {EXPECT_CONTINUE: True}
        response: HttpResponseBase = await self.front.threads.run(functools.partial(self.front.respond, environ))
        if response.status_code != ContinueUpload.status_code:
            return response
        await self.front.threads.run(response.close)
        return None

    async def carry_out(self, scope: Scope, path: str, protocol: HTTPProtocol) -> StreamingHttpResponse | None:
        file, length = await spool(scope.headers, protocol)
        try:
            environ = to_environ(scope, path, file, length) | {PREAUTHORIZED: True}
            async with self.turns:
                # It waits as long as it takes: its file is here.
                return await self.streams.in_thread(self.front.answer, environ, protocol, math.inf)
        finally:
            file.close()
