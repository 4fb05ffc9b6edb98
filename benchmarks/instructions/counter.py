"""Controls callgrind from inside the process that it runs.

A client request is a sequence of instructions that do nothing on a real processor and that valgrind recognizes
(valgrind.h); there is no way to execute it from Python other than bringing the machine code along.
"""

import ctypes
import mmap
import platform
from collections.abc import Iterator
from contextlib import contextmanager

# callgrind.h: VG_USERREQ_TOOL_BASE('C', 'T') and the numbers that follow it.
ZERO_STATS, DUMP_STATS_AT, START_INSTRUMENTATION, STOP_INSTRUMENTATION = (
    0x43540000 + number for number in (1, 3, 4, 5)
)
# uint64_t request(uint64_t arguments[6]): mov rax, rdi; xor edx, edx; rol rdi, 3, 13, 61, 51; xchg rbx, rbx;
# mov rax, rdx; ret
X86_64_CODE = bytes.fromhex("4889f8 31d2 48c1c703 48c1c70d 48c1c73d 48c1c733 4887db 4889d0 c3")


class Counter:
    """Counts nothing outside valgrind, where its requests have no effect."""

    def __init__(self) -> None:
        if platform.machine() != "x86_64":
            raise RuntimeError("Instructions can be counted on x86-64 only.")
        self._memory = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        self._memory.write(X86_64_CODE)
        address = ctypes.addressof(ctypes.c_char.from_buffer(self._memory))
        self._call = ctypes.CFUNCTYPE(ctypes.c_uint64, ctypes.POINTER(ctypes.c_uint64 * 6))(address)

    @contextmanager
    def counting(self, name: str) -> Iterator[None]:
        """Write a dump of that name for the instructions that run inside."""
        self._request(START_INSTRUMENTATION)
        self._request(ZERO_STATS)
        yield
        text = ctypes.create_string_buffer(name.encode())
        self._request(DUMP_STATS_AT, ctypes.addressof(text))
        self._request(STOP_INSTRUMENTATION)

    def _request(self, number: int, argument: int = 0) -> None:
        self._call((ctypes.c_uint64 * 6)(number, argument))
