"""Check a Parquet file by its footer, and each row group by its page headers, before decompressing anything."""

from collections.abc import Iterator, Set
from typing import IO, Any

from django.conf import settings

from items.imports.errors import UnreadableFile
from items.imports.limits import MAX_PAGE_BYTES, ROW_BYTES, ExpansionLimit
from items.imports.parquet_pages import DICTIONARY_PAGE, Page, read_pages

# The least memory of a decompressed value beside its page: an index, or a position in a list.
VALUE_BYTES = 4
# An empty page costs time, too.
PAGE_BYTES = 256
MIB = 1024 * 1024
# The most strings in lists: a row group holds them in memory, each string once.
MAX_LIST_TEXT_BYTES = 512 * MIB


def check_footer(metadata: Any, limit: ExpansionLimit) -> None:
    total = 0
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        check_row_size(group.total_byte_size, group.num_rows)
        total += max(group.total_byte_size, 0) + ROW_BYTES * group.num_rows
    limit.check(total)


def check_row_size(size: int, rows: int) -> None:
    if size > settings.BODY_LIMIT_BYTES * max(rows, 1):
        raise UnreadableFile(
            f"The rows of a row group have {size // max(rows, 1):,} bytes each on average, decompressed; "
            f"the limit is {settings.BODY_LIMIT_BYTES:,}."
        )


def check_row_group(file: IO[bytes], group: Any, columns: Set[str], limit: ExpansionLimit) -> int:
    """Check the top-level columns that are to be read; return the bytes of their dictionaries.

    Raises UnreadableFile.
    """
    size = dictionaries = 0
    for number in range(group.num_columns):
        chunk = group.column(number)
        if not columns.isdisjoint(prefixes(chunk.path_in_schema)):
            chunk_size, dictionary_size = check_chunk(file, chunk, limit)
            size, dictionaries = size + chunk_size, dictionaries + dictionary_size
    check_row_size(size, group.num_rows)
    return dictionaries


def check_chunk(file: IO[bytes], chunk: Any, limit: ExpansionLimit) -> tuple[int, int]:
    """Return the decompressed bytes of the chunk, and those of its dictionary."""
    start = chunk.data_page_offset
    if chunk.has_dictionary_page and 0 < chunk.dictionary_page_offset < start:
        start = chunk.dictionary_page_offset
    size = dictionary_size = 0
    for page in read_pages(file, start, chunk.total_compressed_size):
        check_page(page)
        size += page.unpacked_bytes
        dictionary_size += page.unpacked_bytes if page.type == DICTIONARY_PAGE else 0
        limit.add(page.unpacked_bytes + VALUE_BYTES * page.values + PAGE_BYTES)
    if is_list_of_texts(chunk) and size > MAX_LIST_TEXT_BYTES:
        raise UnreadableFile(
            f"The lists of strings in a row group decompress to more than {MAX_LIST_TEXT_BYTES // MIB} MiB. "
            "Write the file with fewer rows per row group."
        )
    return size, dictionary_size


def is_list_of_texts(chunk: Any) -> bool:
    return "." in chunk.path_in_schema and chunk.physical_type == "BYTE_ARRAY" and bool(chunk.has_dictionary_page)


def check_page(page: Page) -> None:
    if page.unpacked_bytes > MAX_PAGE_BYTES or VALUE_BYTES * page.values > MAX_PAGE_BYTES:
        noun = "dictionary" if page.type == DICTIONARY_PAGE else "page"
        raise UnreadableFile(f"A {noun} of the file decompresses to more than {MAX_PAGE_BYTES // MIB} MiB, the limit.")


def prefixes(path: str) -> Iterator[str]:
    """Yield the top-level columns that a path may be in: names may contain dots."""
    parts = path.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts) + 1))
