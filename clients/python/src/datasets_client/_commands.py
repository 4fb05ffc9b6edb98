"""The commands that operations give to a driver, and what comes back: plain data, no input or output.

An operation is a generator. It yields commands, gets their results, and returns its own. A driver, blocking or not,
carries the commands out; so each operation is written once.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Request:
    """One HTTP request; `path` is below the project unless it begins with a slash."""

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes | Path | None = None
    read_timeout: float | None = None


@dataclass(frozen=True)
class Response:
    status: int
    headers: Mapping[str, str]
    text: str = ""


@dataclass(frozen=True)
class Failure:
    """The connection failed before or while the response was read."""

    reason: str
    is_permanent: bool = False


@dataclass(frozen=True)
class Attempt:
    """Send a request once. Gives Response or Failure."""

    request: Request


@dataclass(frozen=True)
class OpenStream:
    """Send a request once and leave the body unread. Gives Response (with its text if it is an error) or Failure."""

    request: Request


@dataclass(frozen=True)
class ReadStream:
    """Read on from the open stream. Gives bytes, none at the end, or Failure."""


@dataclass(frozen=True)
class Sleep:
    seconds: float


@dataclass(frozen=True)
class Emit:
    """Hand one result to whoever iterates."""

    value: Any


Command = Attempt | OpenStream | ReadStream | Sleep | Emit
Steps = Generator[Command, Any, T]
