"""Runs prepared statements with libpq's own calls: psycopg's cursor takes 50 % longer for a small statement.

psycopg still adapts values, loads rows and creates errors. Only its general handling of all kinds of statements is
skipped.
"""

import functools
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import psycopg
from psycopg import abc, pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.generators import execute, fetch_many, send
from psycopg.types.numeric import Int8BinaryDumper, Int8Dumper

from database.columns import Column, ColumnDumper
from database.watchdog import PendingStatement

Parameters = Mapping[str, Any] | Sequence[Any]
Row = tuple[Any, ...]

PLACEHOLDER = re.compile(r"%(?:%|\((\w+)\)s|s)")
# Each prepared statement takes PostgreSQL's memory in each connection.
MAX_PREPARED = 100
DONE = {pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK}
BINARY = pq.Format.BINARY


class Result:
    """The result of a statement. Rows are loaded on demand, until the connection runs its next statement."""

    __slots__ = ("adapter", "raw")

    def __init__(self, raw: pq.abc.PGresult, adapter: abc.Transformer) -> None:
        self.raw, self.adapter = raw, adapter

    @property
    def count(self) -> int:
        """The number of rows read or written."""
        return self.raw.command_tuples or 0

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [(self.raw.fname(index) or b"").decode() for index in range(self.raw.nfields)]

    @property
    def rows(self) -> list[Row]:
        self.adapter.set_pgresult(self.raw)
        return self.adapter.load_rows(0, self.raw.ntuples, tuple)


class CompiledStatement(NamedTuple):
    """A statement in PostgreSQL's syntax, and the names of its parameters in order; none for positional ones."""

    sql: bytes
    names: tuple[str, ...]
    formats: list[PyFormat]

    def values(self, parameters: Parameters) -> Sequence[Any]:
        if self.names:
            return [parameters[name] for name in self.names]  # type: ignore[call-overload]  # named ones are a mapping
        return parameters if self.formats else ()  # type: ignore[return-value]  # positional ones are a sequence


@functools.lru_cache(maxsize=1000)
def compile_statement(statement: str) -> CompiledStatement:
    numbers: dict[str, int] = {}

    def number_placeholder(match: re.Match[str]) -> str:
        if match[0] == "%%":
            return "%"
        return f"${numbers.setdefault(match[1] or f'#{len(numbers)}', len(numbers) + 1)}"

    sql = PLACEHOLDER.sub(number_placeholder, statement).encode()
    names = tuple(name for name in numbers if not name.startswith("#"))
    return CompiledStatement(sql, names, [PyFormat.AUTO] * len(numbers))


class EncodedStatement(NamedTuple):
    """A statement with the values of its parameters."""

    statement: str
    compiled: CompiledStatement
    values: Sequence[abc.Buffer | None]
    types: tuple[int, ...]
    formats: Sequence[pq.Format]


class PreparedStatements:
    """The prepared statements of one connection, which only one thread uses."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        self.pgconn = connection.pgconn
        self.adapter: abc.Transformer = Transformer(with_bigints(connection))
        # By text and types, the least recently used first.
        self.names: OrderedDict[tuple[str, tuple[int, ...]], bytes] = OrderedDict()
        self.created = 0
        self.wait = PendingStatement(self.pgconn)

    @property
    def can_run(self) -> bool:
        """Whether no transaction has to be started first, which psycopg does with the first statement."""
        return self.connection.autocommit or self.pgconn.transaction_status != pq.TransactionStatus.IDLE

    def run(self, statement: str, parameters: Parameters, *, wait_timeout: float) -> Result:
        """Run a statement, and prepare it on first use. `wait_timeout` is in seconds. Raises psycopg.Error."""
        compiled, adapter = compile_statement(statement), self.adapter
        values = adapter.dump_sequence(compiled.values(parameters), compiled.formats)
        name = self._name_of(statement, compiled, adapter.types or ())
        self.wait.begin(wait_timeout)
        try:
            # Returns the last result: rows arrive before the commit, which may still fail.
            raw = self.pgconn.exec_prepared(name, values, adapter.formats, BINARY)  # type: ignore[arg-type]  # may be None
        finally:
            self.wait.end()
        if raw.status not in DONE:
            raise self._error(raw)
        return Result(raw, adapter)

    def encode(self, statement: str, parameters: Parameters) -> EncodedStatement:
        compiled, adapter = compile_statement(statement), self.adapter
        values = adapter.dump_sequence(compiled.values(parameters), compiled.formats)
        return EncodedStatement(statement, compiled, values, adapter.types or (), adapter.formats or ())

    def send(self, encoded: EncodedStatement) -> None:
        """Start a statement. receive() must come before any other use of the connection. Raises psycopg.Error."""
        name = self._name_of(encoded.statement, encoded.compiled, encoded.types)
        self.pgconn.send_query_prepared(name, encoded.values, encoded.formats, BINARY)
        self.connection.wait(send(self.pgconn))

    def receive(self) -> Result:
        """Wait for the end of the statement that was sent. Raises psycopg.Error."""
        raw = self.connection.wait(fetch_many(self.pgconn))[-1]
        if raw.status not in DONE:
            raise self._error(raw)
        return Result(raw, self.adapter)

    def _name_of(self, statement: str, compiled: CompiledStatement, types: tuple[int, ...]) -> bytes:
        key = statement, types
        name = self.names.get(key)
        if name is not None:
            self.names.move_to_end(key)
            return name
        if len(self.names) >= MAX_PREPARED:
            _, oldest = self.names.popitem(last=False)
            # Closed by a protocol message: PgBouncer renames prepared statements, so that DEALLOCATE would fail.
            self.pgconn.send_close_prepared(oldest)
            self._finish()
        self.created += 1
        name = b"prepared_%d" % self.created
        self.pgconn.send_prepare(name, compiled.sql, types)
        self._finish()
        self.names[key] = name
        return name

    def _finish(self) -> None:
        for raw in self.connection.wait(execute(self.pgconn)):
            if raw.status not in DONE:
                raise self._error(raw)

    def _error(self, raw: pq.abc.PGresult) -> psycopg.Error:
        """Return the server's error, or a connection error and close the connection.

        An error without an SQLSTATE comes from libpq and concerns the connection, even if its status still looks good:
        sending can fail while a warning is left to read.
        """
        error = error_from_result(raw)
        if error.sqlstate and self.pgconn.status == pq.ConnStatus.OK:
            return error
        self.connection.close()
        if self.wait.timed_out:
            return psycopg.OperationalError("The server stopped responding.")
        return error if error.sqlstate else psycopg.OperationalError(str(error) or "The connection was lost.")


def with_bigints(connection: psycopg.Connection[Any]) -> abc.AdaptContext:
    """Send every integer as bigint.

    psycopg picks the smallest type for each integer, and would prepare a statement for each of them.
    """
    context = psycopg.Cursor(connection)
    context.adapters.register_dumper(Column, ColumnDumper)
    for dumper in (Int8Dumper, Int8BinaryDumper):  # for lists; for single values
        context.adapters.register_dumper(int, dumper)
    return context
