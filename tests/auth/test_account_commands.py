"""Management commands that create users, projects and keys, and the access that they give."""

import pytest

from auth.models import Membership, Organization, Project, User
from tests.auth.commands import ADA, ALL_SCOPES, ask_service, command_error, run_command
from tests.service_process import ServiceProcess


@pytest.mark.django_db
class TestCreateUser:
    def test_it_works(self) -> None:
        printed = run_command(
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

    def test_a_second_call_changes_the_given_fields(self) -> None:
        first = run_command("create_user", *ADA, "--first-name", "Ada", "--organization-name", "Home")

        inactive = run_command("create_user", *ADA, "--inactive", "--last-name", "Lovelace")
        untouched = run_command("create_user", *ADA)
        active = run_command("create_user", *ADA, "--active", "--organization-name", "Home", "--level", "admin")

        user = User.objects.get()
        assert [each["is_active"] for each in (first, inactive, untouched, active)] == [True, False, False, True]
        assert {each["organization_id"] for each in (first, inactive, untouched, active)} == {first["organization_id"]}
        assert (user.first_name, user.last_name) == ("Ada", "Lovelace")
        assert user.memberships.get().level == Membership.Level.ADMIN

    def test_distinct_ids_are_random(self) -> None:
        for number in range(3):
            run_command("create_user", "--email", f"{number}@example.com")

        assert len(set(User.objects.values_list("distinct_id", flat=True))) == 3

    def test_options_can_be_given_as_arguments_of_a_function(self) -> None:
        """call_command passes keyword arguments without parsing them."""
        assert run_command("create_user", *ADA, inactive=True)["is_active"] is False
        assert run_command("create_user", *ADA, active=True)["is_active"] is True

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("--email", "no address"), "user email: Enter a valid email address."),
            (("--first-name", "x" * 151), "user first name: Ensure this value has at most 150 characters"),
            (("--last-name", "a\0"), "--last-name contains a character that cannot be stored."),
            (("--level", "admin"), "--level needs --organization-name."),
            (("--level", "king"), "Error: argument --level: invalid choice: 'king'"),
            (("--role", "queen"), "Error: argument --role: invalid choice: 'queen'"),
            (("--active", "--inactive"), "Error: argument --inactive: not allowed with argument --active"),
        ],
    )
    def test_errors_name_the_option(self, arguments: tuple[str, ...], message: str) -> None:
        assert command_error("create_user", *ADA, *arguments).startswith(message)
        assert not User.objects.exists()


@pytest.mark.django_db
class TestCreateProject:
    def test_it_works(self) -> None:
        printed = run_command("create_project", "--name", "Evaluations", "--organization-name", "Home")

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

    def test_a_second_call_shows_the_existing_project(self) -> None:
        first = run_command("create_project", "--name", "Evaluations", "--organization-name", "Home")

        second = run_command("create_project", "--name", "Evaluations")

        assert second == first | {"created": False}

    def test_keys_of_members_are_forbidden_and_allowed_again(self) -> None:
        policies = []
        for option in ("--members-cannot-use-keys", None, "--members-can-use-keys"):
            run_command("create_project", "--name", "Evaluations", *([option] if option else []))
            policies.append(Organization.objects.get().members_can_use_personal_api_keys)

        assert policies == [False, False, True]

    @pytest.mark.parametrize(
        ("name", "message"),
        [("x" * 201, "project name: Ensure this value has at most 200"), (" ", "project name: This field cannot be")],
    )
    def test_an_invalid_name_is_rejected(self, name: str, message: str) -> None:
        assert command_error("create_project", "--name", name).startswith(message)
        assert not Organization.objects.exists()


class TestAccess:
    """Access to the service with a key that a command created."""

    def test_owner_and_colleague(self, service: ServiceProcess, live_database: None) -> None:
        named = ("--create-user", "--project-name", "Evaluations", *ALL_SCOPES)
        owner = run_command("create_api_key", *ADA, "--level", "owner", *named)
        run_command("create_user", "--email", "bob@example.com", "--organization-name", "Default organization")
        colleague = run_command("create_api_key", "--email", "bob@example.com", *ALL_SCOPES)

        for key in (owner["key"], colleague["key"]):
            assert ask_service(service, key, owner["project_id"]) == (200, None)

    def test_stranger(self, service: ServiceProcess, live_database: None) -> None:
        project = run_command("create_project", "--name", "Evaluations")
        stranger = run_command(
            "create_api_key", "--email", "eve@example.com", "--create-user", "--project-name", "Elsewhere",
            "--organization-name", "Abroad", *ALL_SCOPES,
        )  # fmt: skip

        assert ask_service(service, stranger["key"], stranger["project_id"]) == (200, None)
        assert ask_service(service, stranger["key"], project["project_id"]) == (
            403,
            "You don't have access to the project.",
        )

    def test_inactive_and_active_again(self, service: ServiceProcess, live_database: None) -> None:
        made = run_command("create_api_key", *ADA, "--create-user", "--project-name", "Evaluations", *ALL_SCOPES)
        statuses = []
        for option in ("--inactive", "--active"):
            run_command("create_user", *ADA, option)
            statuses.append(ask_service(service, made["key"], made["project_id"])[0])

        assert statuses == [401, 200]

    def test_organization_that_forbids_keys(self, service: ServiceProcess, live_database: None) -> None:
        project = run_command(
            "create_project", "--name", "P", "--organization-name", "Strict", "--members-cannot-use-keys"
        )
        named = ("--create-user", "--project-name", "P", *ALL_SCOPES)
        member = run_command("create_api_key", *ADA, *named)
        admin = run_command("create_api_key", "--email", "bob@example.com", "--level", "admin", *named)

        assert ask_service(service, member["key"], project["project_id"]) == (
            403,
            "Organization 'Strict' does not allow using personal API keys. Contact an admin to enable personal API "
            "keys for this organization.",
        )
        assert ask_service(service, admin["key"], project["project_id"]) == (200, None)

        run_command("create_project", "--name", "P", "--members-can-use-keys")

        assert ask_service(service, member["key"], project["project_id"]) == (200, None)

    def test_key_restricted_to_a_project(self, service: ServiceProcess, live_database: None) -> None:
        first = run_command("create_api_key", *ADA, "--create-user", "--project-name", "First", *ALL_SCOPES)
        second = run_command("create_project", "--name", "Second")

        kept = run_command("create_api_key", *ADA, *ALL_SCOPES, "--teams", str(first["project_id"]))

        assert ask_service(service, kept["key"], first["project_id"]) == (200, None)
        assert ask_service(service, kept["key"], second["project_id"]) == (
            403,
            f"API key does not have access to the requested project: ID {second['project_id']}.",
        )

    def test_key_restricted_to_an_organization(self, service: ServiceProcess, live_database: None) -> None:
        home = run_command("create_api_key", *ADA, "--create-user", "--project-name", "First", *ALL_SCOPES)
        abroad = run_command(
            "create_api_key", *ADA, "--project-name", "Second", "--organization-name", "Abroad", *ALL_SCOPES
        )

        kept = run_command("create_api_key", *ADA, *ALL_SCOPES, "--organizations", home["organization_id"])

        assert ask_service(service, kept["key"], home["project_id"]) == (200, None)
        assert ask_service(service, kept["key"], abroad["project_id"]) == (
            403,
            f"API key does not have access to the requested organization: ID {abroad['organization_id']}.",
        )
