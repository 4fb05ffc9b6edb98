"""Bulk requests, as the tests send them."""

import json
from typing import Any

from tests.api import Api
from tests.dataset_client import Body, DatasetClient, ok

NDJSON = "application/x-ndjson"
COUNTS = ("created", "updated", "unchanged", "skipped", "errors")
MATCH = "?match_on=ref_source_id"


def post(
    client: DatasetClient, items: Any, query: str = "", *, of: Body | None = None, by: Api | None = None, **more: Any
) -> Any:
    body = {"dataset": (of or client.dataset)["id"], "items": items, **more}
    return (by or client.api).post(f"{client.items}bulk/{query}", body)


def upsert(client: DatasetClient, items: Any, on_conflict: str = "update", query: str = "") -> Any:
    return post(client, items, f"{MATCH}&on_conflict={on_conflict}{query}")


def lines(client: DatasetClient, items: list[Any], query: str = "") -> Any:
    text = "".join(json.dumps(item) + "\n" for item in items)
    return client.api.post(f"{client.items}bulk/?dataset={client.dataset['id']}{query}", text, content_type=NDJSON)


def patch(client: DatasetClient, changes: Any, *, by: Api | None = None, **selection: Any) -> Any:
    return (by or client.api).patch(f"{client.items}bulk/", {**selection, "changes": changes})


def status_counts(response: Any) -> dict[str, int]:
    """Return the counts other than 0; they add up to the results."""
    body = ok(response)
    assert sum(body[name] for name in COUNTS) == len(body["results"])
    assert [each["index"] for each in body["results"]] == list(range(len(body["results"])))
    return {name: body[name] for name in COUNTS if body[name]}


def statuses(response: Any) -> list[str]:
    return [each["status"] for each in ok(response)["results"]]


def ids(response: Any) -> list[str]:
    return [each["id"] for each in ok(response)["results"]]
