"""The seal at a backup's end: a hash of all before it. pg_restore does not look so far, and finds little of what rots.

It guards against accidents, not against forgers.
"""

import hashlib
import os
from pathlib import Path

from datasets_api.backups import BackupError
from datasets_api.backups.progress import progress

MARKER = b"\ndatasets-backup sha256 "
CHECKSUM_BYTES = len(MARKER) + 64 + 1
CHUNK_BYTES = 1 << 20


def append_checksum(file: Path) -> None:
    """The file is on the disk then."""
    line = checksum_line(file, file.stat().st_size)
    with file.open("ab") as end:
        end.write(line)
        end.flush()
        os.fsync(end.fileno())


def verify_checksum(file: Path) -> None:
    try:
        length = file.stat().st_size - CHECKSUM_BYTES
        with file.open("rb") as sealed:
            sealed.seek(max(length, 0))
            found = sealed.read()
    except OSError as error:
        raise BackupError(f"{file} cannot be read: {error.strerror}.") from error
    if not found.startswith(MARKER):
        raise BackupError(f"{file} is no whole backup: it does not end as `backup` ends a file.")
    if found != checksum_line(file, length):
        raise BackupError(f"{file} is not as it was when it was made.")


def checksum_line(file: Path, length: int) -> bytes:
    digest, left = hashlib.sha256(), length
    with file.open("rb") as content, progress("Read") as bar:
        while left and (chunk := content.read(min(left, CHUNK_BYTES))):
            digest.update(chunk)
            left -= len(chunk)
            bar.update(length - left)
    return MARKER + digest.hexdigest().encode() + b"\n"
