"""Methods made from operations: the same operation as a blocking method of one class and an async one of another."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import update_wrapper
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar, overload

from datasets_client._commands import Steps
from datasets_client._drivers import AsyncDriver, Driver

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
Self = TypeVar("Self")
Operation = Callable[Concatenate[Any, P], Steps[R]]


class BlockingFace(Protocol):
    """An object whose operations a blocking driver runs; `_subject` is what they work on."""

    @property
    def _driver(self) -> Driver: ...

    @property
    def _subject(self) -> Any: ...


class AsyncFace(Protocol):
    """An object whose operations an async driver runs."""

    @property
    def _driver(self) -> AsyncDriver: ...

    @property
    def _subject(self) -> Any: ...


def as_it_is(_: Any, result: Any) -> Any:
    return result


class Blocking(Generic[P, T]):
    """A blocking method."""

    def __init__(self, operation: Operation[P, Any], wrap: Callable[[Any, Any], Any]) -> None:
        self.operation, self.wrap = operation, wrap
        self.__doc__ = operation.__doc__

    @overload
    def __get__(self, face: None, owner: type) -> Blocking[P, T]: ...

    @overload
    def __get__(self, face: BlockingFace, owner: type) -> Callable[P, T]: ...

    def __get__(self, face: BlockingFace | None, owner: type) -> Blocking[P, T] | Callable[P, T]:
        if face is None:
            return self

        def method(*args: P.args, **kwargs: P.kwargs) -> T:
            result: T = self.wrap(face, face._driver.run(self.operation(face._subject, *args, **kwargs)))
            return result

        return update_wrapper(method, self.operation)


class Awaiting(Generic[P, T]):
    """An async method."""

    def __init__(self, operation: Operation[P, Any], wrap: Callable[[Any, Any], Any]) -> None:
        self.operation, self.wrap = operation, wrap
        self.__doc__ = operation.__doc__

    @overload
    def __get__(self, face: None, owner: type) -> Awaiting[P, T]: ...

    @overload
    def __get__(self, face: AsyncFace, owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...

    def __get__(self, face: AsyncFace | None, owner: type) -> Awaiting[P, T] | Callable[P, Coroutine[Any, Any, T]]:
        if face is None:
            return self

        async def method(*args: P.args, **kwargs: P.kwargs) -> T:
            result: T = self.wrap(face, await face._driver.run(self.operation(face._subject, *args, **kwargs)))
            return result

        return update_wrapper(method, self.operation)


def blocking(operation: Callable[Concatenate[Any, P], Steps[T]]) -> Blocking[P, T]:
    """Return a method that runs an operation and returns its result."""
    return Blocking(operation, as_it_is)


def blocking_as(operation: Callable[Concatenate[Any, P], Steps[R]], wrap: Callable[[Any, R], T]) -> Blocking[P, T]:
    """Return a method that runs an operation and wraps its result."""
    return Blocking(operation, wrap)


def awaiting(operation: Callable[Concatenate[Any, P], Steps[T]]) -> Awaiting[P, T]:
    """Return an async method that runs an operation and returns its result."""
    return Awaiting(operation, as_it_is)


def awaiting_as(operation: Callable[Concatenate[Any, P], Steps[R]], wrap: Callable[[Any, R], T]) -> Awaiting[P, T]:
    """Return an async method that runs an operation and wraps its result."""
    return Awaiting(operation, wrap)
