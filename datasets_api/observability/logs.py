"""Log formatters: text for a terminal, or one JSON object a line for a collector; both include the request's id.

No line contains content, a key, a query string or a body. Messages of exceptions often do (PostgreSQL quotes the value
that it rejects), so only those that Python makes of names in the code are logged.
"""

import logging
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from pythonjsonlogger.orjson import OrjsonFormatter

from database.passwords import mask_passwords
from rest.request_ids import current_request_id

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
SAFE_MESSAGE_TYPES = (AttributeError, ImportError, MemoryError, NameError, RecursionError)
# The attributes of a record that the caller did not add.
STANDARD_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "exc_text"}


class RequestFilter(logging.Filter):
    """Adds the request's id to each record; filters out nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        request_id = current_request_id.get()
        if request_id and not hasattr(record, "request_id"):
            record.request_id = request_id
        return True


class TextFormatter(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  logging's own
        added = (f"{name}={value}" for name, value in vars(record).items() if name not in STANDARD_FIELDS)
        return " ".join((super().formatMessage(record), *added))

    def format(self, record: logging.LogRecord) -> str:
        return mask_passwords(super().format(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802  logging's own
        return format_traceback(ei)


class JSONFormatter(OrjsonFormatter):
    def __init__(self) -> None:
        renamed = {"levelname": "level", "name": "logger", "exc_info": "traceback"}
        super().__init__(["levelname", "name", "message"], rename_fields=renamed, timestamp="time")

    def format(self, record: logging.LogRecord) -> str:
        return mask_passwords(super().format(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802  logging's own
        return format_traceback(ei)


def format_traceback(info: ExcInfo) -> str:
    """Format a traceback like Python does, with the root cause first, but with safe messages."""
    return "\n".join(part.rstrip("\n") for each in exception_chain(info[1]) for part in traceback_parts(each))


def exception_chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found[::-1]


def traceback_parts(error: BaseException) -> Iterator[str]:
    yield "Traceback (most recent call last):"
    yield from traceback.format_tb(error.__traceback__)
    yield safe_message(error)


def safe_message(error: BaseException) -> str:
    """Return the exception's type, with its message or SQLSTATE if that is safe to log."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(error, SAFE_MESSAGE_TYPES):
        return f"{name}: {error}"
    if state := getattr(error, "sqlstate", None):
        return f"{name}: SQLSTATE {state}"
    return name
