"""Every endpoint shows a key only what it has access to."""

import pytest

from auth.models import Organization
from tests.api import envelope
from tests.auth.account_data import TwoOrganizations
from tests.people import ADMIN, OWNER

pytestmark = pytest.mark.django_db


def test_an_unrestricted_key_sees_everything_its_user_belongs_to() -> None:
    tenants = TwoOrganizations()

    visible = tenants.visible(tenants.api())

    assert visible == {
        "projects": {"One", "Two", "Three"},
        "organizations": {"First", "Second"},
        "team": "One",
        "organization": "First",
    }


def test_a_key_for_some_projects_sees_those_and_their_organizations() -> None:
    tenants = TwoOrganizations()

    visible = tenants.visible(tenants.api(teams=[tenants.two.id]))

    assert visible == {"projects": {"Two"}, "organizations": {"First"}, "team": "Two", "organization": "First"}


def test_a_key_for_projects_of_several_organizations_sees_each_organization_once() -> None:
    tenants = TwoOrganizations()
    api = tenants.api(teams=[tenants.one.id, tenants.two.id, tenants.three.id])

    me = api.get("/api/users/@me/").json()

    assert [(each["name"], len(each["teams"])) for each in me["organizations"]] == [("First", 2), ("Second", 1)]


def test_a_key_for_one_organization_sees_only_that_one() -> None:
    tenants = TwoOrganizations()

    visible = tenants.visible(tenants.api(organizations=[tenants.second.id]))

    assert visible == {"projects": {"Three"}, "organizations": {"Second"}, "team": "Three", "organization": None}


def test_a_key_for_an_organization_and_one_of_its_projects_sees_only_that_project() -> None:
    tenants = TwoOrganizations()

    visible = tenants.visible(tenants.api(organizations=[tenants.first.id], teams=[tenants.two.id]))

    assert visible == {"projects": {"Two"}, "organizations": {"First"}, "team": "Two", "organization": "First"}


def test_a_key_for_an_organization_and_a_project_of_another_one_sees_nothing() -> None:
    tenants = TwoOrganizations()

    visible = tenants.visible(tenants.api(organizations=[tenants.first.id], teams=[tenants.three.id]))

    assert visible == {"projects": set(), "organizations": set(), "team": None, "organization": None}


def test_a_key_for_a_foreign_project_or_organization_sees_nothing() -> None:
    tenants = TwoOrganizations()

    for api in (tenants.api(teams=[tenants.hidden.id]), tenants.api(organizations=[tenants.third.id])):
        assert tenants.visible(api) == {"projects": set(), "organizations": set(), "team": None, "organization": None}


def test_no_response_contains_a_token_or_id_of_a_hidden_project() -> None:
    tenants = TwoOrganizations()
    api = tenants.api(teams=[tenants.two.id])
    hidden = [tenants.one, tenants.three, tenants.hidden]

    for path in ("users/@me/", "projects/", "environments/", "organizations/@current/", f"projects/{tenants.two.id}/"):
        text = api.get(f"/api/{path}").content.decode()

        for each in hidden:
            assert each.api_token not in text
            assert str(each.uuid) not in text


def test_a_restricted_key_learns_why_its_users_organization_is_forbidden() -> None:
    tenants = TwoOrganizations()

    by_organization = tenants.api(organizations=[tenants.second.id]).get(f"/api/organizations/{tenants.first.id}/")
    current = tenants.api(organizations=[tenants.second.id]).get("/api/organizations/@current/")
    by_project = tenants.api(teams=[tenants.three.id]).get(f"/api/organizations/{tenants.first.id}/")

    detail = f"API key does not have access to the requested organization: ID {tenants.first.id}."
    assert (by_organization.status_code, envelope(by_organization)["detail"]) == (403, detail)
    assert (current.status_code, envelope(current)["detail"]) == (403, detail)
    assert by_project.status_code in {403, 404}


def test_an_organization_that_forbids_keys_is_hidden_from_its_plain_members_keys() -> None:
    tenants = TwoOrganizations()
    Organization.objects.update(members_can_use_personal_api_keys=False)

    # Wanda is a plain member of the first, and the owner of the second.
    visible = tenants.visible(tenants.api())

    assert visible == {"projects": {"Three"}, "organizations": {"Second"}, "team": "Three", "organization": None}


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
def test_admins_and_owners_may_use_keys_even_if_members_may_not(level: int) -> None:
    tenants = TwoOrganizations()
    Organization.objects.update(members_can_use_personal_api_keys=False)
    tenants.wanda.memberships.update(level=level)

    assert tenants.visible(tenants.api())["projects"] == {"One", "Two", "Three"}
