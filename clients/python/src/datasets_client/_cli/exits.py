"""Exit codes by meaning, and errors as messages."""

from __future__ import annotations

from enum import IntEnum

from datasets_client import _errors as errors
from datasets_client._cli.output import Format, say
from datasets_client._json_text import write_json


class Exit(IntEnum):
    """Why a command ended."""

    OK = 0
    FAILURE = 1
    USAGE = 2
    CONFLICT = 3
    NO_ACCESS = 4
    NETWORK = 5


class UsageError(errors.DatasetsError):
    """The command was not given what it needs."""


class Failed(errors.DatasetsError):
    """The command did its work, and what it found is a failure; it has said so."""


CODES: tuple[tuple[type[BaseException], Exit], ...] = (
    (errors.ConnectionFailed, Exit.NETWORK),
    (errors.ServiceUnavailable, Exit.NETWORK),
    (errors.RateLimited, Exit.NETWORK),
    (errors.AuthenticationFailed, Exit.NO_ACCESS),
    (errors.AccessDenied, Exit.NO_ACCESS),
    (errors.Conflict, Exit.CONFLICT),
    (errors.UnfinishedPush, Exit.CONFLICT),
    (errors.ConfigurationError, Exit.USAGE),
    (errors.AmbiguousName, Exit.USAGE),
    (errors.UnknownParameter, Exit.USAGE),
    (UsageError, Exit.USAGE),
    (errors.DatasetsError, Exit.FAILURE),
    (OSError, Exit.FAILURE),
    (ValueError, Exit.USAGE),
    (TypeError, Exit.USAGE),
    (IndexError, Exit.FAILURE),
    (ImportError, Exit.FAILURE),
)
EXPECTED = (errors.DatasetsError, OSError, ValueError, IndexError, ImportError)


def exit_code(error: BaseException) -> Exit:
    if isinstance(error, errors.RowsRejected) and error.status == 409:
        return Exit.CONFLICT
    return next((code for kind, code in CODES if isinstance(error, kind)), Exit.FAILURE)


def report_error(error: BaseException, output_format: Format) -> None:
    """Print an error on standard error: a line for people, an object where JSON was asked for."""
    if isinstance(error, Failed) and not str(error):
        return
    if output_format in {Format.json, Format.jsonl}:
        say(write_json({"error": error_record(error)}))
        return
    say(f"dsets: {error}")
    for row_error in getattr(error, "errors", [])[:20]:
        say(f"  {row_error}")


def error_record(error: BaseException) -> dict[str, object]:
    """Return an error as programs read it."""
    names = ("status", "code", "attr", "detail", "request_id")
    return {
        "type": type(error).__name__,
        "exit_code": int(exit_code(error)),
        "message": str(error),
        **{name: getattr(error, name) for name in names if hasattr(error, name)},
    }
