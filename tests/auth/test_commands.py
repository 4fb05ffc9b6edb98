"""The console commands: what they make, what they print, and that a printed key opens what it should."""

import json
import os
import subprocess
import sys
from io import StringIO
from typing import Any
from uuid import UUID

import httpx
import pytest
from django.core.management import CommandError, call_command

from auth.keys import hash_key, mask_key
from auth.models import Membership, Organization, PersonalAPIKey, Project, User
from tests.people import Everyone
from tests.service_process import PROJECT_DIR, ServiceProcess
from tests.service_process import test_database_url as database_url

ADA = ("--email", "ada@example.com")
EVERYTHING = ("--label", "Laptop", "--scopes", "*")
NOBODY = UUID(int=7)


def called(command: str, *arguments: str, **options: Any) -> Any:
    """What the command prints as JSON; standard output holds that alone."""
    output = StringIO()
    call_command(command, *arguments, "--json", stdout=output, **options)
    return json.loads(output.getvalue())


def refusal(command: str, *arguments: str) -> str:
    with pytest.raises(CommandError) as raised:
        called(command, *arguments)
    return str(raised.value)


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process of its own, on the tests' database."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT_DIR,
        env=os.environ | {"DATABASE_URL": database_url()} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def answer(service: ServiceProcess, key: str, project_id: int) -> tuple[int, str | None]:
    """The status and the detail of an error."""
    path = f"{service.base}/api/projects/{project_id}/datasets/"
    response = httpx.get(path, headers={"Authorization": f"Bearer {key}"})
    return response.status_code, response.json().get("detail")


