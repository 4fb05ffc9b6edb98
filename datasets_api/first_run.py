"""What the first start of an empty database makes, and what it tells the person at the terminal."""

from typing import NamedTuple

from django.db import transaction

from auth.models import Membership, User
from auth.own_keys import Powers, create_key
from auth.people import join, project_named, put_user
from auth.scopes import EVERYTHING

FIRST_EMAIL = "admin@localhost.localdomain"
FIRST_PROJECT = "Default project"


class FirstKey(NamedTuple):
    value: str
    project_id: int


@transaction.atomic
def first_key() -> FirstKey | None:
    """None where there are users already."""
    if User.objects.exists():
        return None
    project, _ = project_named(FIRST_PROJECT)
    user = put_user(email=FIRST_EMAIL, first_name="Admin")
    join(user, project.organization, level=Membership.Level.OWNER, project=project)
    made = create_key(user_id=user.id, label="First key", powers=Powers([EVERYTHING], (), ()))
    return FirstKey(made.value, project.id)


def welcome(made: FirstKey | None, url: str) -> str:
    lines = [f"Listening on {url}  (documentation: {url}/api/schema/swagger-ui/)"]
    if made:
        lines += [
            "",
            "First start: a project and a personal API key were made. The key is shown this once:",
            "",
            f"  {made.value}",
            "",
            "Open the console (the link signs in):",
            "",
            f"  {url}/#key={made.value}",
            "",
            "Try it:",
            "",
            f"  curl -H 'Authorization: Bearer {made.value}' '{url}/api/projects/{made.project_id}/datasets/'",
            "",
        ]
    return "\n".join(lines)
