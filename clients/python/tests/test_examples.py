"""The examples do what they say."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from datasets_client import Client, Dataset
from tests.commands import Ran, dsets, run

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"

pytestmark = pytest.mark.usefixtures("login")


def example(name: str, *arguments: str, cwd: Path | None = None) -> Ran:
    return run(sys.executable, str(EXAMPLES / name), *arguments, cwd=cwd)


def test_a_plain_function_is_evaluated_on_gsm8k(client: Client, name: str, tmp_path: Path) -> None:
    path = tmp_path / "gsm8k_test.jsonl"
    rows = [
        {"question": "Ann has 2 pens and buys 3 more. How many has she?", "answer": "2 + 3 = <<2+3=5>>5\n#### 5"},
        {"question": "A coat costs $1,200. What do 2 cost?", "answer": "#### 2,400"},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))

    first = example("gsm8k.py", str(path), "--name", name)
    again = example("gsm8k.py", str(path), "--name", name, "--limit", "1")

    assert first.out.startswith("2 created, 0 unchanged\n1 of 2 right, at revision "), first.err
    assert again.out.startswith("0 created, 2 unchanged\n1 of 1 right"), again.err
    assert client.dataset(name)[1].output == "2400"


def test_a_file_is_mirrored_every_night(client: Client, name: str, tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("id,question,answer\n" + "".join(f"{number},{number} + 1?,{number + 1}\n" for number in range(10)))
    options = (str(path), name, "--key", "id", "--map", "question=input.question", "--map", "answer=output")
    assert example("mirror_csv.py", *options).out.startswith("10 created")
    assert example("mirror_csv.py", *options).out.startswith("0 created, 0 changed, 0 archived, 10 unchanged")

    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:3], "2,two + 1?,3", *lines[4:10]]) + "\n")
    assert example("mirror_csv.py", *options, "--dry-run").out.startswith("0 created, 1 changed, 1 archived")
    assert example("mirror_csv.py", *options).out.startswith("0 created, 1 changed, 1 archived")

    path.write_text("\n".join(lines[:3]) + "\n")
    cut_short = example("mirror_csv.py", *options)
    assert (cut_short.code, "whole?" in cut_short.err) == (1, True)
    assert len(client.dataset(name)) == 9


def test_failed_cases_become_a_dataset(dataset: Dataset, client: Client, name: str, tmp_path: Path) -> None:
    dataset.push([{"ref_source_id": str(number), "input": number, "output": number % 2} for number in range(4)])
    dsets("lock", name, cwd=tmp_path)
    test = "import pytest\n@pytest.mark.dataset({name!r})\ndef test_it(case): assert case.output == {right}\n"

    def run_tests(right: int) -> Ran:
        (tmp_path / "test_it.py").write_text(test.format(name=name, right=right))
        command = (
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:django",
            "-p",
            "no:schemathesis",
        )
        run(*command, "--rootdir", ".", "--dataset-report", "report.jsonl", cwd=tmp_path)
        return example("failures.py", "report.jsonl", f"{name}-failures", cwd=tmp_path)

    assert run_tests(0).out == "2 new, 0 changed; 2 cases fail\n"
    assert run_tests(1).out == "2 new, 2 changed; 2 cases fail\n"
    failures = client.dataset(f"{name}-failures")
    assert failures[f"{name}/1"].metadata["outcome"] == "passed"
    assert failures[f"{name}/0"].metadata["message"].startswith("assert 0 == 1")
