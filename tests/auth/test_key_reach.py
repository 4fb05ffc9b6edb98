"""A key is shown what it may reach, at all places where something is shown."""

import pytest

from auth.models import Organization
from tests.api import envelope
from tests.auth.discovery import TwoOrganizations
from tests.people import ADMIN, OWNER

pytestmark = pytest.mark.django_db


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
