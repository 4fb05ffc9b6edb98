"""manage.py export_items."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.history.scene import Scene
from tests.transfer.writing.exported import rows_in

pytestmark = pytest.mark.usefixtures("at_the_console")


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_it_writes_a_file(scene: Scene, form: str, tmp_path: Path) -> None:
    for number in range(3):
        scene.new_item(input=number)
    file = tmp_path / "items"
    file.write_text("what was there")

    call_command("export_items", dataset=scene.dataset["id"], format=form, output=file, revision="3")

    assert [row["input"] for row in rows_in(form, file.read_bytes())] == [0, 1]
    assert [each.name for each in tmp_path.iterdir()] == ["items"]


def test_it_writes_to_standard_output(scene: Scene, capfdbinary: Any) -> None:
    scene.new_item(input="é")

    call_command("export_items", dataset=scene.dataset["id"])

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
def test_it_says_what_is_wrong(scene: Scene, options: dict[str, Any], text: str) -> None:
    with pytest.raises(CommandError, match=text):
        call_command("export_items", **({"dataset": scene.dataset["id"]} | options))


def test_a_file_that_fails_leaves_nothing(scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "items"
    monkeypatch.setattr("items.transfer.writing.lines.joined", lambda cursor: 1 / 0)
    scene.new_item()

    with pytest.raises(ZeroDivisionError):
        call_command("export_items", dataset=scene.dataset["id"], output=file)

    assert list(tmp_path.iterdir()) == []
