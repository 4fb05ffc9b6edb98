"""The endpoints of projects and organizations."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from auth.models import Project
from tests.api import Api, envelope
from tests.auth.account_data import TwoOrganizations, assert_json, organization_json, project_json
from tests.people import MEMBER, People, key, organization, project

pytestmark = pytest.mark.django_db

PREFIXES = pytest.mark.parametrize("prefix", ["projects", "environments"])


@PREFIXES
def test_projects_are_listed_by_id_in_pages(prefix: str) -> None:
    people = People()
    api = Api(key(people.colleague))
    here = f"http://testserver/api/{prefix}/"

    assert_json(
        api.get(f"/api/{prefix}/"),
        {
            "count": 2,
            "next": None,
            "previous": None,
            "results": [project_json(people.project), project_json(people.sibling)],
        },
    )
    assert_json(
        api.get(f"/api/{prefix}/?limit=1"),
        {"count": 2, "next": f"{here}?limit=1&offset=1", "previous": None, "results": [project_json(people.project)]},
    )
    assert_json(
        api.get(f"/api/{prefix}/?limit=1&offset=1"),
        {"count": 2, "next": None, "previous": f"{here}?limit=1", "results": [project_json(people.sibling)]},
    )


@pytest.mark.parametrize("offset", [2**63 - 1, 2**63, 10**20])
def test_a_huge_offset_gives_an_empty_page_of_projects(offset: int) -> None:
    people = People()

    answer = Api(key(people.colleague)).get(f"/api/projects/?offset={offset}")

    assert answer.status_code == 200
    assert (answer.json()["count"], answer.json()["results"]) == (2, [])


@PREFIXES
def test_a_project_is_shown_under_both_prefixes(prefix: str) -> None:
    people = People()
    api = Api(key(people.colleague))

    for segment in (people.project.id, f"000{people.project.id}", "@current"):
        for slash in ("", "/"):
            assert_json(api.get(f"/api/{prefix}/{segment}{slash}"), project_json(people.project))


def test_an_organization_is_found_by_any_spelling_of_its_id() -> None:
    people = People()
    api = Api(key(people.colleague))
    home = organization_json(people.home, MEMBER, people.project, people.sibling)

    for segment in ("@current", people.home.id, people.home.id.hex, str(people.home.id).upper()):
        assert_json(api.get(f"/api/organizations/{segment}/"), home)


def test_foreign_unknown_and_malformed_organization_ids_get_the_same_response() -> None:
    people = People()
    api = Api(key(people.owner))

    for segment in (people.abroad.id, uuid4(), "abc", "1", "%00", "@me", "@current.json"):
        answer = api.get(f"/api/organizations/{segment}/")

        assert answer.status_code == 404
        assert envelope(answer)["detail"] == "Organization not found."


def test_a_stranger_learns_nothing_about_an_organization_that_forbids_keys() -> None:
    people = People()
    people.abroad.members_can_use_personal_api_keys = False
    people.abroad.save()
    api = Api(key(people.owner))

    by_id = api.get(f"/api/organizations/{people.abroad.id}/")
    by_project = api.get(f"/api/projects/{people.foreign_project.id}/")

    assert envelope(by_id)["detail"] == "Organization not found."
    assert envelope(by_project)["detail"] == "You don't have access to the project."


# --- All account endpoints -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["users/@me/", "organizations/@current/", "projects/", "projects/@current/"])
def test_the_number_of_statements_does_not_grow_with_the_organizations(path: str) -> None:
    tenants = TwoOrganizations()
    api = tenants.api()
    with CaptureQueriesContext(connection) as few:
        api.get(f"/api/{path}")
    for number in range(5):
        more = organization(f"More {number}")
        tenants.wanda.memberships.create(organization=more)
        project(f"Project {number}", more)

    with CaptureQueriesContext(connection) as many:
        api.get(f"/api/{path}")

    assert len(many) == len(few) <= 5


@pytest.mark.parametrize("path", ["users/@me/", "organizations/@current/"])
def test_of_many_projects_a_hundred_are_shown_and_the_list_of_all_is_named(path: str) -> None:
    people = People()
    last = [project(f"Project {number}", people.home) for number in range(1001)][-1]
    people.colleague.current_team = last
    people.colleague.save()
    api = Api(key(people.colleague))

    answer = api.get(f"/api/{path}")

    body = answer.json()
    [shown] = body.get("organizations", [body])
    oldest = Project.objects.filter(organization=people.home).order_by("id")[:100]
    assert [each["id"] for each in shown["teams"]] == [each.id for each in oldest]
    assert answer.headers["Link"] == '<http://testserver/api/projects/>; rel="related"'
    assert len(answer.content) < 60_000
    assert api.get("/api/projects/?offset=1002").json()["count"] == 1003
    assert body.get("team", {"id": last.id})["id"] == last.id


def test_of_many_organizations_a_hundred_are_shown_and_the_current_one() -> None:
    people = People()
    for number in range(101):
        newest = organization(f"More {number}")
        people.colleague.memberships.create(organization=newest)
    people.colleague.current_organization = newest
    people.colleague.save()

    answer = Api(key(people.colleague)).get("/api/users/@me/")

    assert len(answer.json()["organizations"]) == 100
    assert answer.json()["organization"]["id"] == str(newest.id)
    assert "Link" in answer.headers


@pytest.mark.parametrize("path", ["users/@me/", "projects/", "organizations/@current/", "projects/@current/"])
def test_account_endpoints_only_read(path: str) -> None:
    people = People()
    api = Api(key(people.owner))

    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = api.ask(method, f"/api/{path}", {"name": "x"})

        assert answer.status_code == 405
        assert envelope(answer)["detail"] == f'Method "{method}" not allowed.'
        assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
