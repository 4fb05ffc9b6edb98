"""Management commands for personal API keys: their effects, output and errors, also in their own process."""

import json
import os
import subprocess
import sys
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import call_command

from auth.api_keys.tokens import hash_key, mask_key
from auth.models import Membership, Organization, PersonalAPIKey, Project, User
from tests.auth.commands import ADA, ALL_SCOPES, ask_service, command_error, manage, run_command
from tests.people import People
from tests.service_process import PROJECT_DIR, ServiceProcess
from tests.service_process import test_database_url as database_url

UNKNOWN_ID = UUID(int=7)


@pytest.mark.django_db
class TestCreateAPIKey:
    def test_user_and_project_are_created(self) -> None:
        printed = run_command("create_api_key", *ADA, "--create-user", "--project-name", "Evaluations", *ALL_SCOPES)

        user, project, key = User.objects.get(), Project.objects.get(), PersonalAPIKey.objects.get()
        assert printed == {
            "key": printed["key"],
            "id": key.id,
            "mask_value": mask_key(printed["key"]),
            "user_id": user.id,
            "project_id": project.id,
            "organization_id": str(project.organization_id),
        }
        assert (key.secure_value, key.user_id) == (hash_key(printed["key"]), user.id)
        assert (user.email, user.current_team_id, user.is_active) == ("ada@example.com", project.id, True)
        assert (project.name, project.organization.name) == ("Evaluations", "Default organization")
        assert user.memberships.get().level == Membership.Level.MEMBER

    def test_an_existing_project_is_joined(self) -> None:
        first = run_command("create_api_key", *ADA, "--create-user", "--project-name", "Evaluations", *ALL_SCOPES)
        second = run_command(
            "create_api_key",
            "--email",
            "bob@example.com",
            "--create-user",
            "--project-name",
            "Evaluations",
            *ALL_SCOPES,
        )

        assert second["user_id"] != first["user_id"]
        assert second["project_id"] == first["project_id"]
        assert second["organization_id"] == first["organization_id"]

    def test_a_project_with_the_same_name_in_another_organization_is_created(self) -> None:
        named = ("--create-user", "--project-name", "Evaluations", *ALL_SCOPES)
        first = run_command("create_api_key", *ADA, *named, "--organization-name", "Home")
        second = run_command("create_api_key", "--email", "eve@example.com", *named, "--organization-name", "Abroad")

        assert second["organization_id"] != first["organization_id"]
        assert command_error("create_api_key", *ADA, *named) == (
            "Several projects are named 'Evaluations': add --organization-name."
        )

    def test_the_first_project_becomes_the_current_one(self) -> None:
        run_command("create_project", "--name", "Older")
        made = run_command("create_api_key", *ADA, "--create-user", "--project-name", "Younger", *ALL_SCOPES)
        run_command("create_api_key", *ADA, "--project-name", "Older", *ALL_SCOPES)

        later = run_command("create_api_key", *ADA, *ALL_SCOPES)

        assert later["project_id"] == made["project_id"]

    def test_a_user_without_projects_has_no_current_project(self) -> None:
        printed = run_command("create_api_key", *ADA, "--create-user", *ALL_SCOPES)

        assert (printed["project_id"], printed["organization_id"]) == (None, None)

    def test_a_later_project_becomes_current_if_none_was_chosen(self) -> None:
        made = run_command("create_user", *ADA, "--organization-name", "Home")
        project = run_command("create_project", "--name", "Evaluations", "--organization-name", "Home")

        printed = run_command("create_api_key", *ADA, *ALL_SCOPES)

        assert printed["project_id"] == project["project_id"]
        assert printed["organization_id"] == project["organization_id"] == made["organization_id"]

    def test_the_level_is_set_and_later_kept(self) -> None:
        named = (*ADA, "--project-name", "Evaluations", *ALL_SCOPES)
        run_command("create_api_key", "--create-user", "--level", "admin", *named)
        run_command("create_api_key", *named)

        assert Membership.objects.get().level == Membership.Level.ADMIN

    def test_restrictions_are_stored(self) -> None:
        everyone = People()

        run_command(
            "create_api_key", "--email", "owner@example.com", "--label", " CI ",
            "--scopes", " dataset:read, dataset:write ,dataset:read",
            "--teams", f"{everyone.sibling.id},{everyone.project.id}",
            "--organizations", str(everyone.home.id).upper(),
        )  # fmt: skip

        key = PersonalAPIKey.objects.get()
        assert (key.label, key.scopes) == ("CI", ["dataset:read", "dataset:write"])
        assert key.scoped_teams == [everyone.sibling.id, everyone.project.id]
        assert key.scoped_organizations == [str(everyone.home.id)]

    @pytest.mark.parametrize("email", ["ADA@example.com", "Ada@Example.Com"])
    def test_addresses_are_case_insensitive(self, email: str) -> None:
        made = run_command("create_user", *ADA)

        printed = run_command("create_api_key", "--email", email, "--create-user", *ALL_SCOPES)

        assert printed["user_id"] == made["user_id"]

    def test_scopes_of_other_services_are_accepted_with_a_note(self) -> None:
        notes = StringIO()

        run_command("create_api_key", *ADA, "--create-user", "--label", "x", "--scopes", "insight:read,*", stderr=notes)

        assert PersonalAPIKey.objects.get().scopes == ["insight:read", "*"]
        assert notes.getvalue() == "Note: insight:read gives access to nothing in this service.\n"

    def test_a_key_of_an_inactive_user_is_created_with_a_note(self) -> None:
        notes = StringIO()
        run_command("create_user", *ADA, "--inactive")

        run_command("create_api_key", *ADA, *ALL_SCOPES, stderr=notes)

        assert "ada@example.com is inactive" in notes.getvalue()

    def test_text_shows_the_key_once(self) -> None:
        output = StringIO()

        call_command("create_api_key", *ADA, "--create-user", *ALL_SCOPES, stdout=output)

        key = PersonalAPIKey.objects.get()
        words = output.getvalue().split()
        assert hash_key(words[words.index("key") + 1]) == key.secure_value
        assert "The key is not shown again." in output.getvalue()

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("--scopes", "dataset"), "--scopes: Invalid scope: dataset"),
            (("--scopes", "dataset:read,dataset:admin"), "--scopes: Invalid scope: dataset:admin"),
            (("--scopes", " , "), "--scopes: This list may not be empty."),
            (("--label", "x" * 41), "--label: Ensure this field has no more than 40 characters."),
            (("--label", " "), "--label: This field may not be blank."),
            (("--label", "a\0b"), "--label contains a character that cannot be stored."),
            (("--label", "a\udcffb"), "--label contains a character that cannot be stored."),
            (("--teams", "one"), "--teams: A valid integer is required."),
            (("--teams", "0"), "--teams: Ensure this value is greater than or equal to 1."),
            (("--teams", str(2**63)), f"--teams: Ensure this value is less than or equal to {2**63 - 1}."),
            (("--teams", ""), "--teams is empty: omit it for a key without that restriction."),
            (
                ("--teams", "987654"),
                "--teams: You must be a member of all teams that you are scoping the key to.",
            ),
            (("--organizations", "home"), "--organizations: Must be a valid UUID."),
            (("--organizations", ","), "--organizations is empty: omit it for a key without that restriction."),
            (
                ("--organizations", str(UNKNOWN_ID)),
                "--organizations: You must be a member of all organizations that you are scoping the key to.",
            ),
            (("--email", "ada"), "user email: Enter a valid email address."),
            (("--email", f"{'a' * 250}@example.com"), "user email: Ensure this value has at most 254 characters"),
            (("--project-name", "x" * 201), "project name: Ensure this value has at most 200 characters"),
            (("--project-name", ""), "project name: This field cannot be blank."),
            (("--organization-name", "x" * 65), "organization name: Ensure this value has at most 64 characters"),
            (("--organization-name", ""), "organization name: This field cannot be blank."),
        ],
    )
    def test_errors_name_the_option_and_nothing_is_created(self, arguments: tuple[str, ...], message: str) -> None:
        named = (*ADA, "--create-user", "--project-name", "Evaluations", "--organization-name", "Home", *ALL_SCOPES)

        assert command_error("create_api_key", *named, *arguments).startswith(message)

        assert not any(model.objects.exists() for model in (User, Project, Organization, PersonalAPIKey))

    def test_foreign_restrictions_are_rejected(self) -> None:
        everyone = People()
        owner = ("--email", "owner@example.com", *ALL_SCOPES)

        by_project = command_error("create_api_key", *owner, "--teams", str(everyone.foreign_project.id))
        by_organization = command_error("create_api_key", *owner, "--organizations", str(everyone.abroad.id))

        assert by_project.startswith("--teams: You must be a member of all teams")
        assert by_organization.startswith("--organizations: You must be a member of all organizations")

    def test_an_unknown_user_is_rejected(self) -> None:
        assert command_error("create_api_key", *ADA, *ALL_SCOPES) == ("No user has the e-mail address ada@example.com.")

    def test_level_without_organization_is_rejected(self) -> None:
        assert command_error("create_api_key", *ADA, "--create-user", "--level", "owner", *ALL_SCOPES) == (
            "--level needs --project-name or --organization-name."
        )
        assert not User.objects.exists()


