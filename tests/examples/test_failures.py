"""The cases that failed in CI: each is one item of the new dataset, and says how it did the last time."""

from collections.abc import Callable

from datasets_client import Client

from tests.examples.conftest import Terminal

TEST = """
import pytest


@pytest.mark.dataset("golden")
def test_model(case):
    assert case.output == {right}
"""


def test_failed_cases_become_a_dataset(terminal: Terminal, connect: Callable[[], Client]) -> None:
    golden = connect().create("golden")
    golden.push([{"ref_source_id": str(number), "input": number, "output": number % 2} for number in range(4)])
    assert terminal.python("-m", "datasets_client", "lock", "golden").code == 0

    def run_tests(right: int) -> str:
        (terminal.folder / "test_model.py").write_text(TEST.format(right=right), encoding="utf-8")
        assert terminal.python("-m", "pytest", "--rootdir", ".", "--dataset-report", "report.jsonl").code == 1
        return terminal.example("failures.py", "report.jsonl", "failures").out

    assert run_tests(0) == "2 new, 0 changed; 2 cases fail\n"
    assert run_tests(1) == "2 new, 2 changed; 2 cases fail\n"
    failures = connect().dataset("failures")
    assert failures["golden/1"].metadata["outcome"] == "passed"
    assert failures["golden/0"].metadata["message"].startswith("assert 0 == 1")
    assert failures["golden/0"].input == 0
