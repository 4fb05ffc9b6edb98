"""Looks into a workbook's ZIP archive before a library does: how many parts it has, and what they unpack to."""

import os
import re
import struct
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from items.imports.errors import file_error
from items.imports.limits import ExpansionLimit

MAX_PARTS = 10_000
MAX_DIRECTORY_BYTES = 4 * 1024 * 1024
# Held in memory by the library: the texts of all cells, and each of the other parts.
MAX_SHARED_STRINGS_BYTES = 64 * 1024 * 1024
MAX_PART_BYTES = 8 * 1024 * 1024
SHEET = re.compile(r"/?xl/worksheets/[^/]+\.xml", re.IGNORECASE)
# Never read: pictures, printer settings, macros and the like.
UNREAD = re.compile(
    r"/?xl/(?:media|drawings|charts|printerSettings|embeddings|pivotCache|vbaProject\.bin)", re.IGNORECASE
)
END_RECORD, END_BYTES = b"PK\x05\x06", 22
MAX_COMMENT_BYTES = 65_535
DAMAGED = "The Excel workbook is damaged or cut short."
SAVE_AS_CSV = "Save the sheet as CSV (UTF-8), and send that."


def check_archive(file: IO[bytes], limit: ExpansionLimit) -> None:
    """Raises ValidationError and UnreadableFile. What the archive says of its parts holds: none unpacks to more."""
    check_directory(file)
    try:
        parts = ZipFile(file).infolist()
    except Exception:  # the library raises many kinds for what is no archive
        raise file_error(DAMAGED) from None
    if len(parts) > MAX_PARTS:
        raise file_error(f"The workbook has {len(parts):,} parts; {MAX_PARTS:,} are the limit. {SAVE_AS_CSV}")
    for part in parts:
        check_part(part, limit)
    file.seek(0)


def check_directory(file: IO[bytes]) -> None:
    """The library reads the whole list of parts into memory."""
    file.seek(max(0, file.seek(0, os.SEEK_END) - END_BYTES - MAX_COMMENT_BYTES))
    tail = file.read(END_BYTES + MAX_COMMENT_BYTES)
    place = tail.rfind(END_RECORD)
    if place < 0 or len(tail) - place < END_BYTES:
        raise file_error(DAMAGED)
    size = struct.unpack_from("<I", tail, place + 12)[0]
    if size > MAX_DIRECTORY_BYTES or tail[max(0, place - 20) : place].startswith(b"PK\x06\x07"):
        raise file_error(f"The workbook is too large. {SAVE_AS_CSV}")
    file.seek(0)


def check_part(part: ZipInfo, limit: ExpansionLimit) -> None:
    if part.flag_bits & 1:
        raise file_error("The workbook is protected by a password. Save it without one.")
    if part.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise file_error(f"The workbook is packed in an unusual way. {SAVE_AS_CSV}")
    if UNREAD.match(part.filename):
        return
    limit.check(part.file_size)
    is_strings = part.filename.lower().endswith("sharedstrings.xml")
    allowed = MAX_SHARED_STRINGS_BYTES if is_strings else MAX_PART_BYTES
    if part.file_size > allowed and not SHEET.fullmatch(part.filename):
        what = "texts" if is_strings else f'part "{part.filename[:80]}"'
        raise file_error(f"The workbook's {what} unpack to more than {allowed // 2**20} MiB. {SAVE_AS_CSV}")
