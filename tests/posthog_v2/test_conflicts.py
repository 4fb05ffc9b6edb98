"""Every conflict, byte for byte, and the precedence of several errors."""

from typing import Any

import pytest

from tests.dataset_client import NOWHERE, assert_error, assert_not_found, created, ok
from tests.posthog_v2.v2_client import V2Client, assert_conflict

ARCHIVED_DATASET = "Restore this dataset before {}."
STALE = "This dataset item changed after it was loaded. Reload it and try again."
DIFFERENT_CONTENT = "An item with this client item ID already exists with different content."
ARCHIVED_ITEM = "An archived item already uses this client item ID. Unarchive that item to use it again."


def test_a_name_is_unique_in_the_project_including_archived_datasets(v2: V2Client) -> None:
    first = v2.new_dataset("First")
    v2.archive_dataset(first)
    other = v2.new_dataset("first")  # a different name
    detail = "A dataset with this name already exists."

    assert_conflict(v2.api.post(v2.datasets, {"name": " First "}), "dataset_name_conflict", detail)
    assert_conflict(v2.api.patch(v2.path(of=other), {"name": "First"}), "dataset_name_conflict", detail)
    assert ok(v2.api.patch(v2.path(of=other), {"name": "first", "description": "d"}))["description"] == "d"


def test_names_that_v1_used_twice_can_be_kept(v2: V2Client) -> None:
    double = v2.v1.new_dataset("Golden set")

    assert ok(v2.api.patch(v2.path(of=double), {"name": "Golden set", "tags": ["x"]}))["tags"] == ["x"]


def test_an_archived_dataset_rejects_every_write(v2: V2Client) -> None:
    item, archived = v2.new_item(), v2.new_item()
    archived = ok(v2.archive(archived))
    v2.archive_dataset()

    for response, action in (
        (v2.api.patch(v2.path(), {"name": "x"}), "updating it"),
        (v2.create(), "adding items"),
        (v2.patch(item, input=1), "updating its items"),
        (v2.archive(item), "archiving its items"),
        (v2.restore(archived), "restoring its items"),
    ):
        assert_conflict(response, "dataset_archived", ARCHIVED_DATASET.format(action))
    assert ok(v2.get(item)) == item
    assert ok(v2.page())["results"] == [item]


def test_a_stale_version_is_rejected_by_each_write_of_an_item(v2: V2Client) -> None:
    old = v2.new_item()
    new = ok(v2.patch(old, input=2))

    assert_conflict(v2.patch(old, input=3), "stale_version", STALE, new)
    assert_conflict(v2.archive(old), "stale_version", STALE, new)
    archived = ok(v2.archive(new))
    assert_conflict(v2.restore(new), "stale_version", STALE, archived)
    assert_conflict(v2.patch(archived, base=99, input=3), "stale_version", STALE, archived)


def test_an_item_is_archived_and_restored_once(v2: V2Client) -> None:
    item = v2.new_item()
    assert_conflict(v2.restore(item), "dataset_item_active", "This dataset item is already active.", item)

    archived = ok(v2.archive(item))

    already = "This dataset item is already archived."
    assert_conflict(v2.archive(archived), "dataset_item_archived", already, archived)
    before = "Restore this dataset item before updating it."
    assert_conflict(v2.patch(archived, input=1), "dataset_item_archived", before, archived)


def test_a_client_item_id_belongs_to_one_item_forever(v2: V2Client) -> None:
    values: dict[str, Any] = {"input": {"a": 1, "b": "é"}, "metadata": {}, "client_item_id": "K"}
    item = v2.new_item(**values)

    assert ok(v2.create(**values | {"input": {"b": "\u00e9", "a": 1}})) == item
    assert ok(v2.create(input=values["input"], client_item_id="K", expected_output=None)) == item
    assert created(v2.create(**values | {"client_item_id": "k"}))["dataset_revision"] == 2
    for other in ({"input": {"a": True, "b": "é"}}, {"expected_output": 0}, {"metadata": {"x": 1}}):
        response = v2.create(**values | other)
        assert_conflict(response, "client_item_id_conflict", DIFFERENT_CONTENT, item)
    archived = ok(v2.archive(item))
    assert_conflict(v2.create(**values), "client_item_id_conflict", ARCHIVED_ITEM, archived)
    assert v2.state()["current_revision"] == 3


