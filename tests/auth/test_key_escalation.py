"""A key cannot be used to obtain, roll or delete a more powerful key."""

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import pytest

from auth.models import PersonalAPIKey
from tests.api import FORM, Api
from tests.auth.api_keys import PATH, TwoOfThreeOrganizations, assert_permission_denied, key_request
from tests.people import key_row, organization, project, unscoped_key

pytestmark = pytest.mark.django_db

BEYOND_SCOPES = "A key cannot make, roll or delete a key with scopes that it does not have itself."
BEYOND_PROJECTS = "A key cannot make, roll or delete a key with access to more projects than its own."
BEYOND_ORGANIZATIONS = "A key cannot make, roll or delete a key with access to more organizations than its own."


@pytest.mark.parametrize(
    ("held", "allowed", "refused"),
    [
        (["personal_api_key:write"], ["personal_api_key:write", "personal_api_key:read"], ["*", "dataset:read"]),
        (
            ["personal_api_key:write", "dataset:read"],
            ["dataset:read", "personal_api_key:read"],
            ["*", "dataset:write", "project:read", "insight:read"],
        ),
        (
            ["personal_api_key:write", "dataset:write"],
            ["dataset:read", "dataset:write"],
            ["*", "project:read", "datasets:read", "dataset_items:read"],
        ),
        (["*"], ["*", "dataset:write", "insight:read"], []),
    ],
)
def test_a_new_key_has_no_scope_that_its_creator_lacks(held: list[str], allowed: list[str], refused: list[str]) -> None:
    api = TwoOfThreeOrganizations().api(*held)

    for scope in allowed:
        assert api.post(PATH, key_request(scope)).status_code == 201, scope
    assert api.post(PATH, key_request(*allowed, *allowed)).status_code == 201
    for scope in refused:
        assert_permission_denied(api.post(PATH, key_request(scope)), BEYOND_SCOPES)
        assert_permission_denied(api.post(PATH, key_request(*allowed, scope)), BEYOND_SCOPES)
        assert_permission_denied(api.post(PATH, key_request(scope, *allowed)), BEYOND_SCOPES)


def test_a_key_for_one_project_creates_keys_for_that_project_only() -> None:
    tenants = TwoOfThreeOrganizations()
    api = tenants.api(teams=[tenants.one.id])
    own, sibling, other = tenants.one.id, tenants.two.id, tenants.three.id

    for teams in ([own], [own, own], [str(own)]):
        assert api.post(PATH, key_request(scoped_teams=teams)).status_code == 201
    assert api.post(PATH, key_request(scoped_teams=[own], scoped_organizations=[str(tenants.a.id)])).status_code == 201
    for restriction in (
        {},
        {"scoped_teams": None},
        {"scoped_teams": []},
        {"scoped_teams": [sibling]},
        {"scoped_teams": [other]},
        {"scoped_teams": [own, sibling]},
        {"scoped_teams": [sibling, own, own]},
        {"scoped_organizations": [str(tenants.a.id)]},
        {"scoped_organizations": [str(tenants.b.id)]},
        {"scoped_organizations": [str(tenants.a.id)], "scoped_teams": []},
        {"scoped_organizations": [str(tenants.a.id)], "scoped_teams": [own, sibling]},
    ):
        assert_permission_denied(api.post(PATH, key_request(**restriction)), BEYOND_PROJECTS)


def test_a_key_for_one_organization_creates_keys_for_that_organization_only() -> None:
    tenants = TwoOfThreeOrganizations()
    api = tenants.api(organizations=[tenants.a.id])
    own, other = str(tenants.a.id), str(tenants.b.id)

    for restriction in (
        {"scoped_organizations": [own]},
        {"scoped_organizations": [own, own]},
        {"scoped_organizations": [own.upper()]},
        {"scoped_organizations": [own], "scoped_teams": [tenants.one.id]},
        {"scoped_teams": [tenants.one.id, tenants.two.id]},
    ):
        assert api.post(PATH, key_request(**restriction)).status_code == 201, restriction
    for restriction in (
        {},
        {"scoped_organizations": None},
        {"scoped_organizations": []},
        {"scoped_organizations": [other]},
        {"scoped_organizations": [own, other]},
        {"scoped_teams": []},
        {"scoped_teams": [tenants.three.id]},
        {"scoped_teams": [tenants.one.id, tenants.three.id]},
        {"scoped_organizations": [other], "scoped_teams": [tenants.one.id]},
    ):
        assert_permission_denied(api.post(PATH, key_request(**restriction)), BEYOND_ORGANIZATIONS)


def test_a_key_with_both_restrictions_passes_on_both() -> None:
    tenants = TwoOfThreeOrganizations()
    api = tenants.api(teams=[tenants.one.id, tenants.three.id], organizations=[tenants.a.id])

    assert api.post(PATH, key_request(scoped_teams=[tenants.one.id])).status_code == 201
    assert_permission_denied(api.post(PATH, key_request(scoped_teams=[tenants.three.id])), BEYOND_ORGANIZATIONS)
    assert_permission_denied(api.post(PATH, key_request(scoped_organizations=[str(tenants.a.id)])), BEYOND_PROJECTS)
    assert_permission_denied(api.post(PATH, key_request()), BEYOND_PROJECTS)


