"""Detect the kind of a file from its first bytes, before any reader sees it. Pure."""

import codecs
import json
import re
from enum import StrEnum

# How much of the file's start is examined, and of the end of a ZIP archive, where its directory is.
HEAD_BYTES = 4096
TAIL_BYTES = 66_000

LFS_POINTER = b"version https://git-lfs.github.com/spec/"
HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
CONTROL_CHARACTERS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
LINE_END = re.compile(rb"\r\n?|\n")


class Kind(StrEnum):
    """The values name the kinds in error messages."""

    EMPTY = "an empty file"
    TEXT = "a text file"
    JSON_LINES = "JSON Lines"
    JSON_ARRAY = "a JSON array"
    JSON_SPREAD = "JSON spread over several lines"
    PARQUET = "a Parquet file"
    WORKBOOK = "an Excel workbook"
    GZIP = "a gzip file"
    ZSTD = "a Zstandard file"
    BINARY_WORKBOOK = "a binary Excel workbook (.xlsb)"
    OLD_WORKBOOK = "an old or a protected Excel workbook"
    OPEN_DOCUMENT = "an OpenDocument file"
    WORD = "a Word document"
    ZIP = "a ZIP archive"
    TAR = "a tar archive"
    XZ = "an xz file"
    BZIP2 = "a bzip2 file"
    LZ4 = "an LZ4 file"
    SEVEN_ZIP = "a 7z archive"
    RAR = "a RAR archive"
    ENCRYPTED_PARQUET = "an encrypted Parquet file"
    ARROW = "an Arrow (Feather) file"
    ORC = "an ORC file"
    AVRO = "an Avro file"
    SQLITE = "an SQLite database"
    DUCKDB = "a DuckDB database"
    PICKLE = "a Python pickle"
    HDF5 = "an HDF5 file"
    NUMPY = "a NumPy array"
    PDF = "a PDF document"
    UTF16 = "UTF-16 text"
    UTF32 = "UTF-32 text"
    HTML = "a web page (HTML)"
    LFS = "a Git LFS pointer"
    BINARY = "a binary file"


# Signatures that no text begins with; longer ones precede their own prefixes.
BINARY_STARTS = [
    (b"\x1f\x8b", Kind.GZIP),
    (b"\x28\xb5\x2f\xfd", Kind.ZSTD),
    (b"\xfd7zXZ\x00", Kind.XZ),
    (b"\x04\x22\x4d\x18", Kind.LZ4),
    (b"7z\xbc\xaf\x27\x1c", Kind.SEVEN_ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.OLD_WORKBOOK),
    (b"\x89HDF", Kind.HDF5),
    (b"\x93NUMPY", Kind.NUMPY),
    (codecs.BOM_UTF32_LE, Kind.UTF32),
    (codecs.BOM_UTF32_BE, Kind.UTF32),
    (b"\xff\xff\xff\xff", Kind.ARROW),
    (codecs.BOM_UTF16_LE, Kind.UTF16),
    (codecs.BOM_UTF16_BE, Kind.UTF16),
    (b"PK\x03\x04", Kind.ZIP),
    (b"PK\x05\x06", Kind.ZIP),
    (b"PK\x07\x08", Kind.ZIP),
    (b"\x80\x02", Kind.PICKLE),
    (b"\x80\x03", Kind.PICKLE),
    (b"\x80\x04", Kind.PICKLE),
    (b"\x80\x05", Kind.PICKLE),
]
# Signatures that a text may begin with; they count only if control characters follow.
ASCII_STARTS = [
    (b"PAR1", Kind.PARQUET),
    (b"PARE", Kind.ENCRYPTED_PARQUET),
    (b"ARROW1", Kind.ARROW),
    (b"FEA1", Kind.ARROW),
    (b"ORC", Kind.ORC),
    (b"Obj\x01", Kind.AVRO),
    (b"SQLite format 3\x00", Kind.SQLITE),
    (b"Rar!", Kind.RAR),
    (b"BZh", Kind.BZIP2),
    (b"%PDF-", Kind.PDF),
]
# The kind of a ZIP archive with a member of this name.
ZIP_MEMBERS = [
    (b"xl/workbook.bin", Kind.BINARY_WORKBOOK),
    (b"xl/workbook.xml", Kind.WORKBOOK),
    (b"xl/worksheets/", Kind.WORKBOOK),
    (b"word/document.xml", Kind.WORD),
    (b"application/vnd.oasis.opendocument", Kind.OPEN_DOCUMENT),
]


def detect_kind(head: bytes, tail: bytes = b"") -> Kind:
    """Examine the first bytes of a file, and its last ones if available."""
    if not head:
        return Kind.EMPTY
    for start, kind in BINARY_STARTS:
        if head.startswith(start):
            return zip_kind(head + tail) if kind == Kind.ZIP else kind
    if CONTROL_CHARACTERS.search(head):
        return binary_kind(head)
    if head[:3] == b"BZh" and head[4:10] == b"1AY&SY":
        return Kind.BZIP2
    return text_kind(head.removeprefix(codecs.BOM_UTF8))


def zip_kind(content: bytes) -> Kind:
    return next((kind for name, kind in ZIP_MEMBERS if name in content), Kind.ZIP)


def binary_kind(head: bytes) -> Kind:
    if head[257:262] == b"ustar":
        return Kind.TAR
    if head[8:12] == b"DUCK":
        return Kind.DUCKDB
    for start, kind in ASCII_STARTS:
        if head.startswith(start):
            return kind
    return Kind.UTF16 if looks_like_utf16(head) else text_or_binary(head)


def looks_like_utf16(head: bytes) -> bool:
    """Whether text without a byte order mark has a zero in every other byte, as Latin letters have."""
    pairs = len(head) // 2
    zeros = max(head[0::2].count(0), head[1::2].count(0))
    others = min(head[0::2].count(0), head[1::2].count(0))
    return pairs > 1 and zeros > 0.4 * pairs and others < 0.1 * pairs


def text_or_binary(head: bytes) -> Kind:
    """A text may contain control characters, which its reader reports by row."""
    is_text = b"\0" not in head or len(CONTROL_CHARACTERS.findall(head)) * 20 < len(head)
    return text_kind(head.removeprefix(codecs.BOM_UTF8)) if is_text else Kind.BINARY


def text_kind(head: bytes) -> Kind:
    if head.startswith(LFS_POINTER):
        return Kind.LFS
    if HTML.match(head):
        return Kind.HTML
    start = head.lstrip()
    if start[:1] == b"[" and start[1:].lstrip()[:1] in {b"{", b"]"}:
        return Kind.JSON_ARRAY
    return object_kind(start) if start[:1] == b"{" else Kind.TEXT


def object_kind(text: bytes) -> Kind:
    """Whether the first line of a text that begins with a brace is a whole object."""
    line, *others = LINE_END.split(text, maxsplit=1)
    if not others:
        return Kind.JSON_LINES  # the line is longer than the head, or the only one
    try:
        json.loads(line, parse_int=len, parse_float=len)
    except json.JSONDecodeError as error:
        is_open = error.pos >= len(error.doc.rstrip()) and others[0].strip()
        return Kind.JSON_SPREAD if is_open else Kind.JSON_LINES
    except (ValueError, RecursionError):
        return Kind.JSON_LINES
    return Kind.JSON_LINES


def has_cr_line_ends(head: bytes) -> bool:
    """Whether lines end in CR alone, as in old Macintosh files and Excel's "CSV (Macintosh)"."""
    end = LINE_END.search(head)
    return end is not None and end[0] == b"\r" and end.end() < len(head)
