"""Examples in the help of management commands, and the commands that read and write items."""

import re
import shlex
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class

from auth.models import Membership, User
from database.management import DatabaseCommand
from tests.auth.commands import ADA, run_command
from tests.dataset_client import DatasetClient

OURS = ("auth", "items", "datasets_api")


def our_commands() -> Iterator[tuple[str, DatabaseCommand]]:
    for name, app in sorted(get_commands().items()):
        command = load_command_class(app, name) if app in OURS else None
        if isinstance(command, DatabaseCommand):
            yield name, command


def example_of(name: str, command: DatabaseCommand) -> list[str]:
    """Return the arguments of the call at the end of `--help`."""
    text = command.create_parser("manage.py", name).format_help()
    return shlex.split(re.search(rf"Example:\n  manage.py {name}(.*)", text)[1])  # type: ignore[index]


@pytest.mark.usefixtures("as_management_command")
class TestExamples:
    # With their own processes and files: tests/service/test_backup.py runs these.
    ELSEWHERE = {"backup", "restore"}

    def test_every_command_has_an_example(self) -> None:
        named = {name for name, _ in our_commands()}

        assert {"create_api_key", "list_users", "rename_project", "export_items", "import_items", "backup"} <= named

    def test_examples_run(self, client: DatasetClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        Path("rows.csv").write_text("input,output\n1,2\n")
        run_command("create_user", *ADA, "--organization-name", "Example")
        run_command("create_user", "--email", "someone@example.com", "--organization-name", "Example")
        Membership.objects.create(
            user=User.objects.get(email="ada@example.com"), organization=client.people.project.organization
        )
        key = run_command("create_api_key", *ADA, "--label", "Old", "--scopes", "*")
        replacements = {
            "01990000-0000-7000-8000-000000000000": client.dataset["id"],
            "0123456789abcdef0123456789abcdef": key["id"],
            "1": str(client.people.project.id),
        }
        # The example of rename_user takes the address from the commands after it.
        order = sorted(
            (each for each in our_commands() if each[0] not in self.ELSEWHERE),
            key=lambda each: each[0] == "rename_user",
        )

        for name, command in order:
            arguments = [replacements.get(word, word) for word in example_of(name, command)]
            if name == "import_items":
                arguments += ["--project", str(client.people.project.id)]
            call_command(name, *arguments, stdout=StringIO(), stderr=StringIO())

        assert User.objects.filter(email="ada.lovelace@example.com").exists()
        assert Path("golden.csv").read_text().startswith("id,input,output")

    def test_help_omits_the_options_of_django(self) -> None:
        for name, command in our_commands():
            assert "--pythonpath" not in command.create_parser("manage.py", name).format_help()


@pytest.mark.usefixtures("as_management_command")
class TestExportAndImport:
    def test_the_format_follows_the_name(self, client: DatasetClient, tmp_path: Path) -> None:
        client.new_item(input=1)

        call_command("export_items", dataset=client.dataset["id"], output=tmp_path / "x.csv")

        assert (tmp_path / "x.csv").read_text().startswith("id,input,")

    def test_nothing_is_overwritten_without_the_option(self, client: DatasetClient, tmp_path: Path) -> None:
        file = tmp_path / "x.jsonl"
        file.write_text("mine")

        with pytest.raises(CommandError, match="exists"):
            call_command("export_items", dataset=client.dataset["id"], output=file)
        assert file.read_text() == "mine"

        call_command("export_items", dataset=client.dataset["id"], output=file, overwrite=True)
        assert file.read_text() == ""

    def test_an_unknown_suffix_needs_a_format(self, client: DatasetClient, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match=r"is unknown\. Use --format"):
            call_command("export_items", dataset=client.dataset["id"], output=tmp_path / "x.doc")

    def test_several_users_are_listed(self, client: DatasetClient, tmp_path: Path) -> None:
        file = tmp_path / "x.csv"
        file.write_text("input\n1\n")

        with pytest.raises(CommandError, match="Name the user with --as"):
            call_command("import_items", str(file), "--dataset", client.dataset["id"])

    def test_the_only_user_is_the_default(self, client: DatasetClient, tmp_path: Path) -> None:
        User.objects.exclude(id=client.people.owner.id).update(is_active=False)
        file = tmp_path / "x.csv"
        file.write_text("input\n1\n")
        output = StringIO()

        call_command("import_items", str(file), "--dataset", client.dataset["id"], stdout=output, stderr=StringIO())

        assert "1 items" in output.getvalue()