@pytest.mark.django_db
class TestListAndRevoke:
    def test_keys_are_listed_without_their_values(self) -> None:
        made = run_command("create_api_key", *ADA, "--create-user", *ALL_SCOPES)
        other = run_command("create_api_key", "--email", "bob@example.com", "--create-user", *ALL_SCOPES)

        listed = run_command("list_api_keys")

        assert [each["id"] for each in listed] == [made["id"], other["id"]]
        assert {name: listed[0][name] for name in ("email", "label", "mask_value", "scopes", "last_used_at")} == {
            "email": "ada@example.com", "label": "Laptop", "mask_value": made["mask_value"], "scopes": ["*"],
            "last_used_at": None,
        }  # fmt: skip
        assert made["key"] not in json.dumps(listed)
        assert hash_key(made["key"]) not in json.dumps(listed)

    def test_keys_of_one_user_are_listed(self) -> None:
        run_command("create_api_key", *ADA, "--create-user", *ALL_SCOPES)
        run_command("create_api_key", "--email", "bob@example.com", "--create-user", *ALL_SCOPES)

        assert [each["email"] for each in run_command("list_api_keys", "--email", "bob@example.com")] == [
            "bob@example.com"
        ]
        assert command_error("list_api_keys", "--email", "eve@example.com") == (
            "No user has the e-mail address eve@example.com."
        )

    def test_text_output_has_a_line_per_key(self) -> None:
        output = StringIO()
        call_command("list_api_keys", stdout=output)
        run_command("create_api_key", *ADA, "--create-user", *ALL_SCOPES)
        call_command("list_api_keys", stdout=output)

        nothing, head, line = output.getvalue().splitlines()
        assert nothing == "There are no keys."
        assert head.split()[:4] == ["id", "mask", "value", "email"]
        assert line.split()[2:] == ["ada@example.com", "Laptop", "*", "-", "-", "-"]

    @pytest.mark.parametrize("by", ["id", "key"])
    def test_a_key_is_revoked(self, by: str) -> None:
        made = run_command("create_api_key", *ADA, "--create-user", *ALL_SCOPES)
        run_command("create_api_key", *ADA, *ALL_SCOPES)

        printed = run_command("revoke_api_key", f"--{by}", made[by])

        assert printed == {
            "id": made["id"], "mask_value": made["mask_value"], "user_id": made["user_id"], "revoked": True
        }  # fmt: skip
        assert not PersonalAPIKey.objects.filter(id=made["id"]).exists()
        assert PersonalAPIKey.objects.count() == 1
        assert command_error("revoke_api_key", f"--{by}", made[by]) == "There is no such key."

    @pytest.mark.parametrize("arguments", [(), ("--id", "a", "--key", "b")])
    def test_one_key_must_be_named(self, arguments: tuple[str, ...]) -> None:
        assert command_error("revoke_api_key", *arguments).startswith("Error: ")


