"""psycopg's connection, with a limit on every wait, and a fast path for prepared statements."""

import math
from functools import cached_property
from typing import Any

import psycopg
from psycopg import abc, pq
from psycopg.adapt import Transformer

from database.columns import Column, ColumnDumper
from database.prepared import Parameters, PreparedStatements, Result

ACTIVE = pq.TransactionStatus.ACTIVE


class BoundedConnection(psycopg.Connection[Any]):
    """A connection that gives up on a server that stops responding, because it hangs or the network is interrupted."""

    wait_timeout = math.inf
    prepared: PreparedStatements | None = None

    @cached_property
    def binary_cursor(self) -> psycopg.Cursor[Any]:
        """A shared cursor, since creating one costs more than running a statement.

        It uses PostgreSQL's binary format: parsing a time from text costs ten times as much.
        """
        cursor = psycopg.Cursor(self)
        cursor.format = pq.Format.BINARY
        cursor.adapters.register_dumper(Column, ColumnDumper)
        return cursor

    @cached_property
    def adapter(self) -> abc.Transformer:
        return Transformer(self)

    @property
    def is_lost(self) -> bool:
        """Whether the server closed the connection while it was idle.

        Reading directly costs less than polling first, which releases the GIL. The second read notices the end of the
        stream after the server's last message.
        """
        try:
            self.pgconn.consume_input()
            self.pgconn.consume_input()
        except psycopg.OperationalError:
            return True
        return self.closed

    def run(self, statement: str, parameters: Parameters) -> Result:
        """Run one statement. Raises psycopg.Error."""
        if self.pgconn.transaction_status == ACTIVE:
            # libpq would discard the rest of the other statement's result; psycopg would wait for it forever.
            raise psycopg.ProgrammingError("Another statement is still running on this connection.")
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
                # The rest of the result must not be read as that of a later statement.
                self.close()
            raise
