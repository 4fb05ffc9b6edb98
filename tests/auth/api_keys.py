"""A user with personal API keys in several organizations, and requests that create keys."""

from typing import Any

from tests.api import Api, envelope
from tests.people import OWNER, key, make_user, organization, project

PATH = "/api/personal_api_keys/"


def key_request(*scopes: str, **more: Any) -> dict[str, Any]:
    return {"label": "new", "scopes": list(scopes or ("*",))} | more


def assert_permission_denied(answer: Any, detail: str) -> None:
    assert answer.status_code == 403, answer.content
    assert envelope(answer) == {
        "type": "authentication_error",
        "code": "permission_denied",
        "detail": detail,
        "attr": None,
    }


class TwoOfThreeOrganizations:
    """Wanda owns the organizations A (projects 1 and 2) and B (project 3), but not C (project 4)."""

    def __init__(self) -> None:
        self.a, self.b, self.c = (organization(name) for name in "ABC")
        self.one, self.two = project("1", self.a), project("2", self.a)
        self.three, self.four = project("3", self.b), project("4", self.c)
        self.wanda = make_user("wanda", self.a, self.b, level=OWNER)

    def api(self, *scopes: str, **restrictions: Any) -> Api:
        return Api(key(self.wanda, *scopes, **restrictions))
