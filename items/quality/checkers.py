"""The checkers of this process: programs that check values against schemas, started when needed and kept for later."""

import atexit
import logging
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from rest.errors import ServiceUnavailable

logger = logging.getLogger("items.quality")

PROGRAM = Path(__file__).with_name("checker.py")
# As many as wait for their next task; more are started when more requests check at once.
KEPT_CHECKERS = 2


class Misplaced(NamedTuple):
    """Where a value does not fit its schema, and why."""

    path: list[str | int]
    detail: str


class InvalidSchema(Exception):
    def __init__(self, path: list[str | int], detail: str) -> None:
        super().__init__(detail)
        self.path = path
        self.detail = detail


class TooCostly(Exception):
    """The checker ended: its time or its memory was up."""


class Checker:
    """One such program. It serves one thread at a time."""

    def __init__(self) -> None:
        # Isolated from the service's folder and variables; it needs neither.
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", str(PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def ask(self, message: bytes) -> Any:
        """Raises TooCostly and ServiceUnavailable; the checker is gone then."""
        assert self.process.stdin  # noqa: S101
        assert self.process.stdout  # noqa: S101
        try:
            self.process.stdin.write(message + b"\n")
            self.process.stdin.flush()
            if answer := self.process.stdout.readline():
                return orjson.loads(answer)
        except BrokenPipeError:
            pass
        self.close()
        if self.process.returncode < 0:
            raise TooCostly
        logger.error("A checker of schemas ended by itself, with %s.", self.process.returncode)
        raise ServiceUnavailable

    @property
    def ran_out_of_time(self) -> bool:
        return self.process.returncode == -signal.SIGPROF

    def close(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                assert pipe  # noqa: S101
                pipe.close()
            except BrokenPipeError:
                pass
        self.process.wait()


class Checkers:
    def __init__(self) -> None:
        self.waiting: list[Checker] = []

    def ask(self, message: bytes) -> Any:
        """A checker that waited may have ended of something else: then a new one is asked. Raises TooCostly."""
        try:
            checker = self.waiting.pop()
        except IndexError:
            return self.ask_new(message)
        try:
            return self.ask_one(checker, message)
        except TooCostly:
            if checker.ran_out_of_time:
                raise
            return self.ask_new(message)

    def ask_new(self, message: bytes) -> Any:
        try:
            checker = Checker()
        except OSError as error:
            logger.exception("A checker of schemas cannot be started.")
            raise ServiceUnavailable from error
        return self.ask_one(checker, message)

    def ask_one(self, checker: Checker, message: bytes) -> Any:
        answer = checker.ask(message)
        if len(self.waiting) < KEPT_CHECKERS:
            self.waiting.append(checker)
        else:
            checker.close()
        return answer

    def close(self) -> None:
        while self.waiting:
            self.waiting.pop().close()


checkers = Checkers()
atexit.register(checkers.close)


def find_misfits(tasks: Iterable[tuple[str, Sequence[str]]]) -> list[dict[int, Misplaced]]:
    """For each schema with its values, the misfits by the index of the value. Raises InvalidSchema and TooCostly."""
    return [misfits_in(answer) for answer in checkers.ask(orjson.dumps(list(tasks)))]


def misfits_in(answer: Any) -> dict[int, Misplaced]:
    if isinstance(answer, dict):
        raise InvalidSchema(answer["path"], answer["detail"])
    return {index: Misplaced(path, detail) for index, path, detail in answer}
