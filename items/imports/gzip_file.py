"""A file as it was before it was packed, piece by piece, and never more of it than the service takes."""

import gzip
import io
import zlib
from contextlib import ExitStack
from typing import IO, Any

from django.conf import settings

from items.imports.errors import UnreadableFile, file_error
from rest.files import CHUNK_BYTES, seekable_copy

GZIP = b"\x1f\x8b"
# A packed file, packed once more on its way.
MAX_LAYERS = 2


class DecompressedFile(io.RawIOBase):
    """Raises ReadingEnds where the packing is broken, and beyond the limit: a small file can unpack to anything."""

    def __init__(self, compressed: IO[bytes]) -> None:
        super().__init__()
        self.source = gzip.GzipFile(fileobj=compressed)
        self.count = 0
        self.failure: UnreadableFile | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        # Told each time: the library, asked again behind a head that is cut short, tells of an empty file.
        if self.failure:
            raise self.failure
        try:
            chunk = self.read_chunk(len(buffer))
        except UnreadableFile as failure:
            self.failure = failure
            raise
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def read_chunk(self, length: int) -> bytes:
        try:
            # What is there, and no more: rows before a break are still read.
            chunk = self.source.read1(length)
        except EOFError:
            raise UnreadableFile("The gzip file is cut short.") from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise UnreadableFile(f"The gzip file is damaged: {error}.") from error
        self.count += len(chunk)
        if self.count > settings.IMPORT_LIMIT_BYTES:
            raise decompressed_too_large()
        return chunk


def decompress(file: IO[bytes], *, encoding: str = "") -> IO[bytes]:
    """The file itself unless it is gzip, which its first bytes tell. encoding is the request's Content-Encoding."""
    if encoding and not is_gzip(file):
        raise file_error("The body is not gzip, as its Content-Encoding says.", attr="Content-Encoding")
    for _ in range(MAX_LAYERS):
        if not is_gzip(file):
            break
        file = io.BufferedReader(DecompressedFile(file), CHUNK_BYTES)
    return file


def decompressed_too_large() -> UnreadableFile:
    return UnreadableFile(f"The unpacked file exceeds the limit of {settings.IMPORT_LIMIT_BYTES} bytes.")


def is_gzip(file: Any) -> bool:
    """Reads nothing away."""
    if not file.seekable():
        try:
            return bool(file.peek(2)[:2] == GZIP)
        except UnreadableFile:
            return False  # whoever reads it will meet the same
    start: bytes = file.read(2)
    file.seek(0)
    return start == GZIP


def make_seekable(file: IO[bytes], stack: ExitStack) -> IO[bytes]:
    """Raises ReadingEnds for a packed file that is broken."""
    return file if file.seekable() else stack.enter_context(seekable_copy(file))
