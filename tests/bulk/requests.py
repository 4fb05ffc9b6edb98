"""Bulk requests as the tests of them send them."""

import json
from typing import Any

from tests.api import Api
from tests.history.scene import Body, Scene, shown

NDJSON = "application/x-ndjson"
COUNTS = ("created", "updated", "unchanged", "skipped", "errors")
MATCH = "?match_on=ref_source_id"


def post(
    scene: Scene, items: Any, query: str = "", *, of: Body | None = None, by: Api | None = None, **more: Any
) -> Any:
    body = {"dataset": (of or scene.dataset)["id"], "items": items, **more}
    return (by or scene.api).post(f"{scene.items}bulk/{query}", body)


def upsert(scene: Scene, items: Any, on_conflict: str = "update", query: str = "") -> Any:
    return post(scene, items, f"{MATCH}&on_conflict={on_conflict}{query}")


def lines(scene: Scene, items: list[Any], query: str = "") -> Any:
    text = "".join(json.dumps(item) + "\n" for item in items)
    return scene.api.post(f"{scene.items}bulk/?dataset={scene.dataset['id']}{query}", text, content_type=NDJSON)


def patch(scene: Scene, changes: Any, *, by: Api | None = None, **selection: Any) -> Any:
    return (by or scene.api).patch(f"{scene.items}bulk/", {**selection, "changes": changes})


def counts(answer: Any) -> dict[str, int]:
    """Those that are not 0; they add up to the results."""
    body = shown(answer)
    assert sum(body[name] for name in COUNTS) == len(body["results"])
    assert [each["index"] for each in body["results"]] == list(range(len(body["results"])))
    return {name: body[name] for name in COUNTS if body[name]}


def statuses(answer: Any) -> list[str]:
    return [each["status"] for each in shown(answer)["results"]]


def ids(answer: Any) -> list[str]:
    return [each["id"] for each in shown(answer)["results"]]
