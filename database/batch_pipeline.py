"""Runs statements that write many rows, each while Python makes the rows of the next one."""

import time
from contextlib import suppress
from types import TracebackType
from typing import Self

from django.db import Error

from database.prepared import Parameters
from database.query import execute, get_connection, record
from database.routers import current_route


class BatchPipeline:
    """A block in a transaction that has begun; it runs no other statements.

        with BatchPipeline() as pipeline:
            for batch in batches:
                pipeline.execute(STATEMENT, parameters_of(batch))

    A statement's error is raised by the next call, or at the end of the block. No statement outlives the block, so that
    the transaction can be rolled back. Recorded durations are those of the waits.
    """

    def __init__(self) -> None:
        self.connection = get_connection(current_route.alias)
        self.prepared = self.connection.connection.prepared
        # The statement that runs, and the seconds that sending it took.
        self.sent: tuple[str, float] | None = None

    def execute(self, statement: str, parameters: Parameters) -> None:
        if self.prepared is None or not self.prepared.can_run:
            execute(statement, parameters)
            return
        with self.connection.wrap_database_errors:
            encoded = self.prepared.encode(statement, parameters)
            self.wait()
            start = time.perf_counter()
            self.prepared.send(encoded)
            self.sent = statement, time.perf_counter() - start

    def wait(self) -> None:
        if self.sent is None:
            return
        (statement, seconds), self.sent = self.sent, None
        start, count = time.perf_counter() - seconds, 0
        try:
            with self.connection.wrap_database_errors:
                count = self.prepared.receive().count
        finally:
            record(self.connection, statement, start, count)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        if kind is None:
            self.wait()
        else:
            # The block's own error came first.
            with suppress(Error):
                self.wait()
