"""Management commands that list and rename users, projects and keys, and an invalid DATA_DIR."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from auth.models import PersonalAPIKey, Project, User
from tests.auth.commands import ADA, ALL_SCOPES, command_error, manage, run_command


@pytest.mark.django_db
class TestLists:
    def test_users_are_listed_with_their_organizations(self) -> None:
        run_command("create_user", *ADA, "--organization-name", "Home", "--level", "admin")

        (user,) = run_command("list_users")

        assert (user["email"], user["organizations"], user["is_active"]) == ("ada@example.com", ["Home (admin)"], True)

    def test_projects_are_listed(self) -> None:
        made = run_command("create_project", "--name", "Evaluations", "--organization-name", "Home")

        (project,) = run_command("list_projects")

        assert project["project_id"] == made["project_id"]
        assert (project["name"], project["organization_name"]) == ("Evaluations", "Home")

    def test_text_output_is_a_table(self) -> None:
        run_command("create_project", "--name", "Evaluations", "--organization-name", "Home")
        output = StringIO()

        call_command("list_projects", stdout=output)

        head, row = output.getvalue().splitlines()
        assert head.split() == ["project", "id", "name", "organization", "name", "organization", "id", "created", "at"]
        assert row.index("Evaluations") == head.index("name")

    def test_control_characters_in_labels_are_escaped(self) -> None:
        run_command("create_api_key", *ADA, "--create-user", "--label", "a", "--scopes", "*")
        PersonalAPIKey.objects.update(label="a\x1b[2J\u202eb")
        output = StringIO()

        call_command("list_api_keys", stdout=output)

        assert "\x1b" not in output.getvalue()
        assert "a\\x1b[2J\\u202eb" in output.getvalue()

    @pytest.mark.parametrize("option", ["--label", "--project-name"])
    def test_control_characters_are_refused(self, option: str) -> None:
        label = () if option == "--label" else ("--label", "a")

        error = command_error("create_api_key", *ADA, "--create-user", *label, option, "a\x1b[2J", "--scopes", "*")

        assert error == f"{option} contains a control character."


@pytest.mark.django_db
class TestRename:
    def test_a_project(self) -> None:
        made = run_command("create_project", "--name", "Old")

        run_command("rename_project", "--id", str(made["project_id"]), "--name", "New")

        assert Project.objects.get().name == "New"

    def test_a_user(self) -> None:
        run_command("create_user", *ADA)

        run_command("rename_user", *ADA, "--new-email", "lovelace@example.com", "--last-name", "Lovelace")

        assert (User.objects.get().email, User.objects.get().last_name) == ("lovelace@example.com", "Lovelace")

    def test_a_key(self) -> None:
        made = run_command("create_api_key", *ADA, "--create-user", *ALL_SCOPES)

        run_command("rename_api_key", "--id", made["id"], "--label", "Nightly")

        assert PersonalAPIKey.objects.get().label == "Nightly"

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("rename_project", "--id", "99", "--name", "x"), "There is no project 99."),
            (("require_erasure_reason", "--id", "99"), "There is no project 99."),
            (("rename_user", *ADA), "Nothing to change"),
            (("rename_user", "--email", "nobody@example.com", "--first-name", "x"), "No user has"),
            (("rename_user", *ADA, "--new-email", "BOB@example.com"), "Another user has the e-mail address"),
            (("rename_api_key", "--id", "unknown", "--label", "x"), "There is no key with that id."),
        ],
    )
    def test_errors_are_explained(self, arguments: tuple[str, ...], message: str) -> None:
        run_command("create_user", *ADA)
        run_command("create_user", "--email", "bob@example.com")

        assert message in command_error(*arguments)


@pytest.mark.django_db
class TestRemoveMember:
    def test_the_membership_and_current_choices_are_removed(self) -> None:
        run_command(
            "create_api_key", *ADA, "--create-user", "--project-name", "P", "--organization-name", "Home", *ALL_SCOPES
        )

        run_command("remove_member", *ADA, "--organization-name", "Home")

        user = User.objects.get()
        assert not user.memberships.exists()
        assert (user.current_organization_id, user.current_team_id) == (None, None)

    def test_removing_a_non_member_is_an_error(self) -> None:
        run_command("create_user", *ADA)

        assert "is not a member of 'Home'" in command_error("remove_member", *ADA, "--organization-name", "Home")


def test_an_invalid_data_dir_creates_nothing(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"

    done: Any = manage("list_users", DATABASE_URL="", DATA_DIR=str(wrong))

    assert done.returncode == 1
    assert f"{wrong} contains no database, and none was created." in done.stderr
    assert not wrong.exists()