@pytest.mark.django_db
class TestCreateAPIKey:
    def test_user_and_project_are_made(self) -> None:
        printed = called("create_api_key", *ADA, "--create-user", "--project-name", "Evaluations", *EVERYTHING)

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
        first = called("create_api_key", *ADA, "--create-user", "--project-name", "Evaluations", *EVERYTHING)
        second = called(
            "create_api_key",
            "--email",
            "bob@example.com",
            "--create-user",
            "--project-name",
            "Evaluations",
            *EVERYTHING,
        )

        assert second["user_id"] != first["user_id"]
        assert second["project_id"] == first["project_id"]
        assert second["organization_id"] == first["organization_id"]

    def test_a_project_of_that_name_elsewhere_is_another(self) -> None:
        named = ("--create-user", "--project-name", "Evaluations", *EVERYTHING)
        first = called("create_api_key", *ADA, *named, "--organization-name", "Home")
        second = called("create_api_key", "--email", "eve@example.com", *named, "--organization-name", "Abroad")

        assert second["organization_id"] != first["organization_id"]
        assert refusal("create_api_key", *ADA, *named) == (
            "Several projects are named 'Evaluations': say which organization."
        )

    def test_the_first_project_becomes_the_current_one(self) -> None:
        called("create_project", "--name", "Older")
        made = called("create_api_key", *ADA, "--create-user", "--project-name", "Younger", *EVERYTHING)
        called("create_api_key", *ADA, "--project-name", "Older", *EVERYTHING)

        later = called("create_api_key", *ADA, *EVERYTHING)

        assert later["project_id"] == made["project_id"]

    def test_a_user_of_no_project_has_none(self) -> None:
        printed = called("create_api_key", *ADA, "--create-user", *EVERYTHING)

        assert (printed["project_id"], printed["organization_id"]) == (None, None)

    def test_a_project_made_later_is_current_where_none_was_chosen(self) -> None:
        made = called("create_user", *ADA, "--organization-name", "Home")
        project = called("create_project", "--name", "Evaluations", "--organization-name", "Home")

        printed = called("create_api_key", *ADA, *EVERYTHING)

        assert printed["project_id"] == project["project_id"]
        assert printed["organization_id"] == project["organization_id"] == made["organization_id"]

    def test_level_is_given_and_kept(self) -> None:
        named = (*ADA, "--project-name", "Evaluations", *EVERYTHING)
        called("create_api_key", "--create-user", "--level", "admin", *named)
        called("create_api_key", *named)

        assert Membership.objects.get().level == Membership.Level.ADMIN

    def test_restrictions_are_kept(self) -> None:
        everyone = Everyone()

        called(
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
    def test_addresses_differ_by_more_than_case(self, email: str) -> None:
        made = called("create_user", *ADA)

        printed = called("create_api_key", "--email", email, "--create-user", *EVERYTHING)

        assert printed["user_id"] == made["user_id"]

    def test_scopes_of_other_services_are_kept_with_a_note(self) -> None:
        notes = StringIO()

        called("create_api_key", *ADA, "--create-user", "--label", "x", "--scopes", "insight:read,*", stderr=notes)

        assert PersonalAPIKey.objects.get().scopes == ["insight:read", "*"]
        assert notes.getvalue() == "Note: this service has nothing that insight:read would open.\n"

    def test_a_key_of_an_inactive_user_is_made_with_a_note(self) -> None:
        notes = StringIO()
        called("create_user", *ADA, "--inactive")

        called("create_api_key", *ADA, *EVERYTHING, stderr=notes)

        assert "ada@example.com is inactive" in notes.getvalue()

    def test_text_shows_the_key_once(self) -> None:
        output = StringIO()

        call_command("create_api_key", *ADA, "--create-user", *EVERYTHING, stdout=output)

        key = PersonalAPIKey.objects.get()
        words = output.getvalue().split()
        assert hash_key(words[words.index("key") + 1]) == key.secure_value
        assert "The key is shown this once." in output.getvalue()

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("--scopes", "dataset"), "--scopes: Invalid scope: dataset"),
            (("--scopes", "dataset:read,dataset:admin"), "--scopes: Invalid scope: dataset:admin"),
            (("--scopes", " , "), "--scopes: This list may not be empty."),
            (("--label", "x" * 41), "--label: Ensure this field has no more than 40 characters."),
            (("--label", " "), "--label: This field may not be blank."),
            (("--label", "a\0b"), "--label holds a character that cannot be stored."),
            (("--label", "a\udcffb"), "--label holds a character that cannot be stored."),
            (("--teams", "one"), "--teams: A valid integer is required."),
            (("--teams", "0"), "--teams: Ensure this value is greater than or equal to 1."),
            (("--teams", str(2**63)), f"--teams: Ensure this value is less than or equal to {2**63 - 1}."),
            (("--teams", ""), "--teams names none: leave it out for a key without that restriction."),
            (
                ("--teams", "987654"),
                "--teams: You must be a member of all teams that you are scoping the key to.",
            ),
            (("--organizations", "home"), "--organizations: Must be a valid UUID."),
            (("--organizations", ","), "--organizations names none: leave it out for a key without that restriction."),
            (
                ("--organizations", str(NOBODY)),
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
    def test_what_is_wrong_is_named_and_nothing_is_made(self, arguments: tuple[str, ...], message: str) -> None:
        named = (*ADA, "--create-user", "--project-name", "Evaluations", "--organization-name", "Home", *EVERYTHING)

        assert refusal("create_api_key", *named, *arguments).startswith(message)

        assert not any(model.objects.exists() for model in (User, Project, Organization, PersonalAPIKey))

    def test_what_belongs_to_others_is_refused(self) -> None:
        everyone = Everyone()
        owner = ("--email", "owner@example.com", *EVERYTHING)

        by_project = refusal("create_api_key", *owner, "--teams", str(everyone.foreign_project.id))
        by_organization = refusal("create_api_key", *owner, "--organizations", str(everyone.abroad.id))

        assert by_project.startswith("--teams: You must be a member of all teams")
        assert by_organization.startswith("--organizations: You must be a member of all organizations")

    def test_an_unknown_user_is_refused(self) -> None:
        assert refusal("create_api_key", *ADA, *EVERYTHING) == (
            "There is no user with the e-mail address ada@example.com."
        )

    def test_level_without_organization_is_refused(self) -> None:
        assert refusal("create_api_key", *ADA, "--create-user", "--level", "owner", *EVERYTHING) == (
            "--level needs --project-name or --organization-name."
        )
        assert not User.objects.exists()


@pytest.mark.django_db
class TestCreateUser:
    def test_it_works(self) -> None:
        printed = called(
            "create_user", *ADA, "--first-name", "Ada", "--last-name", "Lovelace", "--role", "engineering",
            "--organization-name", "Home", "--level", "owner",
        )  # fmt: skip

        user, organization = User.objects.get(), Organization.objects.get()
        assert printed == {
            "user_id": user.id,
            "uuid": str(user.uuid),
            "email": "ada@example.com",
            "organization_id": str(organization.id),
            "is_active": True,
        }
        assert (user.first_name, user.last_name, user.role_at_organization) == ("Ada", "Lovelace", "engineering")
        assert (organization.name, user.memberships.get().level) == ("Home", Membership.Level.OWNER)
        assert user.distinct_id

    def test_a_second_time_changes_what_is_named(self) -> None:
        first = called("create_user", *ADA, "--first-name", "Ada", "--organization-name", "Home")

        inactive = called("create_user", *ADA, "--inactive", "--last-name", "Lovelace")
        untouched = called("create_user", *ADA)
        active = called("create_user", *ADA, "--active", "--organization-name", "Home", "--level", "admin")

        user = User.objects.get()
        assert [each["is_active"] for each in (first, inactive, untouched, active)] == [True, False, False, True]
        assert {each["organization_id"] for each in (first, inactive, untouched, active)} == {first["organization_id"]}
        assert (user.first_name, user.last_name) == ("Ada", "Lovelace")
        assert user.memberships.get().level == Membership.Level.ADMIN

    def test_distinct_ids_are_random(self) -> None:
        for number in range(3):
            called("create_user", "--email", f"{number}@example.com")

        assert len(set(User.objects.values_list("distinct_id", flat=True))) == 3

    def test_options_can_be_given_as_arguments_of_a_function(self) -> None:
        """call_command passes these by their names, past the command line."""
        assert called("create_user", *ADA, inactive=True)["is_active"] is False
        assert called("create_user", *ADA, active=True)["is_active"] is True

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("--email", "no address"), "user email: Enter a valid email address."),
            (("--first-name", "x" * 151), "user first name: Ensure this value has at most 150 characters"),
            (("--last-name", "a\0"), "--last-name holds a character that cannot be stored."),
            (("--level", "admin"), "--level needs --organization-name."),
            (("--level", "king"), "Error: argument --level: invalid choice: 'king'"),
            (("--role", "queen"), "Error: argument --role: invalid choice: 'queen'"),
            (("--active", "--inactive"), "Error: argument --inactive: not allowed with argument --active"),
        ],
    )
    def test_what_is_wrong_is_named(self, arguments: tuple[str, ...], message: str) -> None:
        assert refusal("create_user", *ADA, *arguments).startswith(message)
        assert not User.objects.exists()