def test_forms_do_not_bypass_restrictions() -> None:
    tenants = TwoOfThreeOrganizations()
    api = tenants.api(teams=[tenants.one.id])

    for form in ("label=x&scopes=*", "label=x&scopes[0]=*", f"label=x&scopes=*&scoped_teams={tenants.two.id}"):
        assert api.post(PATH, form, content_type=FORM).status_code == 403
    assert api.post(PATH, "label=x&scopes=*&scoped_teams=", content_type=FORM).status_code in {400, 403}


def subsets(values: list[Any]) -> Iterator[list[Any]]:
    return (list(chosen) for size in range(len(values) + 1) for chosen in combinations(values, size))


def test_a_created_key_never_reaches_more_than_its_creator() -> None:
    tenants = TwoOfThreeOrganizations()
    teams = list(subsets([tenants.one.id, tenants.three.id]))
    organizations = list(subsets([str(tenants.a.id), str(tenants.b.id)]))
    pairs, refused = [], 0
    for own_teams, own_organizations in product(teams, organizations):
        maker = tenants.api(teams=own_teams, organizations=own_organizations)
        for scoped_teams, scoped_organizations in product(teams, organizations):
            answer = maker.post(PATH, key_request(scoped_teams=scoped_teams, scoped_organizations=scoped_organizations))
            is_same = (scoped_teams, scoped_organizations) == (own_teams, own_organizations)
            assert answer.status_code == 201 if is_same else answer.status_code in {201, 403}
            if answer.status_code == 201:
                pairs.append((maker, Api(answer.json()["value"])))
            refused += answer.status_code == 403

    # Later, a project is added and the user joins another organization.
    later = organization("Later")
    project("5", tenants.a), project("6", later)
    tenants.wanda.memberships.create(organization=later)

    reached: dict[int, set[int]] = {}
    for maker, made in pairs:
        for api in (maker, made):
            if id(api) not in reached:
                reached[id(api)] = {row["id"] for row in api.get("/api/projects/").json()["results"]}
        assert reached[id(made)] <= reached[id(maker)]
    assert min(len(pairs), refused) > 50


def test_a_key_cannot_roll_or_delete_a_more_powerful_key_of_the_same_user() -> None:
    tenants = TwoOfThreeOrganizations()
    scopes = ("dataset:read", "personal_api_key:write")
    one = [tenants.one.id]
    for weak, strong, detail in (
        ({}, {"scopes": ["*"]}, BEYOND_SCOPES),
        ({}, {"scopes": ["dataset:write"]}, BEYOND_SCOPES),
        ({}, {"scopes": [*scopes, "project:read"]}, BEYOND_SCOPES),
        ({"teams": one}, {}, BEYOND_PROJECTS),
        ({"teams": one}, {"scoped_teams": []}, BEYOND_PROJECTS),
        ({"teams": one}, {"scoped_teams": [tenants.one.id, tenants.two.id]}, BEYOND_PROJECTS),
        ({"teams": one}, {"scoped_organizations": [str(tenants.a.id)]}, BEYOND_PROJECTS),
        ({"organizations": [tenants.a.id]}, {}, BEYOND_ORGANIZATIONS),
        ({"organizations": [tenants.a.id]}, {"scoped_organizations": []}, BEYOND_ORGANIZATIONS),
        ({"organizations": [tenants.a.id]}, {"scoped_organizations": [str(tenants.b.id)]}, BEYOND_ORGANIZATIONS),
        ({"organizations": [tenants.a.id]}, {"scoped_teams": [tenants.three.id]}, BEYOND_ORGANIZATIONS),
    ):
        row, value = key_row(tenants.wanda, *scopes)
        PersonalAPIKey.objects.filter(id=row.id).update(**strong)
        before = PersonalAPIKey.objects.filter(id=row.id).values().get()

        api = tenants.api(*scopes, **weak)
        answer = api.post(f"{PATH}{row.id}/roll/")
        deletion = api.ask("DELETE", f"{PATH}{row.id}/")

        assert_permission_denied(answer, detail)
        assert_permission_denied(deletion, detail)
        assert PersonalAPIKey.objects.filter(id=row.id).values().get() == before
        assert value not in answer.content.decode()


def test_a_key_can_roll_or_delete_an_equal_or_less_powerful_key_of_the_same_user() -> None:
    tenants = TwoOfThreeOrganizations()
    scopes = ("dataset:write", "personal_api_key:write")
    api = tenants.api(*scopes, teams=[tenants.one.id, tenants.two.id])

    for own, teams in ((scopes, [tenants.one.id, tenants.two.id]), (["dataset:read"], [tenants.two.id])):
        row, _ = key_row(tenants.wanda, *own, teams=teams)
        assert api.post(f"{PATH}{row.id}/roll/").status_code == 200
        assert api.ask("DELETE", f"{PATH}{row.id}/").status_code == 204
    assert api.post(f"{PATH}@current/roll/").status_code == 200


def test_any_key_can_delete_itself() -> None:
    tenants = TwoOfThreeOrganizations()

    for path in ("@current", "id"):
        row, value = key_row(tenants.wanda, "personal_api_key:write", teams=[tenants.one.id])
        name = row.id if path == "id" else path
        assert Api(value).ask("DELETE", f"{PATH}{name}/").status_code == 204
    assert not PersonalAPIKey.objects.exists()


def test_a_key_without_scopes_creates_and_rolls_nothing() -> None:
    tenants = TwoOfThreeOrganizations()
    api = Api(unscoped_key(tenants.wanda))

    assert api.post(PATH, key_request("dataset:read")).status_code == 403
    assert api.post(f"{PATH}@current/roll/").status_code == 403
