"""A client of the later API for a project with a dataset; `v1` is a client of v1 for the same project."""

from typing import Any

from tests.api import Api
from tests.dataset_client import Body, DatasetClient, created, ok
from tests.people import key


class V2Client:
    """The owner writes; `v1` is a client of v1's API with the same dataset."""

    def __init__(self) -> None:
        self.v1 = DatasetClient()
        self.people = self.v1.people
        self.api = self.v1.api
        self.project_id = self.v1.project_id
        self.base = f"/v2/api/projects/{self.project_id}"
        self.items, self.datasets = f"{self.base}/dataset_items/", f"{self.base}/datasets/"
        self.dataset = ok(self.api.get(self.path(of=self.v1.dataset)))

    # --- Paths

    def path(self, rest: str = "", of: Body | None = None) -> str:
        return f"{self.datasets}{(of or self.dataset)['id']}/{rest}"

    def item_path(self, item: Body, rest: str = "") -> str:
        return f"{self.items}{item['id']}/{rest}"

    # --- Writes

    def new_dataset(self, name: str, **values: Any) -> Body:
        return created(self.api.post(self.datasets, {"name": name, **values}))

    def create(self, into: Body | None = None, **values: Any) -> Any:
        """Return the response to the creation of an item."""
        body = {"dataset": (into or self.dataset)["id"], "input": {"q": 1}, **values}
        return self.api.post(self.items, body)

    def new_item(self, into: Body | None = None, **values: Any) -> Body:
        return created(self.create(into, **values))

    def patch(self, item: Body, *, base: int | None = None, **values: Any) -> Any:
        base_version = item["version"] if base is None else base
        return self.api.patch(self.item_path(item), {"base_version": base_version, **values})

    def archive(self, item: Body, *, base: int | None = None) -> Any:
        body = {"base_version": item["version"] if base is None else base}
        return self.api.post(self.item_path(item, "archive/"), body)

    def restore(self, item: Body, *, base: int | None = None, **values: Any) -> Any:
        body = {"base_version": item["version"] if base is None else base, **values}
        return self.api.post(self.item_path(item, "restore/"), body)

    def archive_dataset(self, dataset: Body | None = None) -> Body:
        return ok(self.api.post(self.path("archive/", dataset)))

    # --- Reads

    def get(self, item: Body, query: str = "") -> Any:
        return self.api.get(self.item_path(item, query))

    def page(self, query: str = "", of: Body | None = None) -> Any:
        return self.api.get(f"{self.items}?dataset={(of or self.dataset)['id']}{query}")

    def state(self, of: Body | None = None) -> Body:
        return ok(self.api.get(self.path(of=of)))

    def with_key(self, user: Any, *scopes: str) -> Api:
        return Api(key(user, *scopes))


def assert_conflict(response: Any, code: str, detail: str, item: Body | None = None) -> None:
    """Compare byte for byte: the members, their order and nothing else."""
    assert response.status_code == 409, response.content
    expected = {"code": code, "detail": detail}
    if item:
        expected |= {"current_version": item["version"], "current_item_id": item["id"]}
    assert list(response.json().items()) == list(expected.items())