@pytest.mark.django_db
class TestCreateProject:
    def test_it_works(self) -> None:
        printed = called("create_project", "--name", "Evaluations", "--organization-name", "Home")

        project = Project.objects.get()
        assert printed == {
            "project_id": project.id,
            "organization_id": str(project.organization_id),
            "name": "Evaluations",
            "api_token": project.api_token,
            "created": True,
        }
        assert project.api_token.startswith("phc_")
        assert project.organization.members_can_use_personal_api_keys

    def test_a_second_time_shows_the_first(self) -> None:
        first = called("create_project", "--name", "Evaluations", "--organization-name", "Home")

        second = called("create_project", "--name", "Evaluations")

        assert second == first | {"created": False}

    def test_keys_of_members_are_forbidden_and_allowed_again(self) -> None:
        policies = []
        for option in ("--members-cannot-use-keys", None, "--members-can-use-keys"):
            called("create_project", "--name", "Evaluations", *([option] if option else []))
            policies.append(Organization.objects.get().members_can_use_personal_api_keys)

        assert policies == [False, False, True]

    @pytest.mark.parametrize(
        ("name", "message"),
        [("x" * 201, "project name: Ensure this value has at most 200"), (" ", "project name: This field cannot be")],
    )
    def test_a_name_that_does_not_fit_is_refused(self, name: str, message: str) -> None:
        assert refusal("create_project", "--name", name).startswith(message)
        assert not Organization.objects.exists()


