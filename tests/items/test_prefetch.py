"""Items are prefetched with access only for users who certainly have it.

So the time of a rejection does not reveal whether an item exists.
"""

from typing import Any
from uuid import UUID

import pytest

from auth.api_keys.tokens import hash_key
from auth.models import Organization
from auth.scopes import scopes_granting
from items import queries
from tests.people import People, key, make_user, organization
from tests.plans import mode, needs_prepared, plan_of
from tests.rows import dataset, item

__all__ = ["mode"]
pytestmark = [pytest.mark.django_db, needs_prepared]

STATEMENTS = {"write": queries.FIND_ITEM_WITH_ACCESS, "read": queries.FIND_LIVE_ITEM_WITH_ACCESS}


class ProjectEndpoint:
    """An item of a project, and a user who requests it."""

    def __init__(self, who: str) -> None:
        people = People()
        home, elsewhere = people.home, organization("Elsewhere")
        Organization.objects.filter(id=home.id).update(members_can_use_personal_api_keys=who != "policy")
        self.project = people.project.id
        self.item: UUID = item(dataset(people.project)).id
        member = people.colleague
        self.key = {
            "member": lambda: key(member),
            "reader": lambda: key(member, "dataset:read"),
            "writer": lambda: key(member, "project:read", "dataset:write"),
            "nobody": lambda: "phx_unknown",
            "passer-by": lambda: key(make_user("passer-by", elsewhere)),
            "scope": lambda: key(member, "project:write"),
            "project": lambda: key(member, teams=[people.sibling.id]),
            "organization": lambda: key(member, organizations=[elsewhere.id]),
            "policy": lambda: key(member),
        }[who]()

    def reads(self, action: str, mode: str) -> list[int]:
        """Return how often each scan of the items was started."""
        parameters = {"secure_value": hash_key(self.key), "project_id": self.project, "id": self.item}
        parameters |= {"scopes": sorted(scopes_granting(f"dataset:{action}"))}
        nodes: list[dict[str, Any]] = plan_of(STATEMENTS[action], parameters, mode).nodes
        return [each["Actual Loops"] for each in nodes if each.get("Relation Name") == "dataset_item"]


@pytest.mark.parametrize(
    ("who", "action"),
    [("member", "read"), ("member", "write"), ("reader", "read"), ("writer", "read"), ("writer", "write")],
)
def test_an_item_is_prefetched_for_a_user_with_unrestricted_access(who: str, action: str, mode: str) -> None:
    assert ProjectEndpoint(who).reads(action, mode) == [1]


@pytest.mark.parametrize("action", ["read", "write"])
@pytest.mark.parametrize("who", ["nobody", "passer-by", "scope", "project", "organization", "policy"])
def test_no_item_is_read_for_a_user_who_may_be_rejected(who: str, action: str, mode: str) -> None:
    assert ProjectEndpoint(who).reads(action, mode) == [0], "never executed"


def test_no_item_is_read_for_a_write_with_a_read_only_key(mode: str) -> None:
    assert ProjectEndpoint("reader").reads("write", mode) == [0]
