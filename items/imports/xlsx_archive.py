"""Check the ZIP archive of a workbook before a library opens it: the number of its parts and their sizes."""

import os
import re
import struct
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from items.imports.errors import file_error
from items.imports.limits import ExpansionLimit

MAX_PARTS = 10_000
MAX_DIRECTORY_BYTES = 4 * 1024 * 1024
# Kept in memory by the library: the strings of all cells, and each other part.
MAX_SHARED_STRINGS_BYTES = 64 * 1024 * 1024
MAX_PART_BYTES = 8 * 1024 * 1024
SHEET = re.compile(r"/?xl/worksheets/[^/]+\.xml", re.IGNORECASE)
# Parts that are never read: pictures, printer settings, macros and the like.
UNREAD = re.compile(
    r"/?xl/(?:media|drawings|charts|printerSettings|embeddings|pivotCache|vbaProject\.bin)", re.IGNORECASE
)
END_RECORD, END_BYTES = b"PK\x05\x06", 22
MAX_COMMENT_BYTES = 65_535
DAMAGED = "The Excel workbook is damaged or cut short."
SAVE_AS_CSV = "Save the sheet as CSV (UTF-8) and send that."


def check_archive(file: IO[bytes], limit: ExpansionLimit) -> None:
    """Raises ValidationError and UnreadableFile. No part decompresses to more than the archive declares."""
    check_directory(file)
    try:
        parts = ZipFile(file).infolist()
    except Exception:  # the library raises many kinds of errors for other files
        raise file_error(DAMAGED) from None
    if len(parts) > MAX_PARTS:
        raise file_error(f"The workbook has {len(parts):,} parts; the limit is {MAX_PARTS:,}. {SAVE_AS_CSV}")
    for part in parts:
        check_part(part, limit)
    file.seek(0)


def check_directory(file: IO[bytes]) -> None:
    """Bound the list of parts, which the library reads into memory as a whole."""
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
        raise file_error(f"The workbook uses an unsupported compression method. {SAVE_AS_CSV}")
    if UNREAD.match(part.filename):
        return
    limit.check(part.file_size)
    is_strings = part.filename.lower().endswith("sharedstrings.xml")
    allowed = MAX_SHARED_STRINGS_BYTES if is_strings else MAX_PART_BYTES
    if part.file_size > allowed and not SHEET.fullmatch(part.filename):
        subject = "strings decompress" if is_strings else f'part "{part.filename[:80]}" decompresses'
        raise file_error(f"The workbook's {subject} to more than {allowed // 2**20} MiB. {SAVE_AS_CSV}")