@pytest.mark.django_db
class TestListAndRevoke:
    def test_keys_are_listed_without_their_values(self) -> None:
        made = called("create_api_key", *ADA, "--create-user", *EVERYTHING)
        other = called("create_api_key", "--email", "bob@example.com", "--create-user", *EVERYTHING)

        listed = called("list_api_keys")

        assert [each["id"] for each in listed] == [made["id"], other["id"]]
        assert {name: listed[0][name] for name in ("email", "label", "mask_value", "scopes", "last_used_at")} == {
            "email": "ada@example.com", "label": "Laptop", "mask_value": made["mask_value"], "scopes": ["*"],
            "last_used_at": None,
        }  # fmt: skip
        assert made["key"] not in json.dumps(listed)
        assert hash_key(made["key"]) not in json.dumps(listed)

    def test_those_of_one_user_are_listed(self) -> None:
        called("create_api_key", *ADA, "--create-user", *EVERYTHING)
        called("create_api_key", "--email", "bob@example.com", "--create-user", *EVERYTHING)

        assert [each["email"] for each in called("list_api_keys", "--email", "bob@example.com")] == ["bob@example.com"]
        assert refusal("list_api_keys", "--email", "eve@example.com") == (
            "There is no user with the e-mail address eve@example.com."
        )

    def test_text_has_a_line_for_each(self) -> None:
        output = StringIO()
        call_command("list_api_keys", stdout=output)
        called("create_api_key", *ADA, "--create-user", *EVERYTHING)
        call_command("list_api_keys", stdout=output)

        nothing, line = output.getvalue().splitlines()
        assert nothing == "There are no keys."
        assert "ada@example.com  Laptop  *  never used" in line

    @pytest.mark.parametrize("by", ["id", "key"])
    def test_a_key_is_revoked(self, by: str) -> None:
        made = called("create_api_key", *ADA, "--create-user", *EVERYTHING)
        called("create_api_key", *ADA, *EVERYTHING)

        printed = called("revoke_api_key", f"--{by}", made[by])

        assert printed == {
            "id": made["id"], "mask_value": made["mask_value"], "user_id": made["user_id"], "revoked": True
        }  # fmt: skip
        assert not PersonalAPIKey.objects.filter(id=made["id"]).exists()
        assert PersonalAPIKey.objects.count() == 1
        assert refusal("revoke_api_key", f"--{by}", made[by]) == "There is no such key."

    @pytest.mark.parametrize("arguments", [(), ("--id", "a", "--key", "b")])
    def test_one_key_must_be_named(self, arguments: tuple[str, ...]) -> None:
        assert refusal("revoke_api_key", *arguments).startswith("Error: ")


class TestProcess:
    """The commands as a person or a script runs them, beside the running service."""

    def test_a_printed_key_opens_the_project(self, service: ServiceProcess, live_database: None) -> None:
        done = manage(
            "create_api_key", *ADA, "--create-user", "--project-name", "Evaluations",
            "--label", "Laptop", "--scopes", "dataset:read,insight:read", "--json",
        )  # fmt: skip

        assert done.returncode == 0
        assert done.stderr == "Note: this service has nothing that insight:read would open.\n"
        assert done.stdout.count("\n") == 1
        printed = json.loads(done.stdout)
        assert answer(service, printed["key"], printed["project_id"]) == (200, None)

        revoked = manage("revoke_api_key", "--key", printed["key"], "--json")

        assert json.loads(revoked.stdout)["revoked"] is True
        assert answer(service, printed["key"], printed["project_id"])[0] == 401

    def test_a_refusal_is_one_line_and_exit_code_1(self, live_database: None) -> None:
        done = manage("create_api_key", *ADA, *EVERYTHING, "--json")

        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == "CommandError: There is no user with the e-mail address ada@example.com.\n"

    def test_a_database_that_is_away_is_reported_in_words(self) -> None:
        done = manage("list_api_keys", "--json", DATABASE_URL="postgresql://127.0.0.1:1/none")

        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("CommandError: The database cannot be used: ")
        assert "Traceback" not in done.stderr

    def test_many_at_once_make_one_user_and_one_project(self, live_database: None) -> None:
        command = [sys.executable, "manage.py", "create_api_key", *ADA, "--create-user", "--project-name", "P"]
        environment = os.environ | {"DATABASE_URL": database_url()}
        running = [
            subprocess.Popen([*command, *EVERYTHING], cwd=PROJECT_DIR, env=environment, stdout=subprocess.PIPE)
            for _ in range(4)
        ]

        for each in running:
            each.communicate()

        assert [each.returncode for each in running] == [0, 0, 0, 0]
        assert (User.objects.count(), Project.objects.count(), PersonalAPIKey.objects.count()) == (1, 1, 4)


