"""Nothing acknowledged is lost while sixteen clients write and processes are killed repeatedly."""

import os

import pytest

from tests.chaos.chaos_run import ChaosRun
from tests.chaos.kill_targets import KILL_TARGETS
from tests.chaos.operations import OPERATIONS

CYCLES = int(os.environ.get("FAULT_CYCLES", "10"))


def test_nothing_acknowledged_is_lost(chaos_run: ChaosRun, capsys: pytest.CaptureFixture[str]) -> None:
    names = list(KILL_TARGETS)

    for number in range(CYCLES):
        chaos_run.cycle(names[number % len(names)])
        if number % 10 == 9:
            with capsys.disabled():
                print(f"\n{chaos_run.report()}")  # noqa: T201  shows the progress of a long run

    chaos_run.check_history()
    assert set().union(*(client.kinds for client in chaos_run.clients)) == set(OPERATIONS)
