"""Random sequences of writes: no live item violates a schema that is enforced for all items."""

from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dataset_client import Body, DatasetClient
from tests.items.validation.schemas import FIELDS, SCHEMAS, VALUES, live_violations


def schemas_put() -> st.SearchStrategy[Body]:
    fields = st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(SCHEMAS), max_size=2)
    return st.builds(lambda schemas, enforce: {**schemas, "enforce": enforce}, fields, st.sampled_from(["all", "new"]))


def contents() -> st.SearchStrategy[Body]:
    return st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(VALUES), max_size=3)


DELETED = st.sampled_from([{}, {}, {"deleted": True}, {"deleted": False}, {"deleted": None}])
WHICH = st.integers(0, 5)
WRITES = st.one_of(
    st.tuples(st.just("put"), st.integers(0, 1), schemas_put()),
    st.tuples(st.just("create"), st.integers(0, 1), contents(), DELETED),
    st.tuples(st.just("patch"), WHICH, contents(), DELETED),
    st.tuples(st.just("move"), WHICH, st.integers(0, 1), contents()),
    st.tuples(st.sampled_from(["archive", "restore"]), WHICH),
    st.tuples(st.just("version"), WHICH, st.integers(1, 3)),
    st.tuples(st.just("store"), st.integers(0, 1), st.lists(contents(), min_size=1, max_size=4)),
    st.tuples(st.just("change"), WHICH, contents(), DELETED, st.sampled_from([None, 0, 1])),
    st.tuples(st.just("fork"), st.integers(0, 1), st.integers(0, 8)),
)


class Writer:
    """Runs one write after another and records the responses."""

    def __init__(self, client: DatasetClient) -> None:
        self.client, self.api = client, client.api
        self.datasets = [client.new_dataset(), client.new_dataset()]
        self.items: list[Body] = []

    def do(self, write: Any) -> Any:
        kind, which, *more = write
        if kind in {"put", "create", "store", "fork"}:
            return getattr(self, kind)(self.datasets[which], *more)
        if not self.items:
            return None
        if kind == "change":
            return self.change(*more)
        path = self.client.item_path(self.items[which % len(self.items)])
        if kind in {"patch", "move"}:
            return self.api.patch(path, getattr(self, kind)(*more))
        body = {"source_version": more[0]} if kind == "version" else None
        return self.api.post(f"{path}{'restore' if body else kind}/", body)

    def put(self, dataset: Body, schemas: Body) -> Any:
        return self.api.put(self.client.path("schemas/", dataset), schemas)

    def create(self, dataset: Body, content: Body, deleted: Body) -> Any:
        response = self.api.post(self.client.items, {"dataset": dataset["id"], **content, **deleted})
        self.items += [response.json()] if response.status_code == 201 else []
        return response

    def store(self, dataset: Body, items: list[Body]) -> Any:
        body = {"dataset": dataset["id"], "items": [{"ref_source_id": f"{n}", **item} for n, item in enumerate(items)]}
        return self.api.post(f"{self.client.items}bulk/?partial=true&match_on=ref_source_id&on_conflict=update", body)

    def change(self, content: Body, deleted: Body, target: int | None) -> Any:
        moved = {} if target is None else {"dataset": self.datasets[target]["id"]}
        body = {"ids": [item["id"] for item in self.items], "changes": {**content, **deleted, **moved}}
        return self.api.patch(f"{self.client.items}bulk/", body)

    def fork(self, dataset: Body, revision: int) -> Any:
        return self.api.post(self.client.path("fork/", dataset), {"name": "Fork", "revision": revision})

    def patch(self, content: Body, deleted: Body) -> Body:
        return {**content, **deleted}

    def move(self, which: int, content: Body) -> Body:
        return {"dataset": self.datasets[which]["id"], **content}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.sampled_from(SCHEMAS[1:-1]), writes=st.lists(WRITES, min_size=8, max_size=25))
def test_no_sequence_of_writes_leaves_a_live_item_that_violates_an_enforced_schema(
    client: DatasetClient, first: Body, writes: list[Any]
) -> None:
    with transaction.atomic():
        writer = Writer(client)
        for write in [("put", 0, {"input": first}), *writes]:
            response = writer.do(write)
            assert response is None or response.status_code in {200, 201, 400, 404}, response.content
            assert live_violations() == [], write
        transaction.set_rollback(True)
