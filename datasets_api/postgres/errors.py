"""Errors of the embedded PostgreSQL, with messages for the command's user."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class PostgresError(RuntimeError):
    """The embedded PostgreSQL cannot be used. The message says why, and what to do."""


class DataDirInUse(PostgresError):
    """Another process owns the data folder."""

    def __init__(self, data_dir: Path, pid: int | None) -> None:
        process = "another process" if pid is None else f"process {pid}"
        super().__init__(f"{data_dir} is in use by {process}: stop it, or set DATA_DIR to another folder.")


@contextmanager
def explain_os_errors(data_dir: Path) -> Iterator[None]:
    """Turn OSError into PostgresError."""
    try:
        yield
    except OSError as error:
        raise PostgresError(f"{data_dir} cannot be used: {error}. Set DATA_DIR to a folder of your own.") from error
