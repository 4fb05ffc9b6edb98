"""Validator processes, which check values against schemas: started on demand and kept for later requests."""

import atexit
import logging
import selectors
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, NamedTuple

import orjson

from items.validation_budget import Budget, current_budget
from rest.database_errors import Failure
from rest.errors import ServiceUnavailable

logger = logging.getLogger("items.validation")

WORKER_FILE = Path(__file__).with_name("worker.py")
# Running at once. Each uses one processor, and memory up to the bound in worker.py.
MAX_VALIDATORS = 4
# Kept running for their next task.
MAX_IDLE_VALIDATORS = 2
# The longest wait of a request for a validator, as in the server's queue.
WAIT_SECONDS = 10.0
# A validator that holds more after a task is replaced: it never gives memory back.
MAX_IDLE_BYTES = 256 * 1024 * 1024
# Time to respond beyond the allowed processor time, for a machine that is busy with other things.
RESPONSE_SECONDS = 20.0
BUSY = Failure("validation_busy", "Too many items are being checked against schemas. Please try again.", 2)


class RawViolation(NamedTuple):
    """The place where a value does not fit its schema, and the reason."""

    path: list[str | int]
    detail: str


class InvalidSchema(Exception):
    def __init__(self, path: list[str | int], detail: str) -> None:
        super().__init__(detail)
        self.path = path
        self.detail = detail


class ValidationTimeout(Exception):
    """The validator ran out of time or memory, or the request's budget is spent."""


class Task(NamedTuple):
    """Values to check against a schema, all as JSON text, and the seconds that this may take."""

    schema: str
    values: Sequence[str]
    seconds: float

    @property
    def size(self) -> tuple[int, int]:
        return len(self.values), sum(map(len, self.values))


class ValidatorProcess:
    """A process that runs worker.py. It serves one thread at a time."""

    def __init__(self) -> None:
        # Isolated from the service's folder and environment; it needs neither.
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", str(WORKER_FILE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def request(self, tasks: Sequence[Task]) -> Any:
        """Send tasks and return the response. Raises ValidationTimeout and ServiceUnavailable, having closed itself."""
        assert self.process.stdin  # noqa: S101
        assert self.process.stdout  # noqa: S101
        try:
            self.process.stdin.write(orjson.dumps([tuple(task) for task in tasks]) + b"\n")
            self.process.stdin.flush()
            self.await_response(5 * sum(task.seconds for task in tasks) + RESPONSE_SECONDS)
            if response := self.process.stdout.readline():
                return orjson.loads(response)
        except BrokenPipeError:
            pass
        self.close()
        if self.process.returncode < 0:
            raise ValidationTimeout
        logger.error("A schema validator ended by itself, with %s.", self.process.returncode)
        raise ServiceUnavailable

    def await_response(self, seconds: float) -> None:
        """Wait for the response, one line written at once; kill the process if it does not come."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)  # type: ignore[arg-type]
            if not selector.select(seconds):
                self.process.kill()

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
        self.slots = BoundedSemaphore(MAX_VALIDATORS)

    def request(self, tasks: Sequence[Task]) -> Any:
        """Raises ValidationTimeout, and ServiceUnavailable if no validator is free in time."""
        if not self.slots.acquire(timeout=WAIT_SECONDS):
            raise ServiceUnavailable(BUSY)
        try:
            return self.request_from_any(tasks)
        finally:
            self.slots.release()

    def request_from_any(self, tasks: Sequence[Task]) -> Any:
        """Use an idle validator; if it ended for another reason than this task, start a new one."""
        try:
            validator = self.idle.pop()
        except IndexError:
            return self.request_from_new(tasks)
        try:
            return self.request_from(validator, tasks)
        except ValidationTimeout:
            if validator.timed_out:
                raise
            return self.request_from_new(tasks)

    def request_from_new(self, tasks: Sequence[Task]) -> Any:
        try:
            validator = ValidatorProcess()
        except OSError as error:
            logger.exception("A schema validator cannot be started.")
            raise ServiceUnavailable from error
        return self.request_from(validator, tasks)

    def request_from(self, validator: ValidatorProcess, tasks: Sequence[Task]) -> Any:
        response = validator.request(tasks)
        if len(self.idle) < MAX_IDLE_VALIDATORS and response["memory"] <= MAX_IDLE_BYTES:
            self.idle.append(validator)
        else:
            validator.close()
        return response

    def close(self) -> None:
        while self.idle:
            self.idle.pop().close()


validator_pool = ValidatorPool()
atexit.register(validator_pool.close)


def validate_values(tasks: Iterable[tuple[str, Sequence[str]]]) -> list[dict[int, RawViolation]]:
    """Return, for each schema with its values, the violations by the index of the value.

    Spends the request's budget. Raises InvalidSchema and ValidationTimeout.
    """
    budget = current_budget.get() or Budget()
    limited = [limit_task(budget, schema, values) for schema, values in tasks]
    try:
        response = validator_pool.request(limited)
    except ValidationTimeout:
        for task in limited:
            budget.spend(task.seconds, *task.size)
        raise
    for task, seconds in zip(limited, response["seconds"], strict=True):
        budget.spend(seconds, *task.size)
    return [parse_report(report) for report in response["reports"]]


def limit_task(budget: Budget, schema: str, values: Sequence[str]) -> Task:
    seconds = budget.grant(len(values), sum(map(len, values)))
    if not seconds:
        raise ValidationTimeout
    return Task(schema, values, seconds)


def parse_report(report: Any) -> dict[int, RawViolation]:
    if isinstance(report, dict):
        raise InvalidSchema(report["path"], report["detail"])
    return {index: RawViolation(path, detail) for index, path, detail in report}
