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

logger = logging.getLogger("items.validation")

WORKER_FILE = Path(__file__).with_name("worker.py")
# As many as wait for their next task; more are started when more requests check at once.
MAX_IDLE_VALIDATORS = 2


class RawViolation(NamedTuple):
    """Where a value does not fit its schema, and why."""

    path: list[str | int]
    detail: str


class InvalidSchema(Exception):
    def __init__(self, path: list[str | int], detail: str) -> None:
        super().__init__(detail)
        self.path = path
        self.detail = detail


class ValidationTimeout(Exception):
    """The checker ended: its time or its memory was up."""


class ValidatorProcess:
    """One such program. It serves one thread at a time."""

    def __init__(self) -> None:
        # Isolated from the service's folder and variables; it needs neither.
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", str(WORKER_FILE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def request(self, message: bytes) -> Any:
        """Raises TooCostly and ServiceUnavailable; the checker is gone then."""
        assert self.process.stdin  # noqa: S101
        assert self.process.stdout  # noqa: S101
        try:
            self.process.stdin.write(message + b"\n")
            self.process.stdin.flush()
            if report := self.process.stdout.readline():
                return orjson.loads(report)
        except BrokenPipeError:
            pass
        self.close()
        if self.process.returncode < 0:
            raise ValidationTimeout
        logger.error("A checker of schemas ended by itself, with %s.", self.process.returncode)
        raise ServiceUnavailable

    @property
    def timed_out(self) -> bool:
        return self.process.returncode == -signal.SIGPROF

    def close(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                assert pipe  # noqa: S101
                pipe.close()
            except BrokenPipeError:
                pass
        self.process.wait()


class ValidatorPool:
    def __init__(self) -> None:
        self.idle: list[ValidatorProcess] = []

    def request(self, message: bytes) -> Any:
        """A checker that waited may have ended of something else: then a new one is asked. Raises TooCostly."""
        try:
            validator = self.idle.pop()
        except IndexError:
            return self.request_from_new(message)
        try:
            return self.request_from(validator, message)
        except ValidationTimeout:
            if validator.timed_out:
                raise
            return self.request_from_new(message)

    def request_from_new(self, message: bytes) -> Any:
        try:
            validator = ValidatorProcess()
        except OSError as error:
            logger.exception("A checker of schemas cannot be started.")
            raise ServiceUnavailable from error
        return self.request_from(validator, message)

    def request_from(self, validator: ValidatorProcess, message: bytes) -> Any:
        report = validator.request(message)
        if len(self.idle) < MAX_IDLE_VALIDATORS:
            self.idle.append(validator)
        else:
            validator.close()
        return report

    def close(self) -> None:
        while self.idle:
            self.idle.pop().close()


validator_pool = ValidatorPool()
atexit.register(validator_pool.close)


def validate_values(tasks: Iterable[tuple[str, Sequence[str]]]) -> list[dict[int, RawViolation]]:
    """For each schema with its values, the violations by the index of the value. Raises InvalidSchema and TooCostly."""
    return [parse_report(report) for report in validator_pool.request(orjson.dumps(list(tasks)))]


def parse_report(report: Any) -> dict[int, RawViolation]:
    if isinstance(report, dict):
        raise InvalidSchema(report["path"], report["detail"])
    return {index: RawViolation(path, detail) for index, path, detail in report}
