"""How a line of the log looks: text for a terminal, or one JSON object for a collector; both with the request's id.

No line has content, a key, a query string or a body. The texts of exceptions often do (PostgreSQL quotes the value
that it refuses), so that only those are logged that Python makes of names in the code.
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
# What a record has beside the fields that the caller added.
STANDARD_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "exc_text"}


class RequestFilter(logging.Filter):
    """Drops nothing; adds the id."""

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
    """Like Python's own traceback, the first cause first."""
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
    """The exception's type, with what can be told beside it."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(error, SAFE_MESSAGE_TYPES):
        return f"{name}: {error}"
    if state := getattr(error, "sqlstate", None):
        return f"{name}: SQLSTATE {state}"
    return name
