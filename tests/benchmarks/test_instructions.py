"""The guard of the instructions a request: what it lets pass, and what it does not."""

import subprocess
import sys

import pytest

from benchmarks.instructions.figures import RECORDED_FILE, Figure, find_losses, read_figures
from benchmarks.instructions.measure import count, filled_database
from benchmarks.instructions.workload import SERVICE
from tests.programs import find_program
from tests.service_process import PROJECT_DIR


def figure(instructions: int, empty_drf: int = 800_000) -> Figure:
    return {"instructions": instructions, "empty_drf": empty_drf, "empty_django": 400_000}


@pytest.fixture(scope="module")
def counts() -> dict[str, int]:
    find_program("valgrind")
    with filled_database() as environment:
        return count(environment, module="tests.benchmarks.planted_loss")


def test_a_planted_loss_of_six_percent_fails_the_check(counts: dict[str, int]) -> None:
    recorded = {"retrieve": figure(counts["loss_0"])}

    losses = find_losses({"retrieve": figure(counts["loss_6"])}, recorded)

    assert len(losses) == 1
    assert losses[0].startswith(("retrieve takes 5.", "retrieve takes 6.")), losses


def test_a_planted_loss_of_four_percent_passes_the_check(counts: dict[str, int]) -> None:
    recorded = {"retrieve": figure(counts["loss_0"])}

    assert find_losses({"retrieve": figure(counts["loss_4"])}, recorded) == []
    assert 1.03 < counts["loss_4"] / counts["loss_0"] < 1.05


def test_a_slower_build_of_python_is_no_loss() -> None:
    recorded = {"retrieve": figure(1_000_000, empty_drf=800_000)}

    assert find_losses({"retrieve": figure(1_200_000, empty_drf=960_000)}, recorded) == []


def test_a_loss_is_found_with_a_faster_build_of_python() -> None:
    recorded = {"retrieve": figure(1_000_000, empty_drf=800_000)}

    assert find_losses({"retrieve": figure(980_000, empty_drf=720_000)}, recorded) == []
    assert find_losses({"retrieve": figure(1_000_000, empty_drf=720_000)}, recorded) == [
        "retrieve takes 11.1% more instructions than recorded."
    ]


def test_an_operation_without_a_record_or_without_a_figure_fails_the_check() -> None:
    assert find_losses({"new": figure(1)}, {"old": figure(1)}) == [
        "new has no recorded figure.",
        "old is recorded and no longer measured.",
    ]


def test_each_operation_has_a_recorded_figure() -> None:
    assert read_figures(RECORDED_FILE).keys() == SERVICE.keys()


def test_a_check_needs_instructions() -> None:
    command = [sys.executable, "-m", "benchmarks", "--check"]
    done = subprocess.run(command, cwd=PROJECT_DIR, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "--check goes with --instructions." in done.stderr