class TestAccess:
    """Who gets in with a key that a command made."""

    def test_owner_and_colleague(self, service: ServiceProcess, live_database: None) -> None:
        named = ("--create-user", "--project-name", "Evaluations", *EVERYTHING)
        owner = called("create_api_key", *ADA, "--level", "owner", *named)
        called("create_user", "--email", "bob@example.com", "--organization-name", "Default organization")
        colleague = called("create_api_key", "--email", "bob@example.com", *EVERYTHING)

        for key in (owner["key"], colleague["key"]):
            assert answer(service, key, owner["project_id"]) == (200, None)

    def test_stranger(self, service: ServiceProcess, live_database: None) -> None:
        project = called("create_project", "--name", "Evaluations")
        stranger = called(
            "create_api_key", "--email", "eve@example.com", "--create-user", "--project-name", "Elsewhere",
            "--organization-name", "Abroad", *EVERYTHING,
        )  # fmt: skip

        assert answer(service, stranger["key"], stranger["project_id"]) == (200, None)
        assert answer(service, stranger["key"], project["project_id"]) == (
            403,
            "You don't have access to the project.",
        )

    def test_inactive_and_active_again(self, service: ServiceProcess, live_database: None) -> None:
        made = called("create_api_key", *ADA, "--create-user", "--project-name", "Evaluations", *EVERYTHING)
        statuses = []
        for option in ("--inactive", "--active"):
            called("create_user", *ADA, option)
            statuses.append(answer(service, made["key"], made["project_id"])[0])

        assert statuses == [401, 200]

    def test_organization_that_forbids_keys(self, service: ServiceProcess, live_database: None) -> None:
        project = called("create_project", "--name", "P", "--organization-name", "Strict", "--members-cannot-use-keys")
        named = ("--create-user", "--project-name", "P", *EVERYTHING)
        member = called("create_api_key", *ADA, *named)
        admin = called("create_api_key", "--email", "bob@example.com", "--level", "admin", *named)

        assert answer(service, member["key"], project["project_id"]) == (
            403,
            "Organization 'Strict' does not allow using personal API keys. Contact an admin to enable personal API "
            "keys for this organization.",
        )
        assert answer(service, admin["key"], project["project_id"]) == (200, None)

        called("create_project", "--name", "P", "--members-can-use-keys")

        assert answer(service, member["key"], project["project_id"]) == (200, None)

    def test_key_kept_to_a_project(self, service: ServiceProcess, live_database: None) -> None:
        first = called("create_api_key", *ADA, "--create-user", "--project-name", "First", *EVERYTHING)
        second = called("create_project", "--name", "Second")

        kept = called("create_api_key", *ADA, *EVERYTHING, "--teams", str(first["project_id"]))

        assert answer(service, kept["key"], first["project_id"]) == (200, None)
        assert answer(service, kept["key"], second["project_id"]) == (
            403,
            f"API key does not have access to the requested project: ID {second['project_id']}.",
        )

    def test_key_kept_to_an_organization(self, service: ServiceProcess, live_database: None) -> None:
        home = called("create_api_key", *ADA, "--create-user", "--project-name", "First", *EVERYTHING)
        abroad = called(
            "create_api_key", *ADA, "--project-name", "Second", "--organization-name", "Abroad", *EVERYTHING
        )

        kept = called("create_api_key", *ADA, *EVERYTHING, "--organizations", home["organization_id"])

        assert answer(service, kept["key"], home["project_id"]) == (200, None)
        assert answer(service, kept["key"], abroad["project_id"]) == (
            403,
            f"API key does not have access to the requested organization: ID {abroad['organization_id']}.",
        )
