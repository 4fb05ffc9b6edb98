"""Unpacks gzip and Zstandard piece by piece, and never more of a file than the service takes."""

import gzip
import io
import zlib
from contextlib import ExitStack
from typing import IO, Any, Protocol

from items.imports.errors import UnreadableFile, file_error
from items.imports.file_kinds import HEAD_BYTES, TAIL_BYTES, Kind, detect_kind
from items.imports.limits import ExpansionLimit
from rest.uploads import CHUNK_BYTES, seekable_copy

PACKINGS = {Kind.GZIP: "gzip", Kind.ZSTD: "Zstandard"}
# A packed file, packed once more on its way.
MAX_LAYERS = 2
# The Content-Encoding of a request, and the packing that it names.
ENCODINGS = {"gzip": "gzip", "x-gzip": "gzip", "zstd": "Zstandard"}


class Decompressor(Protocol):
    def read1(self, length: int, /) -> bytes:
        """What is there, and no more: rows before a break are still read."""


class DecompressedFile(io.RawIOBase):
    """Raises UnreadableFile where the packing is broken, and beyond the limit."""

    def __init__(self, source: Decompressor, packing: str, limit: ExpansionLimit) -> None:
        super().__init__()
        self.source, self.packing, self.limit = source, packing, limit
        self.failure: UnreadableFile | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        # Raised each time: the library, asked again after a head that is cut short, reports an empty file.
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
            raise UnreadableFile(f"The {self.packing} file is cut short.") from None
        except (gzip.BadGzipFile, zlib.error, OSError) as error:
            is_short = "Truncated" in str(error)
            raise UnreadableFile(f"The {self.packing} file is {'cut short' if is_short else 'damaged'}.") from error
        self.limit.add(len(chunk))
        return chunk


class KeptOpen:
    """A file for pyarrow, which closes what it has read to the end."""

    closed = False

    def __init__(self, file: IO[bytes]) -> None:
        self.read = file.read

    def close(self) -> None:
        """Whose file it is, closes it."""


class ZstdSource:
    """pyarrow's reader: frames one after another are one file."""

    def __init__(self, compressed: IO[bytes]) -> None:
        # Loaded when first needed: it takes 40 MB of memory.
        import pyarrow as pa  # noqa: PLC0415

        self.stream = pa.CompressedInputStream(pa.PythonFile(KeptOpen(compressed), mode="r"), "zstd")

    def read1(self, length: int) -> bytes:
        return bytes(self.stream.read(min(length, CHUNK_BYTES)))


def decompress(file: IO[bytes], size: int, *, encoding: str = "") -> tuple[IO[bytes], Kind | None]:
    """The file as it was before it was packed, and its kind, None where it cannot be read.

    encoding is the request's Content-Encoding."""
    kind = peek_kind(file)
    packing = ENCODINGS.get(encoding)
    if packing and (kind is None or PACKINGS.get(kind) != packing):
        detail = f"The body is not {packing}, as its Content-Encoding says."
        raise file_error(detail, attr="Content-Encoding")
    for _ in range(MAX_LAYERS):
        if kind is None or kind not in PACKINGS:
            break
        source: Decompressor = gzip.GzipFile(fileobj=file) if kind == Kind.GZIP else ZstdSource(file)
        raw = DecompressedFile(source, PACKINGS[kind], ExpansionLimit(size))
        file = io.BufferedReader(raw, CHUNK_BYTES)
        kind = peek_kind(file)
    return file, kind


def peek_kind(file: Any) -> Kind | None:
    """Reads nothing away. None where the packing is broken, which the file's reader meets again."""
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
    """Raises UnreadableFile for a packed file that is broken."""
    return file if file.seekable() else stack.enter_context(seekable_copy(file))
