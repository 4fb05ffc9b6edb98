"""Reads the counts that callgrind writes: https://valgrind.org/docs/manual/cl-format.html

Copies made by realloc are left out. Whether a large block grows where it lies depends on what happens to lie behind it,
which made 5 % of a list of 100 items.
"""

import re
from collections.abc import Iterable
from pathlib import Path

NAME = re.compile(r"^desc: Trigger: Client Request: (\S+)$", re.MULTILINE)
TOTAL = re.compile(r"^totals: (\d+)$", re.MULTILINE)
# A function that calls or is called: the first time with its name, later by its number alone.
FUNCTION = re.compile(r"^(c?fn)=\((\d+)\)(?: (.*))?$")
COPY = re.compile(r"_*mem(cpy|move)")


def read_counts(folder: Path) -> dict[str, int]:
    """Instructions by the name of the dump."""
    counts = {}
    for file in folder.glob("callgrind.out.*"):
        dump = file.read_text()
        if (name := NAME.search(dump)) and (total := TOTAL.search(dump)):
            counts[name[1]] = int(total[1]) - realloc_copies(dump.splitlines())
    return counts


def realloc_copies(lines: Iterable[str]) -> int:
    """The cost of calls from the C library's realloc to its copying functions."""
    names: dict[str, str] = {}
    current = {"fn": "", "cfn": ""}
    lines, cost = iter(lines), 0
    for line in lines:
        if match := FUNCTION.match(line):
            kind, number, name = match.groups()
            current[kind] = names.setdefault(number, name)
        elif line.startswith("calls="):
            # The next line has the cost of these calls, all that they call included.
            called = next(lines)
            if "realloc" in current["fn"] and COPY.match(current["cfn"]):
                cost += int(called.split()[-1])
    return cost
