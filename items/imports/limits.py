"""Bounds what a file becomes: small files can unpack to anything, and short rows to any number of rows."""

from django.conf import settings

from items.imports.errors import UnreadableFile

# Any file may unpack to so much, whatever its size.
ALWAYS_ALLOWED_BYTES = 64 * 1024 * 1024
# A row costs at least as much as so many bytes: memory, time, and the space that its item takes in the tables.
ROW_BYTES = 128
# Parquet: so much may be unpacked in one piece.
MAX_PAGE_BYTES = 256 * 1024 * 1024


class ExpansionLimit:
    """Counts what comes of a file of `size` bytes. gzip packs a thousand times at most, other methods without end."""

    def __init__(self, size: int) -> None:
        self.by_ratio = max(ALWAYS_ALLOWED_BYTES, size * settings.IMPORT_RATIO_LIMIT)
        self.count = 0

    def add(self, count: int) -> None:
        """Raises UnreadableFile."""
        self.count += count
        self.check(self.count)

    def check(self, total: int) -> None:
        """Raises UnreadableFile."""
        if total > settings.IMPORT_LIMIT_BYTES:
            raise unpacked_too_large()
        if total > self.by_ratio:
            raise UnreadableFile(
                f"The file unpacks to more than {settings.IMPORT_RATIO_LIMIT:,} times its size, which is the limit."
            )


def unpacked_too_large() -> UnreadableFile:
    return UnreadableFile(f"The unpacked file exceeds the limit of {settings.IMPORT_LIMIT_BYTES} bytes.")
