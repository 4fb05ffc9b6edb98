"""Creates a project, a user and a key when the service first starts, and prints the welcome message."""

from typing import NamedTuple

from django.db import transaction

from auth.accounts import add_member, create_or_update_user, get_or_create_project
from auth.api_keys.issuing import KeyPermissions, create_key
from auth.models import Membership, User
from auth.scopes import ALL_SCOPES
from datasets_api.version import VERSION

FIRST_EMAIL = "admin@localhost.localdomain"
FIRST_PROJECT = "Default project"


class FirstKey(NamedTuple):
    value: str
    project_id: int


@transaction.atomic
def first_key() -> FirstKey | None:
    """Create the first key, or return None if there are users already."""
    if User.objects.exists():
        return None
    project, _ = get_or_create_project(FIRST_PROJECT)
    user = create_or_update_user(email=FIRST_EMAIL, first_name="Admin")
    add_member(user, project.organization, level=Membership.Level.OWNER, project=project)
    issued = create_key(user_id=user.id, label="First key", permissions=KeyPermissions([ALL_SCOPES], (), ()))
    return FirstKey(issued.value, project.id)


def welcome(issued: FirstKey | None, url: str) -> str:
    lines = [f"Datasets API {VERSION}", f"Listening on {url}  (documentation: {url}/api/schema/swagger-ui/)"]
    if issued:
        lines += [
            "",
            "First start: created a project and a personal API key, which is not shown again:",
            "",
            f"  {issued.value}",
            "",
            "Open the console (the link signs in):",
            "",
            f"  {url}/#key={issued.value}",
            "",
            "Try it:",
            "",
            f"  curl -H 'Authorization: Bearer {issued.value}' '{url}/api/projects/{issued.project_id}/datasets/'",
            "",
        ]
    return "\n".join(lines)
