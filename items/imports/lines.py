"""The lines of a text file, each of bounded length."""

import codecs
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from items.imports.errors import UnreadableFile

BLOCK_BYTES = 64 * 1024


def read_lines(file: Any, *, splits_at_cr: bool = False) -> Iterator[bytes]:
    """Yield lines with their ends, without a byte order mark. Raises UnreadableFile for too long a line."""
    lines = read_any_lines(file) if splits_at_cr else read_lf_lines(file)
    for line in lines:
        if rest := line.removeprefix(codecs.BOM_UTF8):
            yield rest
        break
    yield from lines


def read_lf_lines(file: Any) -> Iterator[bytes]:
    limit = settings.BODY_LIMIT_BYTES
    while line := file.readline(limit + 1):
        if len(line) > limit:
            raise row_too_long_error()
        yield line


def read_any_lines(file: Any) -> Iterator[bytes]:
    """Lines that end in LF, CR LF or CR."""
    pieces: list[bytes] = []
    length = 0
    while block := read_block(file):
        for piece in block.splitlines(keepends=True):
            pieces.append(piece)
            length += len(piece)
            if length > settings.BODY_LIMIT_BYTES:
                raise row_too_long_error()
            if piece[-1] in b"\r\n":
                yield b"".join(pieces)
                pieces, length = [], 0
    if pieces:
        yield b"".join(pieces)


def read_block(file: Any) -> bytes:
    """Return available bytes, never ending between CR and LF."""
    block: bytes = file.read1(BLOCK_BYTES)
    if block.endswith(b"\r"):
        block += file.read1(1)
    return block


def row_too_long_error() -> UnreadableFile:
    return UnreadableFile(f"The row exceeds the limit of {settings.BODY_LIMIT_BYTES} bytes.")
