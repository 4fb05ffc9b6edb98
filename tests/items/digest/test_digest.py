"""Digests of revisions: by the test vectors, stored, computed in parts, and voided by erasure."""

import json
from pathlib import Path
from typing import Any

import pytest

from items.digest import digests
from items.models import DatasetDigest, DatasetItem, ItemHash
from tests.api import Api
from tests.dataset_client import (
    NOWHERE,
    PREFIXES,
    Body,
    DatasetClient,
    assert_error,
    assert_not_found,
    created,
    needs_scope_to_read,
    ok,
)
from tests.history_check import assert_history_holds
from tests.statement_counter import StatementCounter

VECTORS = Path(__file__).parents[3] / "clients" / "python" / "tests" / "vectors" / "digest.json"
DATASETS: list[dict[str, Any]] = json.loads(VECTORS.read_text(encoding="utf-8"))["datasets"]
EMPTY = "sha256:6521b71ec2869d6f60b7c2d468305822fabcac7c1ffc48768c04d36f858fe849"


def digest(client: DatasetClient, revision: int | str = "", of: Body | None = None) -> Body:
    return ok(client.api.get(client.path(f"digest/?revision={revision}", of)))


@pytest.mark.parametrize("vector", DATASETS, ids=range(len(DATASETS)))
def test_datasets_have_their_digest(client: DatasetClient, vector: dict[str, Any]) -> None:
    for row in vector["rows"]:
        # The rows as spelled, including members that the server sets itself and ignores.
        comma = "," if json.loads(row) else ""
        body = f'{row[:-1]}{comma} "dataset": "{client.dataset["id"]}"}}'
        item = created(client.api.ask("POST", client.items, body.encode()))
        # The API trims texts, other writers do not.
        texts = {name: json.loads(row).get(name) for name in ("ref_source_id", "ref_trace_id")}
        DatasetItem.objects.filter(team_id=client.project_id, id=item["id"]).update(**texts)

    response = digest(client)

    assert (response["digest"], response["items"], response["erased_items"]) == (
        vector["digest"],
        len(vector["rows"]),
        0,
    )


def test_the_response(client: DatasetClient) -> None:
    client.new_item(input=1)
    client.new_item(input=2)
    client.tag("release-1", 1)

    by_number, by_tag = digest(client, 1), digest(client, "release-1")
    responses = client.spellings("digest")

    assert by_number == by_tag
    assert list(by_number) == ["dataset", "revision", "items", "digest", "erased_items"]
    assert (by_number["dataset"], by_number["revision"], by_number["items"]) == (client.dataset["id"], 1, 1)
    assert {each.json()["revision"] for each in responses} == {2} == {digest(client, "latest")["revision"]}
    assert responses[0].headers["Dataset-Revision"] == "2"
    assert by_number["digest"] != responses[0].json()["digest"]


def test_an_empty_dataset(client: DatasetClient) -> None:
    assert digest(client) == {
        "dataset": client.dataset["id"], "revision": 0, "items": 0, "digest": EMPTY, "erased_items": 0,
    }  # fmt: skip


def test_spelling_order_and_ids_do_not_count(client: DatasetClient) -> None:
    for value in ({"a": 100, "b": None}, "é", 0.5):
        client.new_item(input=value, ref_timestamp="2025-01-01T01:00:00+01:00")
    other = client.new_dataset("Other")
    for text in ("5e-1", '"\\u00e9"', '{"b": null, "a": 1e2}'):
        body = f'{{"dataset": "{other["id"]}", "input": {text}, "ref_timestamp": "2025-01-01T00:00:00Z"}}'
        created(client.api.ask("POST", client.items, body.encode()))
    fork = created(client.api.post(client.path("fork/"), {"name": "Fork"}))

    assert digest(client)["digest"] == digest(client, of=other)["digest"] == digest(client, of=fork)["digest"]


def test_a_past_revision_keeps_its_digest(client: DatasetClient) -> None:
    first, second = client.new_item(input=1), client.new_item(input=2)
    before = digest(client)
    DatasetDigest.objects.all().delete()
    client.patch(first, input=3)
    client.archive(second)
    client.move(first, client.new_dataset("Other"))

    assert digest(client, 2) == before
    assert digest(client)["digest"] == EMPTY
    assert_history_holds()


def test_etags(client: DatasetClient) -> None:
    client.new_item(input=1)
    path = client.path("digest/")
    tag = client.api.get(path).headers["ETag"]

    again = client.api.get(path, headers={"If-None-Match": tag})

    assert (again.status_code, again.headers["Dataset-Revision"], again.content) == (304, "1", b"")
    client.new_item(input=2)
    assert client.api.get(path, headers={"If-None-Match": tag}).status_code == 200


# --- Access and errors


@pytest.mark.parametrize("prefix", PREFIXES)
def test_members_read_it_and_strangers_do_not(client: DatasetClient, prefix: str) -> None:
    path = f"/api/{prefix}/{client.project_id}/datasets/{client.dataset['id']}/digest/"

    assert ok(client.api.get(path)) == ok(client.colleague.get(path))
    assert client.stranger.get(path).status_code in {403, 404}
    assert Api(None).get(path).status_code == 401


def test_reading_a_digest_needs_the_read_scope(client: DatasetClient) -> None:
    needs_scope_to_read(client, client.path("digest/"))


