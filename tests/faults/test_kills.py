"""Nothing acknowledged is lost: while sixteen clients write, a process is killed, again and again."""

import os

import pytest

from tests.faults.kinds import KINDS
from tests.faults.siege import Siege
from tests.faults.victims import VICTIMS

CYCLES = int(os.environ.get("FAULT_CYCLES", "20"))


def test_nothing_acknowledged_is_lost(siege: Siege, capsys: pytest.CaptureFixture[str]) -> None:
    names = list(VICTIMS)

    for number in range(CYCLES):
        siege.cycle(names[number % len(names)])
        if number % 10 == 9:
            with capsys.disabled():
                print(f"\n{siege.report()}")  # noqa: T201  a long run says how far it is

    siege.check_history()
    assert set().union(*(client.kinds for client in siege.clients)) == set(KINDS)
