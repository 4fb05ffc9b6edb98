"""A file as it was before it was packed, piece by piece, and never more of it than the service takes."""

import gzip
import io
import zlib
from contextlib import ExitStack
from typing import IO, Any

from django.conf import settings

from items.transfer.refusals import ReadingEnds, file_refused
from rest.files import CHUNK_BYTES, seekable_copy

GZIP = b"\x1f\x8b"
# A packed file, packed once more on its way.
MOST_LAYERS = 2


class UnpackedFile(io.RawIOBase):
    """Raises ReadingEnds where the packing is broken, and beyond the limit: a small file can unpack to anything."""

    def __init__(self, packed: IO[bytes]) -> None:
        super().__init__()
        self.source = gzip.GzipFile(fileobj=packed)
        self.count = 0
        self.end: ReadingEnds | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        # Told each time: the library, asked again behind a head that is cut short, tells of an empty file.
        if self.end:
            raise self.end
        try:
            data = self.piece(len(buffer))
        except ReadingEnds as end:
            self.end = end
            raise
        buffer[: len(data)] = data
        return len(data)

    def piece(self, length: int) -> bytes:
        try:
            # What is there, and no more: rows before a break are still read.
            data = self.source.read1(length)
        except EOFError:
            raise ReadingEnds("The gzip file is cut short.") from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise ReadingEnds(f"The gzip file is damaged: {error}.") from error
        self.count += len(data)
        if self.count > settings.IMPORT_LIMIT_BYTES:
            raise too_long_unpacked()
        return data


def unpacked(file: IO[bytes], *, encoding: str = "") -> IO[bytes]:
    """The file itself unless it is gzip, which its first bytes tell. encoding is the request's Content-Encoding."""
    if encoding and not is_gzip(file):
        raise file_refused("The body is not gzip, as its Content-Encoding says.", attr="Content-Encoding")
    for _ in range(MOST_LAYERS):
        if not is_gzip(file):
            break
        file = io.BufferedReader(UnpackedFile(file), CHUNK_BYTES)
    return file


def too_long_unpacked() -> ReadingEnds:
    return ReadingEnds(f"The unpacked file exceeds the limit of {settings.IMPORT_LIMIT_BYTES} bytes.")


def is_gzip(file: Any) -> bool:
    """Reads nothing away."""
    if not file.seekable():
        try:
            return bool(file.peek(2)[:2] == GZIP)
        except ReadingEnds:
            return False  # whoever reads it will meet the same
    start: bytes = file.read(2)
    file.seek(0)
    return start == GZIP


def with_random_access(file: IO[bytes], until: ExitStack) -> IO[bytes]:
    """Raises ReadingEnds for a packed file that is broken."""
    return file if file.seekable() else until.enter_context(seekable_copy(file))
