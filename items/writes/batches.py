"""Splits rows into batches, each of which one statement writes."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

BATCH_ROWS, BATCH_CHARACTERS = 1000, 4_000_000
T = TypeVar("T")


def in_batches(rows: Iterable[T], characters_of: Callable[[T], int]) -> Iterator[list[T]]:
    """Split rows into lists of bounded length in rows and characters."""
    batch: list[T] = []
    characters = 0
    for row in rows:
        batch.append(row)
        characters += characters_of(row)
        if len(batch) == BATCH_ROWS or characters >= BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
