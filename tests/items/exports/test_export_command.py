"""manage.py export_items."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.dataset_client import DatasetClient
from tests.items.exports.exported_files import rows_in

pytestmark = pytest.mark.usefixtures("as_management_command")


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_it_writes_a_file(client: DatasetClient, form: str, tmp_path: Path) -> None:
    for number in range(3):
        client.new_item(input=number)
    file = tmp_path / "items"
    file.write_text("what was there")

    call_command("export_items", dataset=client.dataset["id"], format=form, output=file, overwrite=True, revision="2")

    assert [row["input"] for row in rows_in(form, file.read_bytes())] == [0, 1]
    assert [each.name for each in tmp_path.iterdir()] == ["items"]


def test_it_writes_to_standard_output(client: DatasetClient, capfdbinary: Any) -> None:
    client.new_item(input="é")

    call_command("export_items", dataset=client.dataset["id"])

    out, err = capfdbinary.readouterr()
    assert [row["input"] for row in rows_in("jsonl", out)] == ["é"]
    assert err == b""


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"dataset": "01990000-0000-7000-8000-00000000dead"}, "There is no dataset"),
        ({"revision": "99"}, "no revision 99"),
        ({"revision": "No Tag"}, "no revision No Tag"),
        ({"output": Path("/nowhere/at/all")}, "No such file"),
    ],
)
def test_it_reports_errors(client: DatasetClient, options: dict[str, Any], text: str) -> None:
    with pytest.raises(CommandError, match=text):
        call_command("export_items", **({"dataset": client.dataset["id"]} | options))


def test_a_file_that_fails_leaves_nothing(
    client: DatasetClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "items"
    monkeypatch.setattr("items.exports.text_files.join_first_column", lambda cursor: 1 / 0)
    client.new_item()

    with pytest.raises(ZeroDivisionError):
        call_command("export_items", dataset=client.dataset["id"], output=file)

    assert list(tmp_path.iterdir()) == []
