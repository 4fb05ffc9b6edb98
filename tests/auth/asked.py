"""A project to ask with a key, and how requests without a right key are refused."""

from typing import Any

from tests.people import Everyone, key

ABSENT = {
    "type": "authentication_error",
    "code": "not_authenticated",
    "detail": "Authentication credentials were not provided.",
    "attr": None,
}


def refused(detail: str) -> dict[str, Any]:
    return {"type": "authentication_error", "code": "authentication_failed", "detail": detail, "attr": None}


def invalid_in(place: str) -> dict[str, Any]:
    return refused(f"Personal API key found in request {place} is invalid.")


class Asked:
    """The datasets of a project, and a right key for it."""

    def __init__(self) -> None:
        self.people = Everyone()
        self.key = key(self.people.colleague)
        self.path = f"/api/projects/{self.people.project.id}/datasets/"
