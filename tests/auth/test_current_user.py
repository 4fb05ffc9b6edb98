"""The endpoint of the current user."""

from datetime import UTC, datetime

import pytest

from auth.models import Organization, User
from tests.api import Api, envelope
from tests.auth.account_data import TwoOrganizations, assert_json, organization_json, project_json, time_text
from tests.people import ADMIN, MEMBER, OWNER, People, key, make_user, organization
from tests.rows import dataset, item

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


def test_the_current_user_is_shown_in_full() -> None:
    people = People()
    user = people.colleague
    User.objects.filter(id=user.id).update(
        distinct_id="d-1",
        first_name="Ada",
        last_name="Lovelace",
        is_email_verified=True,
        role_at_organization="engineering",
        hedgehog_config={"use_as_profile": True, "color": None, "accessories": ["hat"]},
    )
    home = organization_json(people.home, MEMBER, people.project, people.sibling)

    answer = Api(key(user)).get("/api/users/@me/")

    assert list(answer.json()) == USER_KEYS
    assert_json(
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
            "hedgehog_config": answer.json()["hedgehog_config"],  # jsonb does not keep the order of keys
            "date_joined": time_text(user.date_joined),
            "team": project_json(people.project),
            "organization": home,
            "organizations": [home],
        },
    )
    assert answer.json()["hedgehog_config"] == {"use_as_profile": True, "color": None, "accessories": ["hat"]}


def test_an_authors_json_has_no_spaces() -> None:
    """PostgreSQL formats jsonb with spaces."""
    people = People()
    User.objects.filter(id=people.colleague.id).update(hedgehog_config={"color": "red", "accessories": ["a", "b"]})
    made = item(dataset(people.project), author=people.colleague.id)
    path = f"/api/projects/{people.project.id}/dataset_items/"

    for reader in (people.colleague, people.owner):
        for place in (path, f"{path}{made.id}/"):
            answer = Api(key(reader)).get(place)

            assert b'"hedgehog_config":{"color":"red","accessories":["a","b"]},' in answer.content


def test_missing_optional_values_are_nulls_and_empty_strings() -> None:
    people = People()
    User.objects.filter(id=people.colleague.id).update(first_name="", distinct_id=None)

    me = Api(key(people.colleague)).get("/api/users/@me").json()

    nulls = {name for name, value in me.items() if value is None}
    assert nulls == {"distinct_id", "is_email_verified", "role_at_organization", "hedgehog_config"}
    assert (me["first_name"], me["last_name"]) == ("", "")


def test_every_level_of_membership_is_shown() -> None:
    people = People()
    admin = make_user("admin", people.home, level=ADMIN)

    for user, level in ((people.colleague, 1), (admin, 8), (people.owner, 15)):
        me = Api(key(user)).get("/api/users/@me/").json()

        assert [each["membership_level"] for each in me["organizations"]] == [level]


def test_the_chosen_team_is_shown() -> None:
    people = People()
    people.colleague.current_team = people.sibling
    people.colleague.save()
    api = Api(key(people.colleague))

    assert api.get("/api/users/@me/").json()["team"]["id"] == people.sibling.id
    assert api.get("/api/projects/@current/").json()["id"] == people.sibling.id


def test_without_a_chosen_team_the_oldest_one_is_shown() -> None:
    people = People()
    User.objects.update(current_team=None, current_organization=None)
    api = Api(key(people.colleague))

    me = api.get("/api/users/@me/").json()

    assert me["team"]["id"] == people.project.id
    assert me["organization"]["id"] == str(people.home.id)
    assert api.get("/api/projects/@current/").json()["id"] == people.project.id
    assert api.get("/api/organizations/@current/").json()["id"] == str(people.home.id)


def test_organizations_are_shown_oldest_first() -> None:
    tenants = TwoOrganizations()
    Organization.objects.filter(id=tenants.first.id).update(created_at=datetime(2999, 1, 1, tzinfo=UTC))

    me = tenants.api().get("/api/users/@me/").json()

    assert [each["name"] for each in me["organizations"]] == ["Second", "First"]
    assert me["organization"]["name"] == "First"


def test_a_user_without_an_organization_has_no_team_and_no_organization() -> None:
    user = make_user("hermit")
    api = Api(key(user))

    me = api.get("/api/users/@me/").json()

    assert (me["team"], me["organization"], me["organizations"]) == (None, None, [])
    assert_json(api.get("/api/projects/"), {"count": 0, "next": None, "previous": None, "results": []})
    for path, detail in (
        ("/api/projects/@current/", "Project not found."),
        ("/api/environments/@current/datasets/", "Project not found."),
        ("/api/organizations/@current/", "You need to belong to an organization."),
    ):
        answer = api.get(path)

        assert answer.status_code == 404
        expected = {"type": "invalid_request", "code": "not_found", "detail": detail, "attr": None}
        assert envelope(answer) == expected


def test_a_former_member_no_longer_sees_the_organization() -> None:
    people = People()
    api = Api(key(people.former))

    me = api.get("/api/users/@me/").json()

    assert (me["team"], me["organization"], me["organizations"]) == (None, None, [])
    assert api.get("/api/projects/").json()["count"] == 0
    for path in ("@current", str(people.home.id)):
        answer = api.get(f"/api/organizations/{path}/")
        assert answer.status_code == 404
        assert people.home.name not in answer.content.decode()


def test_an_organization_without_projects_is_shown() -> None:
    user = make_user("founder", organization("Empty"), level=OWNER)
    api = Api(key(user))

    me = api.get("/api/users/@me/").json()

    assert me["team"] is None
    assert me["organization"]["teams"] == []
    assert api.get("/api/projects/@current/").status_code == 404
