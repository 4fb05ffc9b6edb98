"""The checksum at the end of a backup file. pg_restore ignores it, and itself detects little corruption.

It protects against accidents, not against tampering.
"""

import hashlib
import os
from pathlib import Path

from datasets_api.backups.errors import BackupError
from datasets_api.backups.progress import progress

MARKER = b"\ndatasets-backup sha256 "
CHECKSUM_BYTES = len(MARKER) + 64 + 1
CHUNK_BYTES = 1 << 20


def append_checksum(file: Path) -> None:
    """Append the checksum, and flush the file to disk."""
    line = checksum_line(file, file.stat().st_size)
    with file.open("ab") as end:
        end.write(line)
        end.flush()
        os.fsync(end.fileno())


def verify_checksum(file: Path) -> None:
    try:
        length = file.stat().st_size - CHECKSUM_BYTES
        with file.open("rb") as content:
            content.seek(max(length, 0))
            found = content.read()
    except OSError as error:
        raise BackupError(f"{file} cannot be read: {error.strerror}.") from error
    if not found.startswith(MARKER):
        raise BackupError(f"{file} is not a complete backup: the checksum that `backup` writes at the end is missing.")
    if found != checksum_line(file, length):
        raise BackupError(f"{file} is damaged: its checksum does not match.")


def checksum_line(file: Path, length: int) -> bytes:
    digest, left = hashlib.sha256(), length
    with file.open("rb") as content, progress("Read") as bar:
        while left and (chunk := content.read(min(left, CHUNK_BYTES))):
            digest.update(chunk)
            left -= len(chunk)
            bar.update(length - left)
    return MARKER + digest.hexdigest().encode() + b"\n"
