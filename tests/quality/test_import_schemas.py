"""Rows of files are held to the schemas as single items are."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from items.transfer import importing
from tests.history.scene import Scene, refused, shown
from tests.quality.demands import FITTING, MISFIT, QUESTION, demand
from tests.transfer.files import imported, lines, send


@pytest.fixture(autouse=True)
def _questions(scene: Scene) -> None:
    demand(scene, input=QUESTION)


def errors(answer: Any) -> list[tuple[int, str, str]]:
    return [(error["row"], error["code"], error["attr"]) for error in answer.json()["errors"]]


def test_rows_that_fit_are_imported(scene: Scene) -> None:
    assert [item["input"] for item in imported(scene, lines({"input": FITTING}, {"input": {"q": "2"}}))] == [
        FITTING,
        {"q": "2"},
    ]


def test_misfits_are_told_by_row_among_other_errors(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH_LENGTH", 3)
    file = lines(
        {"input": MISFIT}, {"input": FITTING}, {"input": FITTING, "ref_timestamp": "x"}, {"input": FITTING}, {},
        {"input": FITTING}, {"input": [1]}, "[", {"input": FITTING}, {"input": MISFIT},
    )  # fmt: skip

    answer = send(scene, file)

    refused(answer, 400, "schema_mismatch", "input.q")
    assert [(row, attr) for row, _, attr in errors(answer)] == [
        (1, "input.q"), (3, "ref_timestamp"), (5, "input"), (7, "input"), (8, None), (10, "input.q"),
    ]  # fmt: skip
    assert answer.json()["detail"] == 'Row 1: This value is not of type "string"'
    assert scene.head() == 2
    dry = shown(send(scene, file, dry_run=True))
    assert dry["errors"] == answer.json()["errors"]
    assert dry["rows"] == 10


def test_the_first_hundred_misfits_are_told(scene: Scene) -> None:
    found = errors(send(scene, lines(*[{"input": MISFIT}] * 150)))

    assert [row for row, _, _ in found] == list(range(1, 101))


def test_schemas_that_were_put_while_the_file_was_read_hold(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    read = importing.Reading.read

    def slip_in(reading: importing.Reading) -> None:
        read(reading)
        demand(scene, input={"type": "object", "required": ["n"]})

    monkeypatch.setattr(importing.Reading, "read", slip_in)

    answer = send(scene, lines({"input": {"q": "x", "n": 1}}, {"input": FITTING}))

    refused(answer, 400, "schema_mismatch", "input")
    assert errors(answer) == [(2, "schema_mismatch", "input")]
    assert scene.results() == []


def test_the_console_tells_misfits_too(scene: Scene, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_bytes(lines({"input": FITTING}, {"input": MISFIT}))
    output = StringIO()

    with pytest.raises(CommandError) as raised:
        call_command(
            "import_items", str(file), "--dataset", scene.dataset["id"], "--as", scene.people.owner.email, stdout=output
        )

    assert raised.value.returncode == 1
    assert output.getvalue() == '2: input.q: This value is not of type "string"\n'
