"""What the first start of an empty database makes, and what it tells the person at the terminal."""

from django.db import transaction

from auth.models import Membership, User
from auth.own_keys import Powers, create_key
from auth.people import DEFAULT_ORGANIZATION, join, project_named
from auth.scopes import EVERYTHING

FIRST_EMAIL = "admin@localhost.localdomain"
FIRST_PROJECT = "Default project"


@transaction.atomic
def first_key() -> tuple[str, int] | None:
    """A new key and its project's id; None where there are users already."""
    if User.objects.exists():
        return None
    project, _ = project_named(FIRST_PROJECT, organization_name=DEFAULT_ORGANIZATION)
    user = User.objects.create(email=FIRST_EMAIL, first_name="Admin")
    join(user, project.organization, level=Membership.Level.OWNER)
    made = create_key(user_id=user.id, label="First key", powers=Powers([EVERYTHING], (), ()))
    return made.value, project.id


def welcome(made: tuple[str, int] | None, host: str, port: int) -> str:
    address = f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}"  # noqa: S104  compared, not bound
    lines = [f"Listening on {address}  (documentation: {address}/api/schema/swagger-ui/)"]
    if made:
        key, project_id = made
        lines += [
            "",
            "First start: a project and a personal API key were made. The key is shown this once:",
            "",
            f"  {key}",
            "",
            "Try it:",
            "",
            f"  curl -H 'Authorization: Bearer {key}' {address}/api/projects/{project_id}/datasets/",
            "",
        ]
    return "\n".join(lines)
