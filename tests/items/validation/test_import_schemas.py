"""Imported rows are checked against schemas like single items."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from items.imports import importer
from tests.dataset_client import DatasetClient, assert_error, ok
from tests.items.imports.files import imported, lines, send
from tests.items.validation.schemas import INVALID, QUESTION, VALID, set_schemas


@pytest.fixture(autouse=True)
def _questions(client: DatasetClient) -> None:
    set_schemas(client, input=QUESTION)


def errors(response: Any) -> list[tuple[int, str, str]]:
    return [(error["row"], error["code"], error["attr"]) for error in response.json()["errors"]]


def test_rows_that_fit_are_imported(client: DatasetClient) -> None:
    assert [item["input"] for item in imported(client, lines({"input": VALID}, {"input": {"q": "2"}}))] == [
        VALID,
        {"q": "2"},
    ]


def test_violations_are_reported_by_row_among_other_errors(
    client: DatasetClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "BATCH_ROWS", 3)
    file = lines(
        {"input": INVALID}, {"input": VALID}, {"input": VALID, "ref_timestamp": "x"}, {"input": VALID}, {},
        {"input": VALID}, {"input": [1]}, "[", {"input": VALID}, {"input": INVALID},
    )  # fmt: skip

    response = send(client, file)

    assert_error(response, 400, "schema_mismatch", "input.q")
    assert [(row, attr) for row, _, attr in errors(response)] == [
        (1, "input.q"), (3, "ref_timestamp"), (5, "input"), (7, "input"), (8, None), (10, "input.q"),
    ]  # fmt: skip
    assert response.json()["detail"] == 'Row 1: This value is not of type "string"'
    assert client.head() == 0
    dry = ok(send(client, file, dry_run=True))
    assert dry["errors"] == response.json()["errors"]
    assert dry["rows"] == 10


def test_the_first_hundred_violations_are_reported(client: DatasetClient) -> None:
    rows = errors(send(client, lines(*[{"input": INVALID}] * 150)))

    assert [row for row, _, _ in rows] == list(range(1, 101))


def test_schemas_stored_while_the_file_is_read_are_enforced(
    client: DatasetClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = importer.ImportReader.read

    def slip_in(reader: importer.ImportReader) -> None:
        read(reader)
        set_schemas(client, input={"type": "object", "required": ["n"]})

    monkeypatch.setattr(importer.ImportReader, "read", slip_in)

    response = send(client, lines({"input": {"q": "x", "n": 1}}, {"input": VALID}))

    assert_error(response, 400, "schema_mismatch", "input")
    assert errors(response) == [(2, "schema_mismatch", "input")]
    assert client.results() == []


def test_the_command_reports_violations(client: DatasetClient, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_bytes(lines({"input": VALID}, {"input": INVALID}))
    output = StringIO()

    with pytest.raises(CommandError) as raised:
        call_command(
            "import_items",
            str(file),
            "--dataset",
            client.dataset["id"],
            "--as",
            client.people.owner.email,
            stdout=output,
        )

    assert raised.value.returncode == 1
    assert output.getvalue() == '2: input.q: This value is not of type "string"\n'
