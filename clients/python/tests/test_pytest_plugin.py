"""The pytest plugin: one test of each item of a locked dataset."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

import pytest

from datasets_client import Dataset
from datasets_client._lock import LockedDataset, read_lock
from tests.commands import Ran, dsets, run

pytestmark = pytest.mark.usefixtures("login")

TEST = """
import pytest

@pytest.mark.dataset({arguments})
def test_answers(case):
    case.record(score=case.output, exact=True)
    assert case.input["n"] * 2 == case.output
"""


@pytest.fixture
def folder(dataset: Dataset, name: str, tmp_path: Path) -> Path:
    """A repository with a locked dataset of nine right answers and a wrong one."""
    made = tmp_path / "repository"
    made.mkdir()
    dataset.push(
        {"ref_source_id": f"case {number}", "input": {"n": number}, "output": number * 2 if number != 7 else 0,
         "metadata": {"split": "pr" if number % 2 else "full", "level": number}}
        for number in range(10)
    )  # fmt: skip
    assert dsets("lock", name, cwd=made).code == 0
    return made


def pytest_in(folder: Path, arguments: str, *options: str, test: str = TEST, **environment: str) -> Ran:
    (folder / "test_model.py").write_text(test.replace("{arguments}", arguments))
    plugins = ("-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:django", "-p", "no:hypothesispytest")
    return run(sys.executable, "-m", "pytest", "-v", "--rootdir", ".", *plugins, *options, cwd=folder, **environment)


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_each_item_is_a_test_that_bears_its_name(folder: Path, name: str) -> None:
    ran = pytest_in(folder, f'"{name}"')

    assert ran.code == 1
    assert "9 passed" in ran.out
    assert "1 failed" in ran.out
    assert "test_answers[case 7] FAILED" in ran.out


def test_conditions_choose_cases_without_a_server(folder: Path, name: str) -> None:
    assert "5 passed" in pytest_in(folder, f'"{name}", split="full"').out
    away = {"DATASETS_URL": "http://127.0.0.1:9", "DATASETS_API_KEY": ""}

    ran = pytest_in(folder, f'"{name}", split="pr", level__lt=7, input__n__ne=3', **away)

    assert (ran.code, "2 passed" in ran.out) == (0, True), ran.out


def test_a_run_is_the_same_after_later_edits(dataset: Dataset, folder: Path, name: str) -> None:
    before = pytest_in(folder, f'"{name}"', "--dataset-report", "a.jsonl").out
    for item in list(dataset):
        item.update(output="edited")

    again = pytest_in(
        folder, f'"{name}"', "--dataset-report", "b.jsonl", CI="true", DATASETS_CACHE=str(folder / "empty")
    )

    assert "9 passed" in before
    assert "9 passed" in again.out
    for old, new in zip(lines_of(folder / "a.jsonl"), lines_of(folder / "b.jsonl"), strict=True):
        assert {**old, "duration": 0} == {**new, "duration": 0}


def test_the_report_has_a_line_for_each_case(dataset: Dataset, folder: Path, name: str) -> None:
    dataset["case 2"].update(output=4.0)
    dsets("lock", "--update", cwd=folder)

    pytest_in(folder, f'"{name}"', "--dataset-report", "out/report.jsonl")

    lines = lines_of(folder / "out" / "report.jsonl")
    assert len(lines) == 10
    seventh, second = lines[7], lines[2]
    assert (seventh["outcome"], seventh["ref_source_id"], seventh["recorded"]) == (
        "failed",
        "case 7",
        {"score": 0, "exact": True},
    )
    assert seventh["message"].startswith("assert (7 * 2) == 0")
    assert seventh["revision"] == dataset.resolved_revision()
    assert seventh["test"] == "test_model.py::test_answers[case 7]"
    assert (second["version"], seventh["version"]) == (2, 1)
    assert second["duration"] > 0


def test_the_report_is_whole_with_xdist_too(folder: Path, name: str) -> None:
    pytest.importorskip("xdist")

    pytest_in(folder, f'"{name}"', "-n", "2", "--dataset-report", "report.jsonl")

    assert sorted(line["ref_source_id"] for line in lines_of(folder / "report.jsonl")) == [
        f"case {n}" for n in range(10)
    ]


OUTCOMES = """
import pytest

