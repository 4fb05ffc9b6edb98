"""An HTTP client for a project with a dataset, with the calls that most tests of history need."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from tests.api import Api
from tests.people import People, key

PREFIXES = ("projects", "environments")
KEYS = (
    "id", "dataset", "input", "output", "metadata", "ref_trace_id", "ref_timestamp", "ref_source_id", "deleted",
    "created_at", "updated_at", "created_by", "team",
)  # fmt: skip
CONTENT = ("input", "output", "metadata", "ref_trace_id", "ref_timestamp", "ref_source_id")
NOWHERE = "01990000-0000-7000-8000-00000000dead"
TESTSERVER = "http://testserver"

Body = dict[str, Any]


class DatasetClient:
    """A client with the owner's key; `colleague` is another member, `stranger` is not a member."""

    def __init__(self) -> None:
        self.people = people = People()
        self.project_id = people.project.id
        self.api = Api(key(people.owner))
        self.colleague = Api(key(people.colleague))
        self.stranger = Api(key(people.stranger))
        self.base = f"/api/projects/{self.project_id}"
        self.items, self.datasets = f"{self.base}/dataset_items/", f"{self.base}/datasets/"
        self.dataset = self.new_dataset()

    # --- Paths

    def item_path(self, item: Body, rest: str = "") -> str:
        return f"{self.items}{item['id']}/{rest}"

    def path(self, rest: str = "", of: Body | None = None) -> str:
        """Return the path of the dataset."""
        return f"{self.datasets}{(of or self.dataset)['id']}/{rest}"

    # --- Writes

    def new_dataset(self, name: str = "Golden set", **values: Any) -> Body:
        return created(self.api.post(self.datasets, {"name": name, **values}))

    def new_item(self, into: Body | None = None, *, by: Api | None = None, **values: Any) -> Body:
        body = {"dataset": (into or self.dataset)["id"], **values}
        return created((by or self.api).post(self.items, body))

    def patch(self, item: Body, *, by: Api | None = None, **changes: Any) -> Body:
        return ok((by or self.api).patch(self.item_path(item), changes))

    def move(self, item: Body, to: Body) -> Body:
        return self.patch(item, dataset=to["id"])

    def archive(self, item: Body) -> Body:
        return ok(self.api.post(self.item_path(item, "archive/")))

    def restore(self, item: Body, **body: Any) -> Body:
        return ok(self.api.post(self.item_path(item, "restore/"), body))

    def rename(self, name: str, of: Body | None = None) -> Body:
        return ok(self.api.patch(self.path(of=of), {"name": name}))

    def tag(self, name: str, revision: int, *, of: Body | None = None, **more: Any) -> Any:
        return self.api.put(self.path(f"tags/{name}/", of), {"revision": revision, **more})

    # --- Reads

    def item(self, item: Body, query: str = "") -> Any:
        return self.api.get(self.item_path(item, query))

    def page(self, query: str = "", *, of: Body | None = None) -> Any:
        """Return a page of the dataset's items."""
        return self.api.get(f"{self.items}?dataset={(of or self.dataset)['id']}{query}")

    def results(self, query: str = "", *, of: Body | None = None) -> list[Body]:
        """Return the items of the list with this query."""
        return list(ok(self.page(query, of=of))["results"])

    def spellings(self, rest: str) -> list[Any]:
        """Return the responses of a path below the dataset under both prefixes and with each suffix."""
        path = f"{self.project_id}/datasets/{self.dataset['id']}/{rest}"
        answers = [self.api.get(f"/api/{prefix}/{path}{end}") for prefix in PREFIXES for end in ("", "/", ".json")]
        assert {answer.status_code for answer in answers} == {200}
        return answers

    def head(self, of: Body | None = None) -> int:
        """Return the dataset's revision."""
        return int(self.page("&limit=1", of=of).headers["Dataset-Revision"])

    def versions(self, item: Body) -> list[Body]:
        return list(ok(self.item(item, "versions/"))["results"])

    def revisions(self, of: Body | None = None) -> list[Body]:
        return list(ok(self.api.get(self.path("revisions/?limit=1000", of)))["results"])

    def feed(self, since: int = 0, *, of: Body | None = None, limit: int = 1000) -> list[Body]:
        """Return all entries after a revision, from as many pages as needed."""
        return [entry for page in self.feed_pages(since, of=of, limit=limit) for entry in page["results"]]

    def feed_pages(self, since: int = 0, *, of: Body | None = None, limit: int = 1000) -> Iterator[Body]:
        url: str | None = self.path(f"changes/?since_revision={since}&limit={limit}", of)
        while url:
            page = ok(self.api.get(url.removeprefix(TESTSERVER)))
            assert len(page["results"]) <= limit
            assert (page["next"] is None) != (page["next_since_revision"] is None)
            yield page
            url = page["next"]


def created(answer: Any) -> Body:
    assert answer.status_code == 201, answer.content
    return answer.json()  # type: ignore[no-any-return]


def ok(answer: Any) -> Body:
    assert answer.status_code == 200, answer.content
    return answer.json()  # type: ignore[no-any-return]


def assert_error(answer: Any, status: int, code: str, attr: str | None = None) -> Body:
    """Check a response's error, whose first members are the envelope's."""
    error: Body = answer.json()
    assert answer.status_code == status, answer.content
    assert list(error)[:4] == ["type", "code", "detail", "attr"]
    assert (error["code"], error["attr"]) == (code, attr)
    return error


def assert_not_found(answer: Any) -> None:
    assert_error(answer, 404, "not_found")


def needs_scope_to_read(client: DatasetClient, path: str) -> None:
    """Check that the path needs dataset:read, or dataset:write, which includes it."""
    for scope in ("dataset:read", "dataset:write"):
        ok(Api(key(client.people.owner, scope)).get(path))
    assert Api(key(client.people.owner, "insight:read")).get(path).status_code == 403


def replay(entries: list[Body]) -> dict[str, Body]:
    """Return the live items, by id, that these entries of the feed lead to."""
    items: dict[str, Body] = {}
    for entry in entries:
        apply(entry, items)
    return items


def apply(entry: Mapping[str, Any], items: dict[str, Body]) -> None:
    item = entry["item"]
    if entry["operation"] == "moved_out" or item["deleted"]:
        items.pop(item["id"], None)
    else:
        items[item["id"]] = item


def newest_first(items: dict[str, Body]) -> list[Body]:
    """Sort items like a list: newest first, then by id."""
    by_id = sorted(items.values(), key=lambda each: each["id"])
    return sorted(by_id, key=lambda each: datetime.fromisoformat(each["created_at"]), reverse=True)
