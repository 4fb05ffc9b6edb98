"""Read the page headers of a Parquet file, to know the decompressed sizes before decompressing anything.

The footer's sizes may be wrong, and readers allocate memory by a page's header. Headers use Thrift's compact protocol:
https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md and
https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift (PageHeader).
"""

from collections.abc import Iterator
from typing import IO, Any, NamedTuple

from items.imports.errors import UnreadableFile

HEADER_BYTES = 1024
# The limit of other readers; statistics may contain long values.
MAX_HEADER_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 8

DATA_PAGE, DICTIONARY_PAGE, DATA_PAGE_V2 = 0, 2, 3
# Fields of PageHeader, and its structs whose first field is num_values.
TYPE, UNPACKED, PACKED = 1, 2, 3
VALUE_COUNTS = {5, 7, 8}
# Types of the compact protocol.
TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
DAMAGED_PAGE = "The Parquet file is damaged: the header of a page cannot be read."


class Page(NamedTuple):
    type: int
    unpacked_bytes: int
    packed_bytes: int
    values: int


class HeaderCutShort(Exception):
    """The reader needs more bytes."""


class CompactReader:
    """Reads a struct of numbers, skipping everything else."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def byte(self) -> int:
        if self.position >= len(self.data):
            raise HeaderCutShort
        self.position += 1
        return self.data[self.position - 1]

    def varint(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7
            if shift > 63:
                raise UnreadableFile(DAMAGED_PAGE)

    def number(self) -> int:
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def skip_bytes(self, count: int) -> None:
        self.position += count
        if self.position > len(self.data):
            raise HeaderCutShort

    def struct(self, depth: int = 0) -> dict[int, Any]:
        """Return its numbers and structs by field number."""
        if depth > MAX_DEPTH:
            raise UnreadableFile(DAMAGED_PAGE)
        fields: dict[int, Any] = {}
        field = 0
        while head := self.byte():
            delta, type_ = head >> 4, head & 0x0F
            field = field + delta if delta else self.number()
            fields[field] = self.value(type_, depth)
        return fields

    def value(self, type_: int, depth: int) -> Any:
        if type_ in {TRUE, FALSE}:
            return type_ == TRUE
        if type_ in {I16, I32, I64}:
            return self.number()
        if type_ == STRUCT:
            return self.struct(depth + 1)
        if type_ == BYTE:
            return self.byte()
        if type_ == DOUBLE:
            return self.skip_bytes(8)
        if type_ == BINARY:
            return self.skip_bytes(self.varint())
        raise UnreadableFile(DAMAGED_PAGE)  # page headers contain no lists or maps


def read_pages(file: IO[bytes], start: int, length: int) -> Iterator[Page]:
    """Yield the pages of the column chunk at these bytes. Raises UnreadableFile."""
    end = start + length
    while start < end:
        fields, header_length = read_header(file, start, end)
        page = make_page(fields)
        start += header_length + page.packed_bytes
        yield page


def read_header(file: IO[bytes], start: int, end: int) -> tuple[dict[int, Any], int]:
    size = HEADER_BYTES
    while True:
        file.seek(start)
        reader = CompactReader(file.read(min(size, end - start)))
        try:
            return reader.struct(), reader.position
        except HeaderCutShort:
            if size >= min(MAX_HEADER_BYTES, end - start):
                raise UnreadableFile(DAMAGED_PAGE) from None
            size *= 8


def make_page(fields: dict[int, Any]) -> Page:
    type_, unpacked, packed = (fields.get(field, -1) for field in (TYPE, UNPACKED, PACKED))
    if not all(isinstance(each, int) and each >= 0 for each in (type_, unpacked, packed)):
        raise UnreadableFile(DAMAGED_PAGE)
    values = max((each.get(1, 0) for field in VALUE_COUNTS if isinstance(each := fields.get(field), dict)), default=0)
    return Page(type_, unpacked, packed, values)
