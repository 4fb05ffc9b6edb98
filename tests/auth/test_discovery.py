"""What clients ask first: who am I, which projects and organisations are there. A key is shown what it may reach."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from auth.models import Organization, Project, User
from tests.api import Api, envelope
from tests.people import ADMIN, MEMBER, OWNER, Everyone, key, organization, person, project

pytestmark = pytest.mark.django_db

USER_KEYS = [
    "id",
    "uuid",
    "distinct_id",
    "first_name",
    "last_name",
    "email",
    "is_email_verified",
    "role_at_organization",
    "hedgehog_config",
    "date_joined",
    "team",
    "organization",
    "organizations",
]
PREFIXES = pytest.mark.parametrize("prefix", ["projects", "environments"])


def time_text(time: datetime) -> str:
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def shown_project(row: Project) -> dict[str, Any]:
    return {
        "id": row.id,
        "uuid": str(row.uuid),
        "organization": str(row.organization_id),
        "name": row.name,
        "api_token": row.api_token,
        "timezone": "UTC",
        "created_at": time_text(row.created_at),
    }


def shown_organization(row: Organization, level: int, *projects: Project) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "name": row.name,
        "slug": row.slug,
        "created_at": time_text(row.created_at),
        "membership_level": level,
        "teams": [shown_project(each) for each in projects],
    }


def in_order(value: Any) -> Any:
    """Makes the order of keys part of what is compared."""
    if isinstance(value, dict):
        return [(name, in_order(each)) for name, each in value.items()]
    return [in_order(each) for each in value] if isinstance(value, list) else value


def assert_shows(answer: Any, expected: Any) -> None:
    assert answer.status_code == 200, answer.content
    assert in_order(answer.json()) == in_order(expected)


class TwoOrganizations:
    """Wanda belongs to both: as a plain member to the first, as an owner to the second. There is a third."""

    def __init__(self) -> None:
        self.first, self.second, self.third = (organization(name) for name in ("First", "Second", "Third"))
        self.one, self.two = project("One", self.first), project("Two", self.first)
        self.three = project("Three", self.second)
        self.hidden = project("Hidden", self.third)
        self.wanda = person("wanda", self.first)
        self.wanda.memberships.create(organization=self.second, level=OWNER)

    def api(self, **restrictions: Any) -> Api:
        return Api(key(self.wanda, **restrictions))

    def seen(self, api: Api) -> dict[str, Any]:
        """Names of all that is shown at the four places; each shows the same."""
        me = api.get("/api/users/@me/").json()
        projects = {row["name"] for row in api.get("/api/projects/").json()["results"]}
        environments = {row["name"] for row in api.get("/api/environments/").json()["results"]}
        teams = {team["name"] for each in me["organizations"] for team in each["teams"]}
        single = {
            each.name
            for each in Organization.objects.all()
            if api.get(f"/api/organizations/{each.id}/").status_code == 200
        }
        assert projects == environments == teams
        assert single == {each["name"] for each in me["organizations"]}
        return {
            "projects": projects,
            "organizations": single,
            "team": me["team"] and me["team"]["name"],
            "organization": me["organization"] and me["organization"]["name"],
        }


# --- Who am I --------------------------------------------------------------------------------------------------------


def test_the_current_user_is_shown_in_full() -> None:
    people = Everyone()
    user = people.colleague
    User.objects.filter(id=user.id).update(
        distinct_id="d-1",
        first_name="Ada",
        last_name="Lovelace",
        is_email_verified=True,
        role_at_organization="engineering",
        hedgehog_config={"use_as_profile": True, "color": None, "accessories": ["hat"]},
    )
    home = shown_organization(people.home, MEMBER, people.project, people.sibling)

    answer = Api(key(user)).get("/api/users/@me/")

    assert list(answer.json()) == USER_KEYS
    assert_shows(
        answer,
        {
            "id": user.id,
            "uuid": str(user.uuid),
            "distinct_id": "d-1",
            "first_name": "Ada",
            "last_name": "Lovelace",
            "email": user.email,
            "is_email_verified": True,
            "role_at_organization": "engineering",
            "hedgehog_config": answer.json()["hedgehog_config"],  # jsonb, whose order of keys is its own
            "date_joined": time_text(user.date_joined),
            "team": shown_project(people.project),
            "organization": home,
            "organizations": [home],
        },
    )
    assert answer.json()["hedgehog_config"] == {"use_as_profile": True, "color": None, "accessories": ["hat"]}


def test_a_user_without_any_optional_value_is_shown_with_nulls_and_empty_texts() -> None:
    people = Everyone()
    User.objects.filter(id=people.colleague.id).update(first_name="", distinct_id=None)

    me = Api(key(people.colleague)).get("/api/users/@me").json()

    nulls = {name for name, value in me.items() if value is None}
    assert nulls == {"distinct_id", "is_email_verified", "role_at_organization", "hedgehog_config"}
    assert (me["first_name"], me["last_name"]) == ("", "")


def test_every_level_of_membership_is_shown() -> None:
    people = Everyone()
    admin = person("admin", people.home, level=ADMIN)

    for user, level in ((people.colleague, 1), (admin, 8), (people.owner, 15)):
        me = Api(key(user)).get("/api/users/@me/").json()

        assert [each["membership_level"] for each in me["organizations"]] == [level]


def test_a_current_team_is_shown_before_the_lowest_one() -> None:
    people = Everyone()
    people.colleague.current_team = people.sibling
    people.colleague.save()
    api = Api(key(people.colleague))

    assert api.get("/api/users/@me/").json()["team"]["id"] == people.sibling.id
    assert api.get("/api/projects/@current/").json()["id"] == people.sibling.id


def test_without_a_chosen_team_it_is_the_lowest_one() -> None:
    people = Everyone()
    User.objects.update(current_team=None, current_organization=None)
    api = Api(key(people.colleague))

    me = api.get("/api/users/@me/").json()

    assert me["team"]["id"] == people.project.id
    assert me["organization"]["id"] == str(people.home.id)
    assert api.get("/api/projects/@current/").json()["id"] == people.project.id
    assert api.get("/api/organizations/@current/").json()["id"] == str(people.home.id)


def test_organizations_are_shown_oldest_first() -> None:
    world = TwoOrganizations()
    Organization.objects.filter(id=world.first.id).update(created_at=datetime(2999, 1, 1, tzinfo=UTC))

    me = world.api().get("/api/users/@me/").json()

    assert [each["name"] for each in me["organizations"]] == ["Second", "First"]
    assert me["organization"]["name"] == "First"


def test_a_user_without_an_organization_has_no_team_and_no_organization() -> None:
    user = person("hermit")
    api = Api(key(user))

    me = api.get("/api/users/@me/").json()

    assert (me["team"], me["organization"], me["organizations"]) == (None, None, [])
    assert_shows(api.get("/api/projects/"), {"count": 0, "next": None, "previous": None, "results": []})
    for path, detail in (
        ("/api/projects/@current/", "Project not found."),
        ("/api/environments/@current/datasets/", "Project not found."),
        ("/api/organizations/@current/", "You need to belong to an organization."),
    ):
        answer = api.get(path)

        assert answer.status_code == 404
        expected = {"type": "invalid_request", "code": "not_found", "detail": detail, "attr": None}
        assert envelope(answer) == expected


def test_a_former_member_is_shown_nothing_of_the_organization() -> None:
    people = Everyone()
    api = Api(key(people.former))

    me = api.get("/api/users/@me/").json()

    assert (me["team"], me["organization"], me["organizations"]) == (None, None, [])
    assert api.get("/api/projects/").json()["count"] == 0
    for path in ("@current", str(people.home.id)):
        answer = api.get(f"/api/organizations/{path}/")
        assert answer.status_code == 404
        assert people.home.name not in answer.content.decode()


def test_an_organization_without_projects_is_shown_all_the_same() -> None:
    user = person("founder", organization("Empty"), level=OWNER)
    api = Api(key(user))

    me = api.get("/api/users/@me/").json()

    assert me["team"] is None
    assert me["organization"]["teams"] == []
    assert api.get("/api/projects/@current/").status_code == 404


@pytest.mark.parametrize("path", ["users/@me/", "organizations/@current/", "projects/", "projects/@current/"])
def test_the_number_of_statements_does_not_grow_with_the_organizations(path: str) -> None:
    world = TwoOrganizations()
    api = world.api()
    with CaptureQueriesContext(connection) as few:
        api.get(f"/api/{path}")
    for number in range(5):
        more = organization(f"More {number}")
        world.wanda.memberships.create(organization=more)
        project(f"Project {number}", more)

    with CaptureQueriesContext(connection) as many:
        api.get(f"/api/{path}")

    assert len(many) == len(few) <= 5


# --- Projects and organisations --------------------------------------------------------------------------------------


@PREFIXES
def test_projects_are_listed_by_id_in_pages(prefix: str) -> None:
    people = Everyone()
    api = Api(key(people.colleague))
    here = f"http://testserver/api/{prefix}/"

    assert_shows(
        api.get(f"/api/{prefix}/"),
        {
            "count": 2,
            "next": None,
            "previous": None,
            "results": [shown_project(people.project), shown_project(people.sibling)],
        },
    )
    assert_shows(
        api.get(f"/api/{prefix}/?limit=1"),
        {"count": 2, "next": f"{here}?limit=1&offset=1", "previous": None, "results": [shown_project(people.project)]},
    )
    assert_shows(
        api.get(f"/api/{prefix}/?limit=1&offset=1"),
        {"count": 2, "next": None, "previous": f"{here}?limit=1", "results": [shown_project(people.sibling)]},
    )


@pytest.mark.parametrize("offset", [2**63 - 1, 2**63, 10**20])
def test_an_offset_beyond_all_numbers_is_an_empty_page_of_projects(offset: int) -> None:
    people = Everyone()

    answer = Api(key(people.colleague)).get(f"/api/projects/?offset={offset}")

    assert answer.status_code == 200
    assert (answer.json()["count"], answer.json()["results"]) == (2, [])


@PREFIXES
def test_a_project_is_shown_under_both_prefixes(prefix: str) -> None:
    people = Everyone()
    api = Api(key(people.colleague))

    for segment in (people.project.id, f"000{people.project.id}", "@current"):
        for slash in ("", "/"):
            assert_shows(api.get(f"/api/{prefix}/{segment}{slash}"), shown_project(people.project))


def test_an_organization_is_shown_by_any_spelling_of_its_id() -> None:
    people = Everyone()
    api = Api(key(people.colleague))
    home = shown_organization(people.home, MEMBER, people.project, people.sibling)

    for segment in ("@current", people.home.id, people.home.id.hex, str(people.home.id).upper()):
        assert_shows(api.get(f"/api/organizations/{segment}/"), home)


def test_a_foreign_an_unknown_and_a_malformed_organization_are_answered_alike() -> None:
    people = Everyone()
    api = Api(key(people.owner))

    for segment in (people.abroad.id, uuid4(), "abc", "1", "%00", "@me", "@current.json"):
        answer = api.get(f"/api/organizations/{segment}/")

        assert answer.status_code == 404
        assert envelope(answer)["detail"] == "Organization not found."


def test_a_stranger_learns_nothing_of_an_organization_that_forbids_keys() -> None:
    people = Everyone()
    people.abroad.members_can_use_personal_api_keys = False
    people.abroad.save()
    api = Api(key(people.owner))

    by_id = api.get(f"/api/organizations/{people.abroad.id}/")
    by_project = api.get(f"/api/projects/{people.foreign_project.id}/")

    assert envelope(by_id)["detail"] == "Organization not found."
    assert envelope(by_project)["detail"] == "You don't have access to the project."


# --- What a key may reach --------------------------------------------------------------------------------------------


def test_an_unrestricted_key_sees_all_of_its_user() -> None:
    world = TwoOrganizations()

    seen = world.seen(world.api())

    assert seen == {
        "projects": {"One", "Two", "Three"},
        "organizations": {"First", "Second"},
        "team": "One",
        "organization": "First",
    }


def test_a_key_for_some_projects_sees_those_and_their_organizations() -> None:
    world = TwoOrganizations()

    seen = world.seen(world.api(teams=[world.two.id]))

    assert seen == {"projects": {"Two"}, "organizations": {"First"}, "team": "Two", "organization": "First"}


def test_a_key_for_projects_of_several_organizations_sees_each_organization_once() -> None:
    world = TwoOrganizations()
    api = world.api(teams=[world.one.id, world.two.id, world.three.id])

    me = api.get("/api/users/@me/").json()

    assert [(each["name"], len(each["teams"])) for each in me["organizations"]] == [("First", 2), ("Second", 1)]


def test_a_key_for_one_organization_sees_that_alone() -> None:
    world = TwoOrganizations()

    seen = world.seen(world.api(organizations=[world.second.id]))

    assert seen == {"projects": {"Three"}, "organizations": {"Second"}, "team": "Three", "organization": None}


def test_a_key_for_one_organization_and_a_project_of_it_sees_that_alone() -> None:
    world = TwoOrganizations()

    seen = world.seen(world.api(organizations=[world.first.id], teams=[world.two.id]))

    assert seen == {"projects": {"Two"}, "organizations": {"First"}, "team": "Two", "organization": "First"}


def test_a_key_for_one_organization_and_a_project_of_another_sees_nothing() -> None:
    world = TwoOrganizations()

    seen = world.seen(world.api(organizations=[world.first.id], teams=[world.three.id]))

    assert seen == {"projects": set(), "organizations": set(), "team": None, "organization": None}


def test_a_key_for_what_its_user_does_not_belong_to_sees_nothing() -> None:
    world = TwoOrganizations()

    for api in (world.api(teams=[world.hidden.id]), world.api(organizations=[world.third.id])):
        assert world.seen(api) == {"projects": set(), "organizations": set(), "team": None, "organization": None}


def test_no_token_or_id_of_what_a_key_may_not_reach_is_in_any_answer() -> None:
    world = TwoOrganizations()
    api = world.api(teams=[world.two.id])
    kept = [world.one, world.three, world.hidden]

    for path in ("users/@me/", "projects/", "environments/", "organizations/@current/", f"projects/{world.two.id}/"):
        text = api.get(f"/api/{path}").content.decode()

        for each in kept:
            assert each.api_token not in text
            assert str(each.uuid) not in text


def test_a_restricted_key_is_told_why_it_may_not_see_an_organization_of_its_user() -> None:
    world = TwoOrganizations()

    by_organization = world.api(organizations=[world.second.id]).get(f"/api/organizations/{world.first.id}/")
    current = world.api(organizations=[world.second.id]).get("/api/organizations/@current/")
    by_project = world.api(teams=[world.three.id]).get(f"/api/organizations/{world.first.id}/")

    detail = f"API key does not have access to the requested organization: ID {world.first.id}."
    assert (by_organization.status_code, envelope(by_organization)["detail"]) == (403, detail)
    assert (current.status_code, envelope(current)["detail"]) == (403, detail)
    assert by_project.status_code in {403, 404}


def test_an_organization_that_forbids_keys_is_hidden_from_keys_of_its_plain_members() -> None:
    world = TwoOrganizations()
    Organization.objects.update(members_can_use_personal_api_keys=False)

    # Wanda is a plain member of the first, and the owner of the second.
    seen = world.seen(world.api())

    assert seen == {"projects": {"Three"}, "organizations": {"Second"}, "team": "Three", "organization": None}


def test_an_organization_that_forbids_keys_says_so_to_its_plain_members() -> None:
    world = TwoOrganizations()
    Organization.objects.update(members_can_use_personal_api_keys=False)
    detail = (
        "Organization 'First' does not allow using personal API keys. Contact an admin to enable personal API keys for "
        "this organization."
    )

    for path in (
        f"organizations/{world.first.id}/",
        "organizations/@current/",
        f"projects/{world.one.id}/",
        f"environments/{world.one.id}/datasets/",
    ):
        answer = world.api().get(f"/api/{path}")

        assert answer.status_code == 403
        expected = {"type": "authentication_error", "code": "permission_denied", "detail": detail, "attr": None}
        assert envelope(answer) == expected


@pytest.mark.parametrize("level", [ADMIN, OWNER])
def test_admins_and_owners_use_keys_where_members_may_not(level: int) -> None:
    world = TwoOrganizations()
    Organization.objects.update(members_can_use_personal_api_keys=False)
    world.wanda.memberships.update(level=level)

    assert world.seen(world.api())["projects"] == {"One", "Two", "Three"}


@pytest.mark.parametrize("path", ["users/@me/", "projects/", "organizations/@current/", "projects/@current/"])
def test_discovery_only_reads(path: str) -> None:
    people = Everyone()
    api = Api(key(people.owner))

    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = api.ask(method, f"/api/{path}", {"name": "x"})

        assert answer.status_code == 405
        assert envelope(answer)["detail"] == f'Method "{method}" not allowed.'
        assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
