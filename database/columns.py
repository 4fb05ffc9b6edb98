"""Many rows as parameters of one statement: an array for each column, in PostgreSQL's binary format.

An INSERT … SELECT from arrays takes the place of a COPY, which Citus commits in two phases. psycopg would look at the
type of each value of a list, which takes several times as long.
"""

import struct
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import chain
from operator import attrgetter
from typing import Any, ClassVar

import psycopg
from psycopg import pq
from psycopg.adapt import Dumper

LENGTH = struct.Struct("!i").pack
NULL = LENGTH(-1)
# Dimensions, whether there are NULLs, the type of the values, their number, and the index of the first.
HEADER = struct.Struct("!iiIii").pack
INTEGER = struct.Struct("!ii").pack
BIGINT = struct.Struct("!iq").pack
LENGTH_OF_UUID, BYTES_OF_UUID = LENGTH(16), attrgetter("bytes")
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
BOOLEANS = {None: NULL, False: LENGTH(1) + b"\0", True: LENGTH(1) + b"\1"}


class Column(list[Any]):
    """Values of one type; any may be None, but for UUIDs."""

    type_name: ClassVar[str]

    def encode(self) -> bytes:
        """Return the values, each with its length before it."""
        raise NotImplementedError


class TextColumn(Column):
    type_name = "text"

    def encode(self) -> bytes:
        if None in self:
            texts = [None if value is None else value.encode() for value in self]
            return b"".join([NULL if text is None else LENGTH(len(text)) + text for text in texts])
        # Twice as fast, and the usual case.
        encoded = list(map(str.encode, self))
        return b"".join(chain.from_iterable(zip(map(LENGTH, map(len, encoded)), encoded, strict=True)))


class JSONColumn(TextColumn):
    """JSON as text."""

    type_name = "json"


class UUIDColumn(Column):
    type_name = "uuid"

    def encode(self) -> bytes:
        return LENGTH_OF_UUID.join([b"", *map(BYTES_OF_UUID, self)])


class IntegerColumn(Column):
    type_name = "int4"

    def encode(self) -> bytes:
        return b"".join([NULL if value is None else INTEGER(4, value) for value in self])


class BigintColumn(Column):
    type_name = "int8"

    def encode(self) -> bytes:
        return b"".join([NULL if value is None else BIGINT(8, value) for value in self])


class TimeColumn(Column):
    type_name = "timestamptz"

    def encode(self) -> bytes:
        return BigintColumn(None if value is None else (value - EPOCH) // MICROSECOND for value in self).encode()


class BooleanColumn(Column):
    type_name = "bool"

    def encode(self) -> bytes:
        return b"".join(map(BOOLEANS.__getitem__, self))


class ColumnDumper(Dumper):
    """Without a type of its own, so that a column and NULL for one are the same prepared statement."""

    format = pq.Format.BINARY

    def dump(self, obj: Column) -> bytes:
        oid = psycopg.adapters.types[obj.type_name].oid
        return HEADER(1, 1, oid, len(obj), 1) + obj.encode()


Kinds = Mapping[str, type[Column]]


def arrays_sql(kinds: Kinds) -> str:
    """Return the arguments of unnest for the columns."""
    return ", ".join(f"%({name})s::{kind.type_name}[]" for name, kind in kinds.items())


def columns_of(kinds: Kinds, rows: Iterable[tuple[Any, ...]]) -> dict[str, Column | None]:
    """Return parameters for at least one row: a column, or None for one without values."""
    columns = zip(kinds.items(), zip(*rows, strict=True), strict=True)
    return {name: None if values.count(None) == len(values) else kind(values) for (name, kind), values in columns}
