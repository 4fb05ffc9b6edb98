"""Two tenants with rows in every table, for the tests of all routes."""

from typing import Any
from uuid import UUID

from django.urls import resolve

from auth.models import Membership, Organization, PersonalAPIKey, Project
from items.models import (
    ChangeLogEntry,
    Dataset,
    DatasetHead,
    DatasetItem,
    DatasetSchema,
    DatasetTag,
    IdempotencyRecord,
    ItemForkOrigin,
    ItemSource,
    ItemValidity,
    ItemVersion,
)
from tests.api import Api
from tests.auth.routes import Route
from tests.people import People, key, key_row
from tests.rows import dataset, item

MARK = "kept-abroad"
TAG = "golden"
FOREIGN_TAG = "silver"
# The tables with a project id.
TABLES = (
    Dataset, ChangeLogEntry, DatasetHead, DatasetItem, DatasetSchema, DatasetTag, ItemForkOrigin, ItemSource,
    ItemValidity, ItemVersion, IdempotencyRecord,
)  # fmt: skip


class TwoTenants:
    """People with a dataset, a tag, an item and a key at home; abroad the same, and a history."""

    def __init__(self) -> None:
        self.people = people = People()
        self.dataset = dataset(people.project, author=people.owner.id)
        self.item = item(self.dataset, author=people.owner.id)
        self.key, self.value = key_row(people.owner)
        home = f"/api/projects/{people.project.id}/datasets/{self.dataset.id}"
        # A tag's name may contain a dot, so a format suffix is part of the name.
        for name in (TAG, f"{TAG}.json"):
            assert Api(key(people.owner)).put(f"{home}/tags/{name}/", {"revision": 1}).status_code == 201
        for row in (people.abroad, people.foreign_project):
            row.name = MARK
            row.save()
        people.stranger.first_name = MARK
        people.stranger.save()
        self.foreign_dataset = dataset(
            people.foreign_project, author=people.stranger.id, name=MARK, description=MARK, metadata=f'"{MARK}"'
        )
        self.foreign_item = item(self.foreign_dataset, author=people.stranger.id, input=f'"{MARK}"', ref_trace_id=MARK)
        self.foreign_key, _ = key_row(people.stranger)
        self.write_foreign_history()
        self.foreign_ids = {
            "dataset": self.foreign_dataset.id,
            "item": self.foreign_item.id,
            "fork": self.foreign_fork,
            "key": self.foreign_key.id,
            "organization": people.abroad.id,
            "project": people.foreign_project.id,
            "project's uuid": people.foreign_project.uuid,
            "user": people.stranger.id,
            "user's uuid": people.stranger.uuid,
            "tag": FOREIGN_TAG,
        }

    def write_foreign_history(self) -> None:
        """Write a second version, a tag, schemas, a fork and an idempotency record."""
        api, base = Api(key(self.people.stranger)), f"/api/projects/{self.people.foreign_project.id}"
        datasets, items = f"{base}/datasets/{self.foreign_dataset.id}", f"{base}/dataset_items"
        idempotency = {"Idempotency-Key": MARK}
        written = api.patch(f"{items}/{self.foreign_item.id}/", {"output": MARK}, headers=idempotency)
        tagged = api.put(f"{datasets}/tags/{FOREIGN_TAG}/", {"revision": 2})
        put = api.put(f"{datasets}/schemas/", {"output": {"title": MARK}})
        forked = api.post(f"{datasets}/fork/", {"name": MARK})
        assert [answer.status_code for answer in (written, tagged, put, forked)] == [200, 201, 200, 201]
        sourced = {"dataset": str(self.foreign_dataset.id), "input": MARK, "client_item_id": MARK}
        assert api.post(f"/v2{items}/", sourced).status_code == 201
        self.foreign_fork = UUID(forked.json()["id"])

    def path(self, route: Route, *, project_id: Any = None, object_id: Any = None, tag: str = TAG) -> str:
        """Return the route's path with the home tenant's ids, except the given ones; fails for an unknown parameter."""
        project_id = self.people.project.id if project_id is None else project_id
        own = {
            "dataset_items/{id}": self.item.id,
            "dataset_items/{dataset_item_id}": self.item.id,
            "datasets/{id}": self.dataset.id,
            "personal_api_keys/{id}": self.key.id,
            "organizations/{organization_id}": self.people.home.id,
        }
        found = [each for place, each in own.items() if place in route.path]
        object_id = object_id or (found[0] if found else "a view without an object")
        path = route.path.format(
            project_id=project_id,
            environment_id=project_id,
            id=object_id,
            organization_id=object_id,
            dataset_item_id=object_id,
            export_id=1,
            rest="/",
            name=tag,
            format="json",
        )
        assert resolve(path).func is route.callback, f"{path} does not lead to {route}"
        return path

    def foreign_rows(self) -> list[Any]:
        abroad = self.people.foreign_project.id
        found = [
            *(table.objects.filter(team_id=abroad) for table in TABLES),
            Project.objects.filter(id=abroad),
            Organization.objects.filter(id=self.people.abroad.id),
            Membership.objects.filter(organization=self.people.abroad),
            PersonalAPIKey.objects.filter(user=self.people.stranger),
        ]
        rows = [list(each.order_by("pk").values()) for each in found]
        assert all(rows), "every table must have rows"
        return rows
