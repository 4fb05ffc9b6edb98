"""Limits of a file's size when expanded: small files can decompress to anything, and short rows to any number."""

from django.conf import settings

from items.imports.errors import UnreadableFile

# Any file may decompress to this size, however small it is.
ALWAYS_ALLOWED_BYTES = 64 * 1024 * 1024
# The least size that a row counts as: it costs memory, time, and space in the tables.
ROW_BYTES = 128
# The most that a page of a Parquet file may decompress to.
MAX_PAGE_BYTES = 256 * 1024 * 1024


class ExpansionLimit:
    """Counts the bytes that a file of `size` bytes expands to.

    gzip compresses by a factor of a thousand at most, other methods without limit.
    """

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
            raise decompressed_too_large()
        if total > self.by_ratio:
            raise UnreadableFile(
                f"The file decompresses to more than {settings.IMPORT_RATIO_LIMIT:,} times its size, the limit."
            )


def decompressed_too_large() -> UnreadableFile:
    return UnreadableFile(f"The decompressed file exceeds the limit of {settings.IMPORT_LIMIT_BYTES} bytes.")
