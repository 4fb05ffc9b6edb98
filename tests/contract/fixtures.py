"""Create the rows that the contract cases need: see "fixtures" and "states" in cases.json."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from auth.api_keys.tokens import hash_key, mask_key
from auth.models import Membership, Organization, PersonalAPIKey, Project, User
from items.models import Dataset, DatasetHead, DatasetItem, ProjectHead

CREATED_AT = datetime(2025, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


def at_second(second: int) -> datetime:
    return datetime(2025, 1, 2, 3, 4, second, tzinfo=UTC)


class Fixtures:
    """`ids` maps the names in cases.json to the ids of created rows."""

    def __init__(self, ids: dict[str, Any]) -> None:
        self.ids = ids
        self.org, self.other_org = UUID(ids["org"]), UUID(ids["other_org"])
        self.projects = [int(ids[name]) for name in ("project", "sibling_project", "other_project")]

    def load(self, state: str) -> None:
        self.load_people()
        self.load_keys()
        self.load_datasets()
        name, _, number = state.partition(":")
        if name in {"base", "orphan"}:
            self.load_items(created_by_id=None if name == "orphan" else 1)
        elif name == "items":
            self.load_many_items(int(number))
        else:
            assert name == "noitems", f"unknown state {state}"

    def load_people(self) -> None:
        own, sibling, other = self.projects
        for organization_id, slug in ((self.org, "org"), (self.other_org, "other-org")):
            Organization.objects.create(id=organization_id, name=slug, slug=slug)
        for project_id, organization_id, token in (
            (own, self.org, "phc_proj1"),
            (sibling, self.org, "phc_proj2"),
            (other, self.other_org, "phc_proj3"),
        ):
            Project.objects.create(id=project_id, organization_id=organization_id, name=token, api_token=token)
        User.objects.create(
            id=1,
            uuid=self.ids["user_uuid"],
            distinct_id="distinct-1",
            first_name="Ada",
            last_name="Lovelace",
            email="ada@example.com",
            is_email_verified=True,
            role_at_organization="engineering",
            current_team_id=own,
            current_organization_id=self.org,
        )
        User.objects.create(id=2, email="inactive@example.com", is_active=False)
        User.objects.create(id=3, email="both@example.com", current_organization_id=self.org, current_team_id=own)
        User.objects.create(id=4, email="noteam@example.com")
        for user_id, organization_id in ((1, self.org), (2, self.org), (3, self.org), (3, self.other_org)):
            Membership.objects.create(user_id=user_id, organization_id=organization_id)

    def load_keys(self) -> None:
        own, sibling, _ = self.projects
        every = ["*"]
        for value, user_id, scopes, restriction in (
            ("phx_rw", 1, ["dataset:read", "dataset:write"], {}),
            ("phx_read", 1, ["dataset:read"], {}),
            ("phx_write", 1, ["dataset:write"], {}),
            ("phx_star", 1, every, {}),
            ("phx_wrongscope", 1, ["insight:read"], {}),
            ("phx_unscoped", 1, [], {}),
            ("phx_team1", 1, every, {"scoped_teams": [own]}),
            ("phx_team2", 1, every, {"scoped_teams": [sibling]}),
            ("phx_orgA", 1, every, {"scoped_organizations": [str(self.org)]}),
            ("phx_orgB", 1, every, {"scoped_organizations": [str(self.other_org)]}),
            ("phx_both_orgA", 3, every, {"scoped_organizations": [str(self.org)]}),
            ("phx_inactive", 2, every, {}),
            ("phx_noteam", 4, every, {}),
        ):
            PersonalAPIKey.objects.create(
                user_id=user_id,
                label=value,
                secure_value=hash_key(value),
                mask_value=mask_key(value),
                scopes=scopes,
                **restriction,
            )

    def load_datasets(self) -> None:
        own, sibling, other = self.projects
        for name, team_id, changes in (
            ("dataset", own, {}),
            ("dataset2", own, {"name": "Second"}),
            ("deleted_dataset", own, {"deleted": True}),
            ("sibling_dataset", sibling, {}),
            ("other_dataset", other, {}),
        ):
            values: dict[str, Any] = {"name": "Golden set", "description": "desc", "metadata": '{"a":1}'} | changes
            Dataset.objects.create(
                team_id=team_id,
                id=self.ids[name],
                created_at=CREATED_AT,
                updated_at=CREATED_AT,
                created_by_id=1,
                **values,
            )
            DatasetHead.objects.create(team_id=team_id, dataset_id=self.ids[name], changed_at=CREATED_AT)
        ProjectHead.objects.create(team_id=own, dataset_count=2, archived_dataset_count=1)
        for team_id in (sibling, other):
            ProjectHead.objects.create(team_id=team_id, dataset_count=1)

    def load_items(self, *, created_by_id: int | None) -> None:
        own, sibling, other = self.projects
        for name, team_id, dataset, created_at, deleted in (
            ("item", own, "dataset", CREATED_AT, False),
            ("item2", own, "dataset2", at_second(6), False),
            ("deleted_item", own, "dataset", CREATED_AT, True),
            ("item_in_deleted_dataset", own, "deleted_dataset", at_second(4), False),
            ("null_deleted_item", own, "dataset", at_second(3), None),
            ("other_item", other, "other_dataset", CREATED_AT, False),
            ("sibling_item", sibling, "sibling_dataset", CREATED_AT, False),
        ):
            DatasetItem.objects.create(
                team_id=team_id,
                id=self.ids[name],
                dataset_id=self.ids[dataset],
                input='{"q":"hi"}',
                output='"ok"',
                ref_trace_id="trace-1",
                ref_timestamp=datetime(2025, 1, 1, tzinfo=UTC),
                deleted=deleted,
                created_at=created_at,
                updated_at=created_at,
                created_by_id=created_by_id,
            )
        recount()

    def load_many_items(self, count: int) -> None:
        start = datetime(2025, 1, 2, tzinfo=UTC)
        DatasetItem.objects.bulk_create(
            DatasetItem(
                team_id=self.projects[0],
                id=UUID(f"01990000-0000-7000-8001-{number:012x}"),
                dataset_id=self.ids["dataset"],
                created_at=start + timedelta(seconds=number // 2),
                updated_at=start + timedelta(seconds=number // 2),
                created_by_id=1,
            )
            for number in range(1, count + 1)
        )
        recount()


def recount() -> None:
    for head in DatasetHead.objects.all():
        items = DatasetItem.objects.in_project(head.team_id).filter(dataset_id=head.dataset_id).live()
        DatasetHead.objects.filter(team_id=head.team_id, dataset_id=head.dataset_id).update(item_count=items.count())
