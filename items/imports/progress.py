"""How far an import is."""

from collections.abc import Callable
from typing import NamedTuple


class Progress(NamedTuple):
    """Bytes of the file as it was sent; rows read, and then rows stored."""

    bytes: int
    total_bytes: int
    rows: int
    stored: int


# Called now and then. What it raises ends the import, of which nothing is kept then.
ProgressCallback = Callable[[Progress], None]


def ignore_progress(_: Progress) -> None:
    pass