class TestProcess:
    """The commands in their own process, beside the running service."""

    def test_a_printed_key_gives_access_to_the_project(self, service: ServiceProcess, live_database: None) -> None:
        done = manage(
            "create_api_key", *ADA, "--create-user", "--project-name", "Evaluations",
            "--label", "Laptop", "--scopes", "dataset:read,insight:read", "--json",
        )  # fmt: skip

        assert done.returncode == 0
        assert done.stderr == "Note: insight:read gives access to nothing in this service.\n"
        assert done.stdout.count("\n") == 1
        printed = json.loads(done.stdout)
        assert ask_service(service, printed["key"], printed["project_id"]) == (200, None)

        revoked = manage("revoke_api_key", "--key", printed["key"], "--json")

        assert json.loads(revoked.stdout)["revoked"] is True
        assert ask_service(service, printed["key"], printed["project_id"])[0] == 401

    def test_an_error_is_one_line_with_exit_code_1(self, live_database: None) -> None:
        done = manage("create_api_key", *ADA, *ALL_SCOPES, "--json")

        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == "CommandError: No user has the e-mail address ada@example.com.\n"

    def test_an_unavailable_database_is_reported_without_a_traceback(self) -> None:
        done = manage("list_api_keys", "--json", DATABASE_URL="postgresql://127.0.0.1:1/none")

        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("CommandError: The database cannot be used: ")
        assert "Traceback" not in done.stderr

    def test_concurrent_commands_create_one_user_and_one_project(self, live_database: None) -> None:
        command = [sys.executable, "manage.py", "create_api_key", *ADA, "--create-user", "--project-name", "P"]
        environment = os.environ | {"DATABASE_URL": database_url()}
        running = [
            subprocess.Popen([*command, *ALL_SCOPES], cwd=PROJECT_DIR, env=environment, stdout=subprocess.PIPE)
            for _ in range(4)
        ]

        for each in running:
            each.communicate()

        assert [each.returncode for each in running] == [0, 0, 0, 0]
        assert (User.objects.count(), Project.objects.count(), PersonalAPIKey.objects.count()) == (1, 1, 4)
