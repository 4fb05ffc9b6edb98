"""The lines of a text file, each of bounded length."""

import codecs
from collections.abc import Iterator
from typing import IO

from django.conf import settings

from items.imports.errors import UnreadableFile

UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_lines(file: IO[bytes]) -> Iterator[bytes]:
    """With their ends, without a byte order mark. A line may be as long as a body elsewhere."""
    limit = settings.BODY_LIMIT_BYTES
    line = file.readline(limit + 1)
    if line.startswith(UTF16):
        raise UnreadableFile("The file is UTF-16; it must be UTF-8.")
    line = line.removeprefix(codecs.BOM_UTF8)
    while line:
        if len(line) > limit:
            raise row_too_long_error()
        yield line
        line = file.readline(limit + 1)


def row_too_long_error() -> UnreadableFile:
    return UnreadableFile(f"The row exceeds the limit of {settings.BODY_LIMIT_BYTES} bytes.")
