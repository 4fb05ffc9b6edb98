"""Numbers that all processes of the service see: a file mapped into each, with one slot for each process.

A process writes to its own slot alone, so that no write needs another process's consent; a reader adds up the slots.
The slot of a process that has died is taken over by the next one as it is: what was counted stays counted.

A slot is a row of doubles: first the named CELLS, then records. A record has a key (text, at most KEY_BYTES) and
RECORD_NUMBERS numbers; records are only ever appended.
"""

import fcntl
import logging
import mmap
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from datasets_api.processes import is_alive

if TYPE_CHECKING:
    # At run time memoryview takes no parameter.
    Cells = memoryview[float]

logger = logging.getLogger("datasets_api.metrics")

CELLS = (
    "pid",
    "heartbeat",
    "starts",
    "records",
    "requests",
    "queued",
    "body_bytes",
    "connections",
    "refused_body_cut_short",
    "refused_body_too_slow",
    "refused_no_room_for_body",
    "refused_queue_full",
    "refused_waited_too_long",
    "refused_malformed",
    "refused_too_many_streams",
    "refused_stream_failed",
    "refused_upload_failed",
)
RECORD_NUMBERS = 18
KEY_BYTES = 112

CELL_BYTES = 8
HEADER_CELLS = 32
KEY_CELLS = KEY_BYTES // CELL_BYTES
RECORD_CELLS = KEY_CELLS + RECORD_NUMBERS
MAX_RECORDS = 1023
SLOT_CELLS = HEADER_CELLS + MAX_RECORDS * RECORD_CELLS
# More than there are workers, since a new one may start before an old one has ended. Untouched pages take no memory.
SLOTS = 128
FILE_BYTES = SLOTS * SLOT_CELLS * CELL_BYTES
# What no other file begins with; changes with the layout. It stands in the last cell of the first slot's header.
LAYOUT = 7_246_001.0
LAYOUT_CELL = HEADER_CELLS - 1

CELL = {name: place for place, name in enumerate(CELLS)}


class Slot:
    """The numbers of one process."""

    def __init__(self, cells: "Cells", start: int) -> None:
        self.cells = cells
        self.start = start
        self.lock = threading.Lock()

    def __getitem__(self, name: str) -> float:
        return float(self.cells[self.start + CELL[name]])

    def __setitem__(self, name: str, value: float) -> None:
        self.cells[self.start + CELL[name]] = value

    @cached_property
    def places(self) -> dict[str, int]:
        """Where the numbers of each record begin."""
        return dict(self._records())

    def place_of(self, key: str) -> int | None:
        """Where the numbers of this record begin, made if absent; None where there is no room for it."""
        with self.lock:
            if key not in self.places and not self._append(key):
                return None
            return self.places[key]

    def records(self) -> Iterator[tuple[str, list[float]]]:
        for key, place in self._records():
            yield key, [float(number) for number in self.cells[place : place + RECORD_NUMBERS]]

    def _records(self) -> Iterator[tuple[str, int]]:
        for number in range(int(self["records"])):
            start = self._record_start(number)
            key = bytes(self.cells[start : start + KEY_CELLS].cast("B")).rstrip(b"\0").decode()
            yield key, start + KEY_CELLS

    def _append(self, key: str) -> bool:
        number, encoded = int(self["records"]), key.encode()
        if number == MAX_RECORDS or len(encoded) > KEY_BYTES:
            return False
        start = self._record_start(number)
        self.cells[start : start + KEY_CELLS].cast("B")[:] = encoded.ljust(KEY_BYTES, b"\0")
        self.places[key] = start + KEY_CELLS
        # Last: who reads meanwhile must not find half a record.
        self["records"] = number + 1
        return True

    def _record_start(self, number: int) -> int:
        return self.start + HEADER_CELLS + number * RECORD_CELLS


class Memory(NamedTuple):
    own: Slot
    cells: "Cells"

    def slots(self) -> list[Slot]:
        """Those that a process has ever had."""
        every = (Slot(self.cells, start) for start in range(0, len(self.cells), SLOT_CELLS))
        return [slot for slot in every if slot["starts"]]


def shared_file() -> str:
    """The path of a new file that is gone when this process is, however it ends; "" where the system has no such."""
    if not hasattr(os, "memfd_create"):
        return ""
    descriptor = os.memfd_create("datasets-metrics")
    return f"/proc/{os.getpid()}/fd/{descriptor}"


def open_memory(path: str) -> Memory:
    """With a slot of its own for this process; else, without a usable path, in memory that nobody else sees."""
    if path and (memory := join_memory(path)):
        return memory
    cells = memoryview(mmap.mmap(-1, SLOT_CELLS * CELL_BYTES)).cast("d")
    slot = take_slot(cells)
    assert slot is not None  # noqa: S101  nobody else has it
    return Memory(slot, cells)


def join_memory(path: str) -> Memory | None:
    """None, and a line in the log, where the file cannot be used: the service is worth more than its numbers."""
    reason = "is full, or something else"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            with locked(descriptor):
                cells = map_file(descriptor)
                if cells is not None and (slot := take_slot(cells)):
                    return Memory(slot, cells)
        finally:
            os.close(descriptor)
    except OSError as error:
        reason = f"cannot be used ({error})"
    logger.warning("METRICS_FILE %s: this process shows its own numbers alone", reason)
    return None


def map_file(descriptor: int) -> "Cells | None":
    """None for a file that is not ours, or of another layout: an older process may be using it."""
    length = os.fstat(descriptor).st_size
    if length not in (0, FILE_BYTES):
        return None
    os.ftruncate(descriptor, FILE_BYTES)
    cells = memoryview(mmap.mmap(descriptor, FILE_BYTES)).cast("d")
    if length == 0:
        cells[LAYOUT_CELL] = LAYOUT
    return cells if cells[LAYOUT_CELL] == LAYOUT else None


def take_slot(cells: "Cells") -> Slot | None:
    for start in range(0, len(cells), SLOT_CELLS):
        slot = Slot(cells, start)
        if not is_in_use(slot):
            slot["pid"] = os.getpid()
            slot["heartbeat"] = time.time()
            slot["starts"] += 1
            return slot
    return None


def is_in_use(slot: Slot) -> bool:
    """Another process may by now have the number of a dead one: then its slot is not taken over, which costs little."""
    pid = int(slot["pid"])
    return pid not in {0, os.getpid()} and is_alive(pid)


@contextmanager
def locked(descriptor: int) -> Iterator[None]:
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
