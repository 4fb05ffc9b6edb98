"""psycopg's connection, with a bound to every wait, and a short way for statements that it has prepared."""

import math
from functools import cached_property
from typing import Any

import psycopg
from psycopg import abc, pq
from psycopg.adapt import Transformer
from psycopg.types.string import ByteaBinaryLoader

from database.prepared import Parameters, PreparedStatements, Result

ACTIVE = pq.TransactionStatus.ACTIVE


class BoundedConnection(psycopg.Connection[Any]):
    """Gives up on a server that has gone silent: one that was halted, or is behind a cut line."""

    wait_timeout = math.inf
    prepared: PreparedStatements | None = None

    @cached_property
    def binary_cursor(self) -> psycopg.Cursor[Any]:
        """One, since making it costs more than to run a statement. Rows come in PostgreSQL's binary format: to read a
        time from its text costs ten times as much."""
        cursor = psycopg.Cursor(self)
        cursor.format = pq.Format.BINARY
        cursor.adapters.register_loader("json", ByteaBinaryLoader)
        return cursor

    @cached_property
    def adapter(self) -> abc.Transformer:
        return Transformer(self.binary_cursor)

    @property
    def is_lost(self) -> bool:
        """Whether the server has gone while nothing was asked of it.

        To read what there is costs less than to ask whether there is anything, which lets other threads go first. What
        a server says last is read before that nothing follows.
        """
        try:
            self.pgconn.consume_input()
            self.pgconn.consume_input()
        except psycopg.OperationalError:
            return True
        return self.closed

    def run(self, statement: str, parameters: Parameters) -> Result:
        """Raises psycopg.Error."""
        if self.pgconn.transaction_status == ACTIVE:
            # Libpq would drop what that one has still to say, psycopg would wait for it for ever.
            raise psycopg.ProgrammingError("Another statement is under way.")
        if self.prepared and self.prepared.can_run:
            return self.prepared.run(statement, parameters, wait_timeout=self.wait_timeout)
        raw = self.binary_cursor.execute(statement, parameters).pgresult
        assert raw is not None  # noqa: S101  it was executed
        return Result(raw, self.adapter)

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        if timeout is None and self.wait_timeout < math.inf:
            timeout = self.wait_timeout
        try:
            return super().wait(gen, interval, timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == ACTIVE:
                # What it will still say belongs to nobody.
                self.close()
            raise
