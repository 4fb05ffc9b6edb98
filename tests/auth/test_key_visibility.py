"""A key is shown what it may reach, at all places where something is shown."""

import pytest

from auth.models import Organization
from tests.api import envelope
from tests.auth.account_data import TwoOrganizations
from tests.people import ADMIN, OWNER

pytestmark = pytest.mark.django_db


def test_an_unrestricted_key_sees_all_of_its_user() -> None:
    tenants = TwoOrganizations()

    seen = tenants.seen(tenants.api())

    assert seen == {
        "projects": {"One", "Two", "Three"},
        "organizations": {"First", "Second"},
        "team": "One",
        "organization": "First",
    }


def test_a_key_for_some_projects_sees_those_and_their_organizations() -> None:
    tenants = TwoOrganizations()

    seen = tenants.seen(tenants.api(teams=[tenants.two.id]))

    assert seen == {"projects": {"Two"}, "organizations": {"First"}, "team": "Two", "organization": "First"}


def test_a_key_for_projects_of_several_organizations_sees_each_organization_once() -> None:
    tenants = TwoOrganizations()
    api = tenants.api(teams=[tenants.one.id, tenants.two.id, tenants.three.id])

    me = api.get("/api/users/@me/").json()

    assert [(each["name"], len(each["teams"])) for each in me["organizations"]] == [("First", 2), ("Second", 1)]


def test_a_key_for_one_organization_sees_that_alone() -> None:
    tenants = TwoOrganizations()

    seen = tenants.seen(tenants.api(organizations=[tenants.second.id]))

    assert seen == {"projects": {"Three"}, "organizations": {"Second"}, "team": "Three", "organization": None}


def test_a_key_for_one_organization_and_a_project_of_it_sees_that_alone() -> None:
    tenants = TwoOrganizations()

    seen = tenants.seen(tenants.api(organizations=[tenants.first.id], teams=[tenants.two.id]))

    assert seen == {"projects": {"Two"}, "organizations": {"First"}, "team": "Two", "organization": "First"}


def test_a_key_for_one_organization_and_a_project_of_another_sees_nothing() -> None:
    tenants = TwoOrganizations()

    seen = tenants.seen(tenants.api(organizations=[tenants.first.id], teams=[tenants.three.id]))

    assert seen == {"projects": set(), "organizations": set(), "team": None, "organization": None}


def test_a_key_for_what_its_user_does_not_belong_to_sees_nothing() -> None:
    tenants = TwoOrganizations()

    for api in (tenants.api(teams=[tenants.hidden.id]), tenants.api(organizations=[tenants.third.id])):
        assert tenants.seen(api) == {"projects": set(), "organizations": set(), "team": None, "organization": None}


def test_no_token_or_id_of_what_a_key_may_not_reach_is_in_any_answer() -> None:
    tenants = TwoOrganizations()
    api = tenants.api(teams=[tenants.two.id])
    kept = [tenants.one, tenants.three, tenants.hidden]

    for path in ("users/@me/", "projects/", "environments/", "organizations/@current/", f"projects/{tenants.two.id}/"):
        text = api.get(f"/api/{path}").content.decode()

        for each in kept:
            assert each.api_token not in text
            assert str(each.uuid) not in text


def test_a_restricted_key_gets_the_reason_why_an_organization_of_its_user_is_refused() -> None:
    tenants = TwoOrganizations()

    by_organization = tenants.api(organizations=[tenants.second.id]).get(f"/api/organizations/{tenants.first.id}/")
    current = tenants.api(organizations=[tenants.second.id]).get("/api/organizations/@current/")
    by_project = tenants.api(teams=[tenants.three.id]).get(f"/api/organizations/{tenants.first.id}/")

    detail = f"API key does not have access to the requested organization: ID {tenants.first.id}."
    assert (by_organization.status_code, envelope(by_organization)["detail"]) == (403, detail)
    assert (current.status_code, envelope(current)["detail"]) == (403, detail)
    assert by_project.status_code in {403, 404}


def test_an_organization_that_forbids_keys_is_hidden_from_keys_of_its_plain_members() -> None:
    tenants = TwoOrganizations()
    Organization.objects.update(members_can_use_personal_api_keys=False)

    # Wanda is a plain member of the first, and the owner of the second.
    seen = tenants.seen(tenants.api())

    assert seen == {"projects": {"Three"}, "organizations": {"Second"}, "team": "Three", "organization": None}


def test_an_organization_that_forbids_keys_says_so_to_its_plain_members() -> None:
    tenants = TwoOrganizations()
    Organization.objects.update(members_can_use_personal_api_keys=False)
    detail = (
        "Organization 'First' does not allow using personal API keys. Contact an admin to enable personal API keys for "
        "this organization."
    )

    for path in (
        f"organizations/{tenants.first.id}/",
        "organizations/@current/",
        f"projects/{tenants.one.id}/",
        f"environments/{tenants.one.id}/datasets/",
    ):
        answer = tenants.api().get(f"/api/{path}")

        assert answer.status_code == 403
        expected = {"type": "authentication_error", "code": "permission_denied", "detail": detail, "attr": None}
        assert envelope(answer) == expected


@pytest.mark.parametrize("level", [ADMIN, OWNER])
def test_admins_and_owners_use_keys_where_members_may_not(level: int) -> None:
    tenants = TwoOrganizations()
    Organization.objects.update(members_can_use_personal_api_keys=False)
    tenants.wanda.memberships.update(level=level)

    assert tenants.seen(tenants.api())["projects"] == {"One", "Two", "Three"}
