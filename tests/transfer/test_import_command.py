"""manage.py import_items: the same import from the console."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.history.check import assert_history_holds
from tests.history.scene import NOWHERE, Scene
from tests.transfer.files import lines, packed, parquet

pytestmark = pytest.mark.usefixtures("at_the_console")

ROWS = lines('{"input":{"q": 1.50}}', {"input": 2})


def run(scene: Scene, file: Path | str, *arguments: str) -> str:
    output = StringIO()
    owner = scene.people.owner.email
    call_command("import_items", str(file), "--dataset", scene.dataset["id"], "--as", owner, *arguments, stdout=output)
    return output.getvalue()


def refusal(scene: Scene, file: Path | str, *arguments: str) -> tuple[int, str]:
    """The exit code, and what is said."""
    with pytest.raises(CommandError) as raised:
        run(scene, file, *arguments)
    return raised.value.returncode, str(raised.value)


@pytest.mark.django_db
class TestImportItems:
    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("rows.jsonl", ROWS),
            ("rows.NDJSON.gz", packed(ROWS)),
            ("rows.csv", b'input\n"{""q"": 1.50}"\n2\n'),
            ("rows.parquet", parquet({"input": ['{"q": 1}', "x"]})),
        ],
    )
    def test_it_works(self, name: str, data: bytes, scene: Scene, tmp_path: Path) -> None:
        file = tmp_path / name
        file.write_bytes(data)

        printed = run(scene, file)

        assert printed == "2 items made; the dataset is at revision 2.\n"
        assert [item["created_by"]["email"] for item in scene.results()] == [scene.people.owner.email] * 2
        assert_history_holds()

    def test_json(self, scene: Scene, tmp_path: Path) -> None:
        file = tmp_path / "rows"
        file.write_bytes(lines({"q": 1}))

        printed = run(scene, file, "--format", "jsonl", "--mapping", '{"q": "input.q"}', "--json")

        assert json.loads(printed) == {
            "dry_run": False, "rows": 1, "created": 1, "errors": [], "preview": [], "dataset_revision": 2,
        }  # fmt: skip
        assert scene.results()[0]["input"] == {"q": 1}

    def test_a_dry_run_shows_the_first_rows(self, scene: Scene, tmp_path: Path) -> None:
        file = tmp_path / "rows.jsonl"
        file.write_bytes(ROWS)

        first, second, last = run(scene, file, "--dry-run").splitlines()

        assert first.startswith('{"input":{"q": 1.50},"output":null,')
        assert json.loads(second)["input"] == 2
        assert last == "2 rows read; a dry run stores nothing."
        assert scene.results() == []

    def test_wrong_rows_are_told_and_nothing_is_stored(self, scene: Scene, tmp_path: Path) -> None:
        file = tmp_path / "rows.jsonl"
        file.write_bytes(lines({"input": 1}, {"ref_timestamp": "soon"}, "{"))
        output = StringIO()

        with pytest.raises(CommandError) as raised:
            call_command(
                "import_items", str(file), "--dataset", scene.dataset["id"], "--as", scene.people.owner.email,
                stdout=output,
            )  # fmt: skip

        assert raised.value.returncode == 1
        first, second = output.getvalue().splitlines()
        assert first.startswith("2: ref_timestamp: Datetime has wrong format.")
        assert second.startswith("3: JSON parse error - ")
        assert scene.results() == []

    def test_what_is_refused_as_a_whole(self, scene: Scene, tmp_path: Path) -> None:
        file, parquet_file = tmp_path / "rows.txt", tmp_path / "rows.parquet"
        file.write_bytes(ROWS)
        parquet_file.write_bytes(ROWS)

        assert refusal(scene, file) == (1, "import_format: Say which format the file has: jsonl, csv or parquet.")
        assert refusal(scene, file, "--format", "jsonl", "--mapping", "{")[0] == 1
        assert refusal(scene, parquet_file)[1].startswith("The file is no Parquet: ")

    def test_what_is_not_there(self, scene: Scene, tmp_path: Path) -> None:
        file = tmp_path / "rows.jsonl"
        file.write_bytes(ROWS)
        nobody = ("import_items", str(file), "--dataset", scene.dataset["id"], "--as", "nobody@example.com")

        assert refusal(scene, tmp_path / "none.jsonl")[0] == 2
        assert refusal(scene, file, "--dataset", NOWHERE) == (2, f"There is no dataset {NOWHERE}.")
        assert refusal(scene, file, "--project", "987654321") == (2, "There is no project 987654321.")
        with pytest.raises(CommandError, match="no user") as raised:
            call_command(*nobody)
        assert raised.value.returncode == 2

    def test_only_members_are_said_to_have_done_it(self, scene: Scene, tmp_path: Path) -> None:
        file = tmp_path / "rows.jsonl"
        file.write_bytes(ROWS)
        project = ("--project", str(scene.project_id))

        for user in (scene.people.stranger, scene.people.former, scene.people.inactive):
            code, said = refusal(scene, file, *project, "--as", user.email)
            assert (code, said) == (
                2, f"{user.email} is not, or not any more, a member of project {scene.project_id}.",
            )  # fmt: skip
        run(scene, file, *project, "--as", scene.people.colleague.email)
        assert scene.results()[0]["created_by"]["email"] == scene.people.colleague.email
