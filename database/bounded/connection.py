"""psycopg's connection, with a bound to every wait, and a short way for statements that it has prepared."""

from functools import cached_property
from typing import Any

import psycopg
from psycopg import abc
from psycopg.adapt import Transformer

from database.prepared import Parameters, PreparedStatements, Result


class BoundedConnection(psycopg.Connection[Any]):
    """Gives up on a server that has gone silent: one that was halted, or is behind a cut line."""

    patience: float | None = None
    prepared: PreparedStatements | None = None

    @cached_property
    def binary_cursor(self) -> psycopg.Cursor[Any]:
        """One, since making it costs more than to run a statement. Rows come in PostgreSQL's binary format: to read a
        time from its text costs ten times as much."""
        cursor = psycopg.Cursor(self)
        cursor.format = psycopg.pq.Format.BINARY
        return cursor

    @cached_property
    def adapter(self) -> abc.Transformer:
        return Transformer(self)

    def run(self, statement: str, parameters: Parameters) -> Result:
        """Raises psycopg.Error."""
        if self.prepared and self.prepared.can_run:
            return self.prepared.run(statement, parameters, patience=self.patience)
        raw = self.binary_cursor.execute(statement, parameters).pgresult
        assert raw is not None  # noqa: S101  it was executed
        return Result(raw, self.adapter)

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:
                # What it will still say belongs to nobody.
                self.close()
            raise
