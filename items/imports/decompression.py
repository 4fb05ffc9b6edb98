"""Decompress gzip and Zstandard in pieces, up to the limits of the service."""

import gzip
import io
import zlib
from contextlib import ExitStack
from typing import IO, Any, Protocol

from items.imports.errors import UnreadableFile, file_error
from items.imports.file_kinds import HEAD_BYTES, TAIL_BYTES, Kind, detect_kind
from items.imports.limits import ExpansionLimit
from rest.uploads import CHUNK_BYTES, seekable_copy

COMPRESSION_NAMES = {Kind.GZIP: "gzip", Kind.ZSTD: "Zstandard"}
# The file's own compression, and one added in transit.
MAX_LAYERS = 2
# The compression that each Content-Encoding names.
ENCODINGS = {"gzip": "gzip", "x-gzip": "gzip", "zstd": "Zstandard"}


class Decompressor(Protocol):
    def read1(self, length: int, /) -> bytes:
        """Return what is available, so that rows before damaged data are still read."""


class DecompressedFile(io.RawIOBase):
    """Raises UnreadableFile for damaged data and beyond the limit."""

    def __init__(self, source: Decompressor, compression: str, limit: ExpansionLimit) -> None:
        super().__init__()
        self.source, self.compression, self.limit = source, compression, limit
        self.failure: UnreadableFile | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        # Raise the error each time: after a truncated header, the library would report an empty file when read again.
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
            chunk = self.source.read1(length)
        except EOFError:
            raise UnreadableFile(f"The {self.compression} file is cut short.") from None
        except (gzip.BadGzipFile, zlib.error, OSError) as error:
            is_short = "Truncated" in str(error)
            raise UnreadableFile(f"The {self.compression} file is {'cut short' if is_short else 'damaged'}.") from error
        self.limit.add(len(chunk))
        return chunk


class UnclosableFile:
    """A file for pyarrow, which would close it at its end."""

    closed = False

    def __init__(self, file: IO[bytes]) -> None:
        self.read = file.read

    def close(self) -> None:
        """Leave closing to the file's owner."""


class ZstdSource:
    """Reads Zstandard with pyarrow, which treats consecutive frames as one file."""

    def __init__(self, compressed: IO[bytes]) -> None:
        # Imported on first use: it takes 40 MB of memory.
        import pyarrow as pa  # noqa: PLC0415

        self.stream = pa.CompressedInputStream(pa.PythonFile(UnclosableFile(compressed), mode="r"), "zstd")

    def read1(self, length: int) -> bytes:
        return bytes(self.stream.read(min(length, CHUNK_BYTES)))


def decompress(file: IO[bytes], size: int, *, encoding: str = "") -> tuple[IO[bytes], Kind | None]:
    """Return the decompressed file and its kind, or None if its start cannot be read.

    `encoding` is the request's Content-Encoding. Raises ValidationError.
    """
    kind = peek_kind(file)
    compression = ENCODINGS.get(encoding)
    if compression and (kind is None or COMPRESSION_NAMES.get(kind) != compression):
        detail = f"The body is not {compression}, as its Content-Encoding says."
        raise file_error(detail, attr="Content-Encoding")
    for _ in range(MAX_LAYERS):
        if kind is None or kind not in COMPRESSION_NAMES:
            break
        source: Decompressor = gzip.GzipFile(fileobj=file) if kind == Kind.GZIP else ZstdSource(file)
        raw = DecompressedFile(source, COMPRESSION_NAMES[kind], ExpansionLimit(size))
        file = io.BufferedReader(raw, CHUNK_BYTES)
        kind = peek_kind(file)
    return file, kind


def peek_kind(file: Any) -> Kind | None:
    """Detect the kind without consuming bytes. Returns None for damaged data, which the reader will report."""
    if file.seekable():
        head = file.read(HEAD_BYTES)
        tail = read_tail(file) if head[:2] == b"PK" else b""
        file.seek(0)
        return detect_kind(head, tail)
    try:
        return detect_kind(file.peek(HEAD_BYTES)[:HEAD_BYTES])
    except UnreadableFile:
        return None


def read_tail(file: IO[bytes]) -> bytes:
    file.seek(max(0, file.seek(0, io.SEEK_END) - TAIL_BYTES))
    return file.read(TAIL_BYTES)


def make_seekable(file: IO[bytes], stack: ExitStack) -> IO[bytes]:
    """Copy the file if it is not seekable. Raises UnreadableFile for a damaged compressed file."""
    return file if file.seekable() else stack.enter_context(seekable_copy(file))
