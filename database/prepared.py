"""Runs prepared statements with libpq's own calls: psycopg's cursor takes half as long again to run a small one.

What is psycopg's stays so: how values are adapted, how rows are read, which error a failure is. Left out is what it
does around that for statements of any kind, at each of them.
"""

import functools
import re
import select
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import psycopg
from psycopg import abc, pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.types.numeric import Int8BinaryDumper, Int8Dumper

Parameters = Mapping[str, Any] | Sequence[Any]
Row = tuple[Any, ...]

PLACEHOLDER = re.compile(r"%(?:%|\((\w+)\)s|s)")
# More would cost PostgreSQL memory, in each connection.
MAX_PREPARED = 100
DONE = {pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK}
BINARY = pq.Format.BINARY


class Result:
    """What a statement gave. Rows are made of it when they are asked for, until the connection's next statement."""

    __slots__ = ("adapter", "raw")

    def __init__(self, raw: pq.abc.PGresult, adapter: abc.Transformer) -> None:
        self.raw, self.adapter = raw, adapter

    @property
    def count(self) -> int:
        """How many rows were read or written."""
        return self.raw.command_tuples or 0

    @property
    def rows(self) -> list[Row]:
        self.adapter.set_pgresult(self.raw)
        return self.adapter.load_rows(0, self.raw.ntuples, tuple)


class Text(NamedTuple):
    """A statement as PostgreSQL takes it, and where its values come from: names, or none for a sequence."""

    sql: bytes
    names: tuple[str, ...]
    formats: list[PyFormat]

    def values(self, parameters: Parameters) -> Sequence[Any]:
        return [parameters[name] for name in self.names] if isinstance(parameters, Mapping) else parameters


@functools.lru_cache(maxsize=1000)
def text_of(statement: str) -> Text:
    numbers: dict[str, int] = {}

    def numbered(match: re.Match[str]) -> str:
        if match[0] == "%%":
            return "%"
        return f"${numbers.setdefault(match[1] or f'#{len(numbers)}', len(numbers) + 1)}"

    sql = PLACEHOLDER.sub(numbered, statement).encode()
    names = tuple(name for name in numbers if not name.startswith("#"))
    return Text(sql, names, [PyFormat.AUTO] * len(numbers))


class PreparedStatements:
    """Of one connection, which one thread uses."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        self.pgconn = connection.pgconn
        self.adapter: abc.Transformer = Transformer(with_bigints(connection))
        # By text and types, the one used longest ago first.
        self.names: OrderedDict[tuple[str, tuple[int, ...]], bytes] = OrderedDict()
        self.made = 0
        self.readable = polling(self.pgconn, select.POLLIN)

    @property
    def can_run(self) -> bool:
        """Not where a transaction is still to be begun, which psycopg does with its first statement."""
        return self.connection.autocommit or self.pgconn.transaction_status != pq.TransactionStatus.IDLE

    def run(self, statement: str, parameters: Parameters, *, patience: float | None) -> Result:
        """Waits for so many seconds at most, each time that the server is silent. Raises psycopg.Error."""
        try:
            return self._run(statement, parameters, None if patience is None else patience * 1000)
        except BaseException:
            if self.pgconn.transaction_status == pq.TransactionStatus.ACTIVE:
                # What it will still say belongs to nobody.
                self.connection.close()
            raise

    def _run(self, statement: str, parameters: Parameters, patience: float | None) -> Result:
        text, adapter = text_of(statement), self.adapter
        values = adapter.dump_sequence(text.values(parameters), text.formats)
        name = self._name_of(statement, text, adapter.types or (), patience)
        self.pgconn.send_query_prepared(name, values, adapter.formats, BINARY)
        return Result(self._result(patience), adapter)

    def _name_of(self, statement: str, text: Text, types: tuple[int, ...], patience: float | None) -> bytes:
        key = statement, types
        name = self.names.get(key)
        if name is not None:
            self.names.move_to_end(key)
            return name
        if len(self.names) >= MAX_PREPARED:
            _, oldest = self.names.popitem(last=False)
            # By the protocol's own message: a PgBouncer, which has other names for them, understands no DEALLOCATE.
            self.pgconn.send_close_prepared(oldest)
            self._result(patience)
        self.made += 1
        name = b"prepared_%d" % self.made
        self.pgconn.send_prepare(name, text.sql, types)
        self._result(patience)
        self.names[key] = name
        return name

    def _result(self, patience: float | None) -> pq.abc.PGresult:
        """The statement's, when all has been said: rows come before the commit, which may still fail."""
        pgconn, done, failed = self.pgconn, None, None
        if pgconn.flush():
            self._send_rest(patience)
        while True:
            while pgconn.is_busy():
                if not self.readable.poll(patience):
                    raise silent()
                pgconn.consume_input()
            result = pgconn.get_result()
            if result is None:
                break
            if result.status in DONE:
                done = result
            else:
                failed = failed or result
        if failed or not done:
            raise error_from_result(failed) if failed else psycopg.OperationalError("The server said nothing.")
        return done

    def _send_rest(self, patience: float | None) -> None:
        """Of what is longer than the socket takes; the server may speak meanwhile, and must be heard to go on."""
        either = polling(self.pgconn, select.POLLIN | select.POLLOUT)
        while self.pgconn.flush():
            ready = either.poll(patience)
            if not ready:
                raise silent()
            if ready[0][1] & select.POLLIN:
                self.pgconn.consume_input()


def silent() -> psycopg.OperationalError:
    return psycopg.OperationalError("The server has gone silent.")


def with_bigints(connection: psycopg.Connection[Any]) -> abc.AdaptContext:
    """Of numbers, psycopg sends the smallest type that holds them: a statement would be prepared for each anew."""
    context = psycopg.Cursor(connection)
    for dumper in (Int8Dumper, Int8BinaryDumper):  # in lists; by themselves
        context.adapters.register_dumper(int, dumper)
    return context


def polling(pgconn: pq.abc.PGconn, events: int) -> select.poll:
    poll = select.poll()
    poll.register(pgconn.socket, events)
    return poll