def test_invalid_requests_are_rejected(client: DatasetClient) -> None:
    client.new_item()
    path = client.path("digest/")

    assert_error(client.api.get(f"{path}?as_of=2025-01-01"), 400, "unknown_parameter", "as_of")
    assert_error(client.api.get(f"{path}?revision=1&limit=2"), 400, "unknown_parameter", "limit")
    assert_error(client.api.get(f"{path}?revision=A%20b"), 400, "invalid_input", "revision")
    assert_not_found(client.api.get(f"{path}?revision=2"))
    assert_not_found(client.api.get(f"{path}?revision=no-such-tag"))
    assert_not_found(client.api.get(f"{client.datasets}{NOWHERE}/digest/"))
    assert_error(client.api.post(path), 405, "method_not_allowed")
    client.api.patch(client.path(), {"deleted": True})
    assert_not_found(client.api.get(path))


# --- How it is computed


def test_statements(client: DatasetClient) -> None:
    for number in range(3):
        client.new_item(input=number)
    count = StatementCounter(client)
    path = client.path("digest/?revision=2")

    first, kept = count("GET", path), count("GET", path)

    names = [statement.split("/* ")[1].split(" */")[0] for statement in first if "/* " in statement]
    assert names[-14:] == [
        "find_snapshot_by_number", "find_dataset_digest",
        "force_custom_plan", "share_erasure_lock", "read_unhashed_items", "insert_item_hashes",
        "force_custom_plan", "share_erasure_lock", "read_unhashed_items",
        "force_custom_plan", "share_erasure_lock", "read_digest_manifest", "count_erased_items", "keep_dataset_digest",
    ]  # fmt: skip
    assert len(kept) == 4


def test_a_later_revision_hashes_only_new_versions(client: DatasetClient) -> None:
    items = [client.new_item(input=number) for number in range(3)]
    digest(client)
    hashed = set(ItemHash.objects.values_list("item_id", "version"))
    client.patch(items[1], input="new")

    digest(client)

    assert len(hashed) == 3
    added = set(ItemHash.objects.values_list("item_id", "version")) - hashed
    assert [(str(item_id), version) for item_id, version in added] == [(items[1]["id"], 2)]


def test_a_large_digest_is_computed_by_several_requests(client: DatasetClient, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"input": number} for number in range(10)]
    ok(client.api.post(f"{client.items}bulk/?dataset={client.dataset['id']}", {"items": rows}))
    expected = digest(client)
    DatasetDigest.objects.all().delete()
    ItemHash.objects.all().delete()
    monkeypatch.setattr("items.digest.item_hashes.BATCH_ROWS", 4)
    monkeypatch.setattr(digests, "MAX_HASHING_SECONDS", 0)

    responses = [client.api.get(client.path("digest/")) for _ in range(4)]

    assert [each.status_code for each in responses] == [202, 202, 202, 200]
    unfinished = responses[0]
    assert (unfinished.headers["Retry-After"], unfinished.headers["Dataset-Revision"]) == ("1", "1")
    assert "ETag" not in unfinished.headers
    assert unfinished.json() == expected | {"items": None, "digest": None, "erased_items": None}
    assert responses[-1].json() == expected


def test_batches_are_bounded_in_bytes(client: DatasetClient, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"input": f"{number} " * 1000} for number in range(5)]
    ok(client.api.post(f"{client.items}bulk/?dataset={client.dataset['id']}", {"items": rows}))
    expected = digest(client)
    DatasetDigest.objects.all().delete()
    ItemHash.objects.all().delete()
    monkeypatch.setattr("items.digest.item_hashes.BATCH_BYTES", 1)

    with_small_batches = StatementCounter(client)("GET", client.path("digest/"))

    assert sum("read_unhashed_items" in statement for statement in with_small_batches) == 6
    assert digest(client) == expected


# --- Erasure


def test_an_erasure_voids_the_digests_of_revisions_with_the_item(client: DatasetClient) -> None:
    client.new_item(input="stays")
    item = client.new_item(input="goes")
    client.patch(item, input="goes too")
    other = client.new_dataset("Other")
    moved = client.move(item, other)
    before = {revision: digest(client, revision) for revision in (1, 2, 3, 4)}
    elsewhere = digest(client, of=other)

    ok(client.api.post(client.item_path(moved, "erase/")))

    after = {revision: digest(client, revision) for revision in (1, 2, 3, 4)}
    assert (after[1], after[4]) == (before[1], before[4])
    assert after[2]["digest"] == after[3]["digest"] != before[2]["digest"]
    assert [after[revision]["erased_items"] for revision in after] == [0, 1, 1, 0]
    assert after[2]["items"] == 2
    assert digest(client, 1, of=other)["digest"] != elsewhere["digest"]
    assert digest(client, of=other)["digest"] == EMPTY
    assert_history_holds()


def test_no_hash_of_erased_content_is_left(client: DatasetClient) -> None:
    item = client.new_item(input="goes")
    digest(client)
    fork = created(client.api.post(client.path("fork/"), {"name": "Fork"}))
    digest(client, of=fork)
    kept = {bytes(each) for each in ItemHash.objects.values_list("hash", flat=True)}

    ok(client.api.post(client.item_path(item, "erase/")))

    assert len(kept) == 1
    assert not ItemHash.objects.exists()
    assert not DatasetDigest.objects.exists()


def test_an_erased_dataset_leaves_neither_digests_nor_hashes(client: DatasetClient) -> None:
    client.new_item(input=1)
    digest(client)

    ok(client.api.post(client.path("erase/"), {"name": client.dataset["name"]}))

    assert not ItemHash.objects.exists()
    assert not DatasetDigest.objects.exists()
