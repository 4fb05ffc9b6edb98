"""Records the statements that the service sends during tests, in this process and in its child processes.

Recording happens in psycopg's cursors and in database.prepared, which all statements pass through. A statement is
recorded with its values in the text, once for each set of parameters that are empty or not: with an empty one,
PostgreSQL may omit a part of the plan.
"""

import json
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from psycopg.types.uuid import UUIDDumper

from database.prepared import PreparedStatements
from tests.scaling.tables import NAMES_A_TEAM_OWNED_TABLE

PROJECT_DIR = Path(__file__).resolve().parent.parent.parent
# Names the folder in which each process, including child processes, writes its own file.
VARIABLE = "STATEMENTS_FOLDER"
ROOT = str(PROJECT_DIR) + os.sep
# Modules that send statements for others.
BETWEEN = (
    "database/query.py", "database/query_stats.py", "database/prepared.py", "database/backend/connection.py",
    "tests/scaling/recording.py", ".venv/", ".pythons/",
)  # fmt: skip
# Migrations concern whole tables.
MIGRATIONS = f"{os.sep}django{os.sep}db{os.sep}migrations{os.sep}"
NOT_THE_SERVICE = ("tests/", "benchmarks/", "examples/")
# Irrelevant differences between statements: the length of lists, and numbers that Django writes in the text.
LISTS = re.compile(r"%s(?:, %s)+")
NUMBERS = re.compile(r"\b\d+\b")
# This many parameters must be those of a list.
MANY = 40


class Statement(NamedTuple):
    sender: str  # file:function
    text: str


class Recorder:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen: set[Any] = set()
        self.forms: set[Any] = set()
        self.lock = threading.Lock()

    def record(self, cursor: psycopg.Cursor[Any] | PreparedStatements, query: Any, parameters: Any) -> None:
        values = tuple(parameters.values() if isinstance(parameters, dict) else parameters or ())
        shape = tuple(not value for value in values)
        if not isinstance(query, str) or (query, shape) in self.seen or not NAMES_A_TEAM_OWNED_TABLE.search(query):
            return
        sender = sender_of(sys._getframe(2))  # noqa: SLF001  the documented way to find the caller
        if sender is None:
            return
        form = NUMBERS.sub("0", LISTS.sub("%s…", query)), shape if len(shape) < MANY else ()
        with self.lock:
            self.seen.add((query, shape))
            if form not in self.forms:
                self.forms.add(form)
                self.keep(sender, with_values(cursor.connection, query, parameters))

    def keep(self, sender: str, text: str) -> None:
        with Path(self.folder, f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(Statement(sender, text)) + "\n")


def with_values(connection: psycopg.Connection[Any], query: str, parameters: Any) -> str:
    cursor = psycopg.ClientCursor(connection)
    cursor.adapters.register_dumper("uuid_utils.UUID", UUIDDumper)
    return cursor.mogrify(query, parameters)


def sender_of(frame: Any) -> str | None:
    """Return the nearest caller in this repository's code, or None for a test or a migration."""
    while frame is not None:
        file = frame.f_code.co_filename
        if MIGRATIONS in file:
            return None
        if file.startswith(ROOT):
            name = file.removeprefix(ROOT).replace(os.sep, "/")
            if not name.startswith(BETWEEN):
                return None if name.startswith(NOT_THE_SERVICE) else f"{name}:{frame.f_code.co_name}"
        frame = frame.f_back
    return None


def begin() -> None:
    """Start recording; called once per process, and only during tests."""
    if VARIABLE not in os.environ:
        return
    recorder = Recorder(Path(os.environ[VARIABLE]))
    watched = (
        (psycopg.Cursor, "execute"), (psycopg.Cursor, "copy"), (psycopg.ServerCursor, "execute"),
        (PreparedStatements, "run"),
    )  # fmt: skip
    for kind, name in watched:
        setattr(kind, name, recording(recorder, getattr(kind, name)))
    psycopg.Cursor.executemany = recording_each(recorder, psycopg.Cursor.executemany)  # type: ignore[method-assign]


def recording(recorder: Recorder, send: Callable[..., Any]) -> Callable[..., Any]:
    def record_and_send(cursor: Any, statement: Any, parameters: Any = None, **more: Any) -> Any:
        recorder.record(cursor, statement, parameters)
        return send(cursor, statement, parameters, **more)

    return record_and_send


def recording_each(recorder: Recorder, send: Callable[..., Any]) -> Callable[..., Any]:
    def record_and_send(cursor: Any, statement: Any, sequence: Any, **more: Any) -> Any:
        sequence = list(sequence)
        for parameters in sequence:
            recorder.record(cursor, statement, parameters)
        return send(cursor, statement, sequence, **more)

    return record_and_send


def recorded() -> Iterator[Statement]:
    """Return the statements of all processes so far."""
    for file in sorted(Path(os.environ[VARIABLE]).glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            # A killed process may leave an incomplete line.
            with suppress(json.JSONDecodeError):
                yield Statement(*json.loads(line))