def test_a_repeat_is_compared_with_the_current_content(v2: V2Client) -> None:
    item = v2.new_item(client_item_id="K")
    changed = ok(v2.patch(item, input=2))

    assert_conflict(v2.create(client_item_id="K"), "client_item_id_conflict", DIFFERENT_CONTENT, changed)
    assert ok(v2.create(client_item_id="K", input=2)) == changed


# --- The order of checks ---------------------------------------------------------------------------------------------


def test_checks_run_in_order(v2: V2Client) -> None:
    """Each request also has all later errors."""
    item = v2.new_item()
    path, wrong = v2.item_path(item), {"unknown": 1}
    anonymous, unscoped = v2.with_key(v2.people.owner, "insight:read"), v2.with_key(v2.people.stranger)
    anonymous.headers, unscoped_key = {}, v2.with_key(v2.people.stranger, "insight:read")

    assert anonymous.patch(path, wrong).status_code == 401
    assert "missing required scope" in assert_error(unscoped_key.put(path, wrong), 403, "permission_denied")["detail"]
    assert "access to the project" in assert_error(unscoped.put(path, wrong), 403, "permission_denied")["detail"]
    for method in ("PUT", "DELETE"):
        for each in (path, v2.path(), v2.item_path({"id": NOWHERE})):
            assert_error(v2.api.ask(method, each, wrong), 405, "method_not_allowed")
    assert_not_found(v2.api.patch(v2.item_path({"id": NOWHERE}), wrong))
    assert_error(v2.api.patch(path, wrong), 400, "invalid_input", "unknown")


def test_the_order_of_a_patch(v2: V2Client) -> None:
    """404, body, dataset archived, stale, item archived, no-op."""
    item = v2.new_item()
    archived = ok(v2.archive(item))
    v2.archive_dataset()

    assert_not_found(v2.api.patch(v2.item_path({"id": "x"}), {"x": 1}))
    assert_error(v2.patch(item, input=None), 400, "null", "input")
    assert_error(v2.api.patch(v2.item_path(item), {}), 400, "required", "base_version")
    assert v2.patch(item, input=2).json()["code"] == "dataset_archived"
    ok(v2.api.post(v2.path("restore/")))
    assert v2.patch(item, input=2).json()["code"] == "stale_version"
    assert v2.patch(archived, input=2).json()["code"] == "dataset_item_archived"
    assert v2.patch(archived).json()["code"] == "dataset_item_archived"


def test_the_order_of_a_create(v2: V2Client) -> None:
    """Body, 404, dataset archived, client_item_id."""
    item = v2.new_item(client_item_id="K")
    v2.archive_dataset()

    assert_error(v2.create(dataset=NOWHERE, input=None), 400, "null", "input")
    assert_not_found(v2.create(dataset=NOWHERE))
    other = str(v2.v1.dataset["id"])
    assert_not_found(v2.create(dataset=other[:-1] + ("1" if other[-1] == "0" else "0")))
    assert v2.create(client_item_id="K", input=9).json()["code"] == "dataset_archived"
    ok(v2.api.post(v2.path("restore/")))
    assert_conflict(v2.create(client_item_id="K", input=9), "client_item_id_conflict", DIFFERENT_CONTENT, item)


def test_the_order_of_a_restore(v2: V2Client) -> None:
    """Body, dataset archived, stale, item active, 404 of the source version."""
    item = v2.new_item()

    assert_error(v2.restore(item, source_version=0), 400, "min_value", "source_version")
    assert v2.restore(item, base=9, source_version=9).json()["code"] == "stale_version"
    assert v2.restore(item, source_version=9).json()["code"] == "dataset_item_active"
    archived = ok(v2.archive(item))
    assert_not_found(v2.restore(archived, source_version=9))


# --- Exports ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("has_items", [False, True])
def test_conflicts_of_exports_only_have_a_detail(v2: V2Client, *, has_items: bool) -> None:
    if has_items:
        v2.new_item()

    response = v2.api.post(v2.path("exports/"), {"revision": 2})

    assert response.status_code == 409
    detail = "This dataset revision does not exist." if has_items else "Add an item before exporting this dataset."
    assert response.json() == {"detail": detail}
