"""The evaluation: each row becomes an item once, and the function's answers are counted."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from datasets_client import Client

from tests.examples.conftest import Terminal

ROWS = [
    {"question": "Ann has 2 pens and buys 3 more. How many has she?", "answer": "2 + 3 = <<2+3=5>>5\n#### 5"},
    {"question": "A coat costs $1,200. What do 2 cost?", "answer": "#### 2,400"},
]


def test_a_plain_function_is_evaluated(terminal: Terminal, connect: Callable[[], Client]) -> None:
    (terminal.folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")

    first = terminal.example("gsm8k.py", "rows.jsonl", "--name", "sums")
    again = terminal.example("gsm8k.py", "rows.jsonl", "--name", "sums", "--limit", "1")

    assert first.out == "2 created, 0 unchanged\n1 of 2 right, at revision 1 of sums\n", first.err
    assert again.out == "0 created, 2 unchanged\n1 of 1 right, at revision 1 of sums\n", again.err
    assert [(item.case_id, item.output) for item in connect().dataset("sums")] == [
        ("gsm8k-0", "5"),
        ("gsm8k-1", "2400"),
    ]


def test_the_published_file_is_evaluated(terminal: Terminal, connect: Callable[[], Client]) -> None:
    name = os.environ.get("REAL_DATA_JSONL")
    if not name:
        pytest.skip("REAL_DATA_JSONL names no file: the set is not in the repository; .ci/run names it where it is")
    rows = [json.loads(line) for line in Path(name).read_text(encoding="utf-8").splitlines()]

    done = terminal.example("gsm8k.py", name)

    assert done.out.startswith(f"{len(rows)} created, 0 unchanged\n"), done.err
    assert [item.input for item in connect().dataset("gsm8k")] == [row["question"] for row in rows]
