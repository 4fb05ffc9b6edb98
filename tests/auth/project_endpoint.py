"""A project endpoint with a valid key, and the errors for requests without one."""

from typing import Any

from tests.people import People, key

ABSENT = {
    "type": "authentication_error",
    "code": "not_authenticated",
    "detail": "Authentication credentials were not provided.",
    "attr": None,
}


def authentication_error(detail: str) -> dict[str, Any]:
    return {"type": "authentication_error", "code": "authentication_failed", "detail": detail, "attr": None}


def invalid_key_error(place: str) -> dict[str, Any]:
    return authentication_error(f"Personal API key found in request {place} is invalid.")


class ProjectEndpoint:
    """The path of a project's datasets, and a valid key for it."""

    def __init__(self) -> None:
        self.people = People()
        self.key = key(self.people.colleague)
        self.path = f"/api/projects/{self.people.project.id}/datasets/"
