"""The two drivers that carry out the commands of operations: one blocks, one awaits."""

from __future__ import annotations

import asyncio
import time
import weakref
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import httpx2

from datasets_client._commands import (
    Attempt,
    Command,
    Emit,
    Failure,
    OpenStream,
    ReadStream,
    Request,
    Response,
    Sleep,
    Steps,
)
from datasets_client._config import Settings

T = TypeVar("T")
CHUNK = 64 * 1024
TIMEOUT = httpx2.Timeout(60, connect=10)


def client_options(settings: Settings) -> dict[str, Any]:
    return {
        "headers": {"Authorization": f"Bearer {settings.api_key}", "User-Agent": settings.user_agent},
        "timeout": TIMEOUT,
        "follow_redirects": False,
    }


def timeout_of(request: Request) -> httpx2.Timeout:
    return TIMEOUT if request.read_timeout is None else httpx2.Timeout(request.read_timeout, connect=10)


def response_from(response: httpx2.Response, text: str = "") -> Response:
    return Response(response.status_code, {name.lower(): value for name, value in response.headers.items()}, text)


def failure_from(error: httpx2.HTTPError) -> Failure:
    reason = str(error) or type(error).__name__
    # A certificate does not get better by trying again.
    return Failure(reason, is_permanent="certificate" in reason.lower())


class Driver:
    """Carries out commands with blocking input and output."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.client = httpx2.Client(**client_options(settings))
        # Whoever writes Client().dataset(…) keeps nothing to close.
        weakref.finalize(self, self.client.close)

    def close(self) -> None:
        self.client.close()

    def run(self, steps: Steps[T]) -> T:
        """Return the result of an operation; what it emits is dropped."""
        exchange = Exchange(self)
        answer: Any = None
        try:
            while True:
                answer = exchange.perform(steps.send(answer))
        except StopIteration as stop:
            result: T = stop.value
            return result
        finally:
            exchange.close()
            steps.close()

    def iterate(self, steps: Steps[Any]) -> Iterator[Any]:
        """Yield what an operation emits."""
        exchange = Exchange(self)
        answer: Any = None
        try:
            while True:
                try:
                    command = steps.send(answer)
                except StopIteration:
                    return
                if isinstance(command, Emit):
                    yield command.value
                    answer = None
                else:
                    answer = exchange.perform(command)
        finally:
            exchange.close()
            steps.close()


class Exchange:
    """The commands of one running operation, with its open stream."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.stream: httpx2.Response | None = None
        self.chunks: Iterator[bytes] = iter(())

    def close(self) -> None:
        if self.stream is not None:
            self.stream.close()
            self.stream = None

    def perform(self, command: Command) -> Any:
        try:
            match command:
                case Attempt():
                    response = self.send(command.request)
                    response.read()
                    return response_from(response, response.text)
                case OpenStream():
                    return self.open(command.request)
                case ReadStream():
                    return next(self.chunks, b"")
                case Sleep():
                    time.sleep(command.seconds)
                case Emit():
                    pass
        except httpx2.TransportError as error:
            self.close()
            return failure_from(error)
        return None

    def send(self, request: Request, *, stream: bool = False) -> httpx2.Response:
        client, settings = self.driver.client, self.driver.settings
        body = file_chunks(request.body) if isinstance(request.body, Path) else request.body
        built = client.build_request(
            request.method,
            settings.address(request.path),
            params=request.params,
            headers=headers_of(request),
            content=body,
            timeout=timeout_of(request),
        )
        return client.send(built, stream=stream)

    def open(self, request: Request) -> Response:
        self.close()
        response = self.stream = self.send(request, stream=True)
        if response.status_code >= 300:
            response.read()
            return response_from(response, response.text)
        self.chunks = response.iter_bytes(CHUNK)
        return response_from(response)


def headers_of(request: Request) -> Mapping[str, str]:
    if isinstance(request.body, Path):
        # A known length, so that a body that is cut short cannot pass for a whole one.
        return {**request.headers, "Content-Length": str(request.body.stat().st_size)}
    return request.headers


def file_chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


async def async_file_chunks(path: Path) -> AsyncIterator[bytes]:
    for chunk in file_chunks(path):
        yield chunk


class AsyncDriver:
    """Carries out commands without blocking the event loop."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.client = httpx2.AsyncClient(**client_options(settings))

    async def close(self) -> None:
        await self.client.aclose()

    async def run(self, steps: Steps[T]) -> T:
        """Return the result of an operation; what it emits is dropped."""
        exchange = AsyncExchange(self)
        answer: Any = None
        try:
            while True:
                try:
                    command = steps.send(answer)
                except StopIteration as stop:
                    result: T = stop.value
                    return result
                answer = await exchange.perform(command)
        finally:
            await exchange.close()
            steps.close()

    async def iterate(self, steps: Steps[Any]) -> AsyncIterator[Any]:
        """Yield what an operation emits."""
        exchange = AsyncExchange(self)
        answer: Any = None
        try:
            while True:
                try:
                    command = steps.send(answer)
                except StopIteration:
                    return
                if isinstance(command, Emit):
                    yield command.value
                    answer = None
                else:
                    answer = await exchange.perform(command)
        finally:
            await exchange.close()
            steps.close()


class AsyncExchange:
    """The commands of one running operation, with its open stream."""

    def __init__(self, driver: AsyncDriver) -> None:
        self.driver = driver
        self.stream: httpx2.Response | None = None
        self.chunks: AsyncIterator[bytes] | None = None

    async def close(self) -> None:
        if self.stream is not None:
            await self.stream.aclose()
            self.stream = None

    async def perform(self, command: Command) -> Any:
        try:
            match command:
                case Attempt():
                    response = await self.send(command.request)
                    await response.aread()
                    return response_from(response, response.text)
                case OpenStream():
                    return await self.open(command.request)
                case ReadStream():
                    return await anext(self.chunks, b"") if self.chunks else b""
                case Sleep():
                    await asyncio.sleep(command.seconds)
                case Emit():
                    pass
        except httpx2.TransportError as error:
            await self.close()
            return failure_from(error)
        return None

    async def send(self, request: Request, *, stream: bool = False) -> httpx2.Response:
        client, settings = self.driver.client, self.driver.settings
        body = async_file_chunks(request.body) if isinstance(request.body, Path) else request.body
        built = client.build_request(
            request.method,
            settings.address(request.path),
            params=request.params,
            headers=headers_of(request),
            content=body,
            timeout=timeout_of(request),
        )
        return await client.send(built, stream=stream)

    async def open(self, request: Request) -> Response:
        await self.close()
        response = self.stream = await self.send(request, stream=True)
        if response.status_code >= 300:
            await response.aread()
            return response_from(response, response.text)
        self.chunks = response.aiter_bytes(CHUNK)
        return response_from(response)
