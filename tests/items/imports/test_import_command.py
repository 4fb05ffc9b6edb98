"""manage.py import_items: the same import on the command line."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.dataset_client import NOWHERE, DatasetClient
from tests.history_check import assert_history_holds
from tests.items.imports.files import gzipped, lines, parquet

pytestmark = pytest.mark.usefixtures("as_management_command")

ROWS = lines('{"input":{"q": 1.50}}', {"input": 2})


def run(client: DatasetClient, file: Path | str, *arguments: str) -> str:
    output = StringIO()
    owner = client.people.owner.email
    call_command("import_items", str(file), "--dataset", client.dataset["id"], "--as", owner, *arguments, stdout=output)
    return output.getvalue()


def command_error(client: DatasetClient, file: Path | str, *arguments: str) -> tuple[int, str]:
    """Return the exit code and the message."""
    with pytest.raises(CommandError) as raised:
        run(client, file, *arguments)
    return raised.value.returncode, str(raised.value)


@pytest.mark.django_db
class TestImportItems:
    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("rows.jsonl", ROWS),
            ("rows.NDJSON.gz", gzipped(ROWS)),
            ("rows.csv", b'input\n"{""q"": 1.50}"\n2\n'),
            ("rows.parquet", parquet({"input": ['{"q": 1}', "x"]})),
        ],
    )
    def test_it_works(self, name: str, data: bytes, client: DatasetClient, tmp_path: Path) -> None:
        file = tmp_path / name
        file.write_bytes(data)

        printed = run(client, file)

        assert printed == "2 items created; the dataset is at revision 1.\n"
        assert [item["created_by"]["email"] for item in client.results()] == [client.people.owner.email] * 2
        assert_history_holds()

    def test_json(self, client: DatasetClient, tmp_path: Path) -> None:
        file = tmp_path / "rows"
        file.write_bytes(lines({"q": 1}))

        printed = run(client, file, "--format", "jsonl", "--mapping", '{"q": "input.q"}', "--json")

        assert json.loads(printed) == {
            "dry_run": False, "rows": 1, "created": 1,
            "updated": 0, "unchanged": 0, "skipped": 0, "archived": 0,
            "errors": [], "examples": [], "preview": [], "dataset_revision": 1,
            "ignored_columns": [], "hints": [], "matched_columns": [],
        }  # fmt: skip
        assert client.results()[0]["input"] == {"q": 1}

    def test_a_dry_run_shows_the_first_rows(self, client: DatasetClient, tmp_path: Path) -> None:
        file = tmp_path / "rows.jsonl"
        file.write_bytes(ROWS)

        first, second, last = run(client, file, "--dry-run").splitlines()

        assert first.startswith('{"input":{"q": 1.50},"output":null,')
        assert json.loads(second)["input"] == 2
        assert last == "2 rows read; a dry run stores nothing."
        assert client.results() == []

    def test_invalid_rows_are_reported_and_nothing_is_stored(self, client: DatasetClient, tmp_path: Path) -> None:
        file = tmp_path / "rows.jsonl"
        file.write_bytes(lines({"input": 1}, {"ref_timestamp": "soon"}, "{"))
        output = StringIO()

        with pytest.raises(CommandError) as raised:
            call_command(
                "import_items", str(file), "--dataset", client.dataset["id"], "--as", client.people.owner.email,
                stdout=output,
            )  # fmt: skip

        assert raised.value.returncode == 1
        first, second = output.getvalue().splitlines()
        assert first.startswith("2: ref_timestamp: Datetime has wrong format.")
        assert second == "3: The row is not a complete JSON object: it ends too early."
        assert client.results() == []

    def test_a_file_may_be_rejected_as_a_whole(self, client: DatasetClient, tmp_path: Path) -> None:
        file, parquet_file = tmp_path / "rows.txt", tmp_path / "rows.parquet"
        file.write_bytes(ROWS)
        parquet_file.write_bytes(ROWS)

        assert command_error(client, file) == (
            1,
            "import_format: The format of the file is unknown. Use jsonl, json, csv, xlsx or parquet.",
        )
        assert command_error(client, file, "--format", "jsonl", "--mapping", "{")[0] == 1
        assert command_error(client, parquet_file)[1].startswith("This is JSON Lines. Send it as")

    def test_missing_objects_are_reported(self, client: DatasetClient, tmp_path: Path) -> None:
        file = tmp_path / "rows.jsonl"
        file.write_bytes(ROWS)
        nobody = ("import_items", str(file), "--dataset", client.dataset["id"], "--as", "nobody@example.com")

        assert command_error(client, tmp_path / "none.jsonl")[0] == 2
        assert command_error(client, file, "--dataset", NOWHERE) == (2, f"There is no dataset {NOWHERE}.")
        assert command_error(client, file, "--project", "987654321") == (2, "There is no project 987654321.")
        with pytest.raises(CommandError, match="No user") as raised:
            call_command(*nobody)
        assert raised.value.returncode == 2

    def test_the_author_must_be_a_member(self, client: DatasetClient, tmp_path: Path) -> None:
        file = tmp_path / "rows.jsonl"
        file.write_bytes(ROWS)
        project = ("--project", str(client.project_id))

        for user in (client.people.stranger, client.people.former, client.people.inactive):
            code, said = command_error(client, file, *project, "--as", user.email)
            assert (code, said) == (
                2, f"{user.email} is not an active member of project {client.project_id}.",
            )  # fmt: skip
        run(client, file, *project, "--as", client.people.colleague.email)
        assert client.results()[0]["created_by"]["email"] == client.people.colleague.email
