"""Expected JSON of projects and organizations, and a user who belongs to two organizations."""

from datetime import UTC, datetime
from typing import Any

from auth.models import Organization, Project
from tests.api import Api
from tests.people import OWNER, key, make_user, organization, project


def time_text(time: datetime) -> str:
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def project_json(row: Project) -> dict[str, Any]:
    return {
        "id": row.id,
        "uuid": str(row.uuid),
        "organization": str(row.organization_id),
        "name": row.name,
        "api_token": row.api_token,
        "timezone": "UTC",
        "created_at": time_text(row.created_at),
    }


def organization_json(row: Organization, level: int, *projects: Project) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "name": row.name,
        "slug": row.slug,
        "created_at": time_text(row.created_at),
        "membership_level": level,
        "teams": [project_json(each) for each in projects],
    }


def with_key_order(value: Any) -> Any:
    """Turn objects into lists of pairs, so that comparing them includes the order of keys."""
    if isinstance(value, dict):
        return [(name, with_key_order(each)) for name, each in value.items()]
    return [with_key_order(each) for each in value] if isinstance(value, list) else value


def assert_json(answer: Any, expected: Any) -> None:
    assert answer.status_code == 200, answer.content
    assert with_key_order(answer.json()) == with_key_order(expected)


class TwoOrganizations:
    """Wanda is a plain member of the first organization and the owner of the second; she is a stranger to the third."""

    def __init__(self) -> None:
        self.first, self.second, self.third = (organization(name) for name in ("First", "Second", "Third"))
        self.one, self.two = project("One", self.first), project("Two", self.first)
        self.three = project("Three", self.second)
        self.hidden = project("Hidden", self.third)
        self.wanda = make_user("wanda", self.first)
        self.wanda.memberships.create(organization=self.second, level=OWNER)

    def api(self, **restrictions: Any) -> Api:
        return Api(key(self.wanda, **restrictions))

    def visible(self, api: Api) -> dict[str, Any]:
        """Return the names that the four endpoints show, and check that they agree."""
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