@pytest.fixture
def broken(case):
    if case.input["n"] == 1:
        raise RuntimeError("broken")

@pytest.mark.dataset({arguments})
def test_answers(case, broken):
    if case.input["n"] == 2:
        pytest.skip("not today")
    if case.input["n"] == 3:
        pytest.xfail("known")
    with pytest.raises(ValueError):
        case.record(score=float("nan"))
"""


def test_the_report_tells_outcomes_apart(folder: Path, name: str) -> None:
    pytest_in(folder, f'"{name}", level__lt=5', "--dataset-report", "report.jsonl", test=OUTCOMES)

    assert [line["outcome"] for line in lines_of(folder / "report.jsonl")] == [
        "passed",
        "error",
        "skipped",
        "xfailed",
        "passed",
    ]


def test_a_sample_is_always_the_same(folder: Path, name: str) -> None:
    def chosen(*options: str) -> list[str]:
        ran = pytest_in(folder, f'"{name}"', "--collect-only", "-q", "-q", *options)
        return [line for line in ran.out.splitlines() if "::" in line]

    first = chosen("--dataset-sample", "3")
    assert len(first) == 3
    assert first == chosen("--dataset-sample", "3")
    assert first != chosen("--dataset-sample", "3", "--dataset-seed", "4")
    assert len(chosen("--dataset-sample", "50")) == 10


def test_what_cannot_be_meant_fails_and_never_passes(dataset: Dataset, folder: Path, name: str) -> None:
    def text(arguments: str, *options: str, test: str = TEST, **environment: str) -> str:
        ran = pytest_in(folder, arguments, *options, test=test, **environment)
        assert ran.code != 0
        assert "passed" not in ran.out
        return ran.out

    assert "No item of" in text(f'"{name}", split="nothing"')
    assert "does not lock 'other'" in text('"other"')
    assert "takes one dataset" in text("")
    assert "needs the server" in text(f'"{name}", search="x"')
    assert 'the argument "case"' in text(
        f'"{name}"', test="import pytest\n@pytest.mark.dataset({arguments})\ndef test(): pass\n"
    )
    assert "at least 1" in text(f'"{name}"', "--dataset-sample", "0")
    assert "forbids" in text(f'"{name}@1"', CI="true")
    dataset.push([{"ref_source_id": "case 1"}])
    dsets("lock", "--update", cwd=folder)
    assert "Two items have the id" in text(f'"{name}"')
    (folder / "datasets.lock").unlink()
    assert "datasets.lock is missing" in text(f'"{name}"')


def test_an_unlocked_revision_is_allowed_unless_frozen(folder: Path, name: str) -> None:
    assert "9 passed" in pytest_in(folder, f'"{name}@latest"').out
    assert "9 passed" in pytest_in(folder, f'"{name}@latest"', "--no-datasets-frozen", CI="true").out
    assert "forbids" in pytest_in(folder, f'"{name}@latest"', "--datasets-frozen").out


def test_other_content_than_locked_fails(folder: Path, name: str) -> None:
    lock = folder / "datasets.lock"
    lock.write_text(lock.read_text().replace(read_lock(lock).get(name).digest, "sha256:" + "0" * 64))

    ran = pytest_in(folder, f'"{name}"')

    assert ran.code != 0
    assert "not what was locked" in ran.out


def locked_folder(dataset: Dataset, folder: Path, rows: int) -> LockedDataset:
    dataset.push(
        {"ref_source_id": f"case-{number}", "input": {"n": number}, "output": number * 2} for number in range(rows)
    )
    folder.mkdir()
    assert dsets("lock", dataset.name, cwd=folder).code == 0
    return read_lock(folder / "datasets.lock").get(dataset.name)


def cpu_seconds() -> float:
    """The CPU time of the processes that ended so far: on a quiet machine, the time that passes."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.slow
def test_10_000_cases_are_collected_in_under_5_seconds(dataset: Dataset, tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    locked_folder(dataset, folder, 10_000)
    pytest_in(folder, f'"{dataset.name}"', "--collect-only", "-q", "-q")

    begin = cpu_seconds()
    ran = pytest_in(folder, f'"{dataset.name}"', "--collect-only", "-q", "-q")
    spent = cpu_seconds() - begin

    print(f"{spent:.1f} s of CPU")
    assert ran.out.count("test_answers[") == 10_000
    assert spent < 5
