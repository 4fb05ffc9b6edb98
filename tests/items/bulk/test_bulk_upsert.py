"""POST dataset_items/bulk/?match_on=ref_source_id: existing items are matched."""

from typing import Any

import pytest

from items.models import DatasetItem, ItemVersion
from tests.dataset_client import CONTENT, Body, DatasetClient, assert_error, ok, replay
from tests.history_check import assert_history_holds
from tests.items.bulk.requests import MATCH, ids, post, status_counts, statuses, upsert


@pytest.fixture
def there(client: DatasetClient) -> Body:
    return client.new_item(
        input={"a": 1}, output="out", metadata={"k": [1]}, ref_trace_id="t", ref_timestamp="2026-01-05T00:00:00Z",
        ref_source_id="s",
    )  # fmt: skip


def test_an_update_changes_only_the_given_fields(client: DatasetClient, there: Body) -> None:
    response = upsert(client, [{"ref_source_id": "s", "input": 2}, {"ref_source_id": "new", "input": 3}])

    assert statuses(response) == ["updated", "created"]
    assert ids(response)[0] == there["id"]
    assert status_counts(response) == {"created": 1, "updated": 1}
    now = ok(client.item(there))
    assert now == there | {"input": 2, "updated_at": now["updated_at"]}
    assert [each["version"] for each in client.versions(there)] == [2, 1]
    assert ok(client.item(there, "?version=1"))["input"] == {"a": 1}
    assert_history_holds()


def test_it_is_one_revision_with_positions(client: DatasetClient, there: Body) -> None:
    client.new_item(ref_source_id="u")
    before = client.head()

    response = upsert(
        client,
        [
            {"ref_source_id": "s", "input": 2},
            {"input": "new"},
            {"ref_source_id": "u", "deleted": True},
            {"ref_source_id": "w"},
        ],
    )

    assert ok(response)["dataset_revision"] == client.head() == before + 1
    for limit in (1, 2, 3, 5):
        entries = client.feed(since=before, limit=limit)
        assert [each["operation"] for each in entries] == ["created", "created", "updated", "archived"]
    newest = client.revisions()[0]
    assert {name: newest[name] for name in ("created", "updated", "archived", "restored")} == {
        "created": 2, "updated": 1, "archived": 1, "restored": 0,
    }  # fmt: skip
    assert ok(client.page())["count"] == 3
    assert replay(client.feed()) == {item["id"]: item for item in client.results()}
    diff = ok(client.api.get(client.path(f"diff/?from={before}&to={before + 1}")))
    assert diff["counts"] == {"added": 2, "removed": 1, "changed": 1}
    assert len(client.results(f"&revision={before}")) == 2
    assert_history_holds()


SAME: list[Body] = [
    {},
    {"input": {"a": 1}},
    {"output": "out", "metadata": {"k": [1]}, "ref_trace_id": "t", "deleted": False},
    {"ref_timestamp": "2026-01-05T01:00:00+01:00"},
]


@pytest.mark.parametrize("same", SAME)
def test_equal_values_leave_an_item_unchanged(client: DatasetClient, there: Body, same: Body) -> None:
    response = upsert(client, [{"ref_source_id": "s", **same}])

    assert statuses(response) == ["unchanged"]
    assert client.head() == ok(response)["dataset_revision"] == 1
    assert ok(client.item(there)) == there
    assert not ItemVersion.objects.exists()


DIFFERENT: list[Body] = [
    {"input": {"a": 1.0}},
    {"input": None},
    {"output": "out "},
    {"metadata": {"k": []}},
    {"ref_trace_id": None},
    {"ref_timestamp": "2026-01-05T00:00:00.000001Z"},
    {"deleted": None},
]


@pytest.mark.parametrize("different", DIFFERENT)
def test_a_different_value_makes_a_version(client: DatasetClient, there: Body, different: Body) -> None:
    upserted = upsert(client, [{"ref_source_id": "s", **different}])

    assert statuses(upserted) == ["updated"]
    assert ok(upserted)["results"][0]["fields"] == [*different]
    assert client.head() == 2
    now = ok(client.item(there))
    assert {name: now[name] for name in different} == different
    assert {name: now[name] for name in CONTENT if name not in different} == {
        name: there[name] for name in CONTENT if name not in different
    }
    assert_history_holds()


def test_each_item_sets_its_own_fields(client: DatasetClient) -> None:
    post(client, [{"ref_source_id": f"s{number}", "input": number, "output": number} for number in range(4)])

    response = upsert(
        client,
        [
            {"ref_source_id": "s3", "output": None},
            {"ref_source_id": "s0", "input": "new"},
            {"ref_source_id": "s1", "input": 1},
            {"ref_source_id": "s2", "input": 7, "output": 8, "ref_timestamp": "2026-01-05T00:00:00Z"},
        ],
    )

    assert statuses(response) == ["updated", "updated", "unchanged", "updated"]
    found = [(each["ref_source_id"], each["input"], each["output"]) for each in client.results()]
    assert found == [("s3", 3, None), ("s2", 7, 8), ("s1", 1, 1), ("s0", "new", 0)]
    assert_history_holds()


def test_skip_leaves_items_unchanged(client: DatasetClient, there: Body) -> None:
    response = upsert(client, [{"ref_source_id": "s", "input": 2}, {"ref_source_id": "n"}], "skip")

    assert statuses(response) == ["skipped", "created"]
    assert ids(response)[0] == there["id"]
    assert ok(client.item(there)) == there


@pytest.mark.parametrize("query", [MATCH, f"{MATCH}&on_conflict=error", f"{MATCH}&on_conflict="])
def test_a_conflict_rejects_the_request(client: DatasetClient, there: Body, query: str) -> None:
    response = post(client, [{"ref_source_id": "n"}, {"ref_source_id": "s"}], query)

    error = assert_error(response, 409, "conflict", "items.1.ref_source_id")
    assert there["id"] in error["detail"]
    assert error["type"] == "invalid_request"
    assert client.head() == 1


def test_a_conflict_in_a_partial_request_is_an_error_of_its_item(client: DatasetClient, there: Body) -> None:
    response = post(client, [{"ref_source_id": "s"}, {"ref_source_id": "n"}], f"{MATCH}&partial=true")

    assert statuses(response) == ["error", "created"]
    assert ok(response)["results"][0]["error"]["code"] == "conflict"
    assert_history_holds()


def test_on_conflict_may_be_in_the_body(client: DatasetClient, there: Body) -> None:
    response = post(client, [{"ref_source_id": "s"}], MATCH, on_conflict="skip")

    assert statuses(response) == ["skipped"]


def test_two_matches_are_an_error(client: DatasetClient, there: Body) -> None:
    client.new_item(ref_source_id="s")

    for on_conflict in ("update", "skip"):
        assert_error(
            upsert(client, [{"ref_source_id": "s"}], on_conflict), 400, "multiple_matches", "items.0.ref_source_id"
        )

    response = upsert(client, [{"ref_source_id": "s"}, {"input": 1}], "update", "&partial=true")
    assert statuses(response) == ["error", "created"]


def test_only_live_items_of_the_dataset_are_matched(client: DatasetClient) -> None:
    client.archive(client.new_item(ref_source_id="s"))
    client.new_item(client.new_dataset("Other"), ref_source_id="s")

    assert statuses(upsert(client, [{"ref_source_id": "s"}])) == ["created"]
    assert statuses(upsert(client, [{"ref_source_id": "s"}])) == ["unchanged"]


@pytest.mark.parametrize("nothing", [{}, {"ref_source_id": None}, {"ref_source_id": ""}])
def test_items_without_an_id_are_created(client: DatasetClient, nothing: Body) -> None:
    client.new_item(**nothing)

    assert statuses(upsert(client, [nothing, nothing])) == ["created", "created"]


# --- The same id several times in one request ------------------------------------------------------------------------


def test_an_earlier_item_of_the_request_is_matched(client: DatasetClient) -> None:
    twice = [{"ref_source_id": "s", "input": 1, "output": 1}, {"ref_source_id": "s", "input": 2}]

    assert_error(upsert(client, twice, "error"), 409, "conflict", "items.1.ref_source_id")
    assert statuses(upsert(client, [*twice, {"ref_source_id": "s"}], "skip")) == ["created", "skipped", "skipped"]
    again = upsert(client, [{"ref_source_id": "t", "input": 1, "output": 1}, {"ref_source_id": "t", "input": 2}] * 2)

    assert statuses(again) == ["created", "updated", "updated", "updated"]
    assert len(set(ids(again))) == 1
    newest = client.results()[0]
    assert (newest["ref_source_id"], newest["input"], newest["output"]) == ("t", 2, 1)
    assert [each["version"] for each in client.versions(newest)] == [1]
    assert_history_holds()


def test_an_item_that_is_changed_twice_has_one_new_version(client: DatasetClient, there: Body) -> None:
    response = upsert(
        client,
        [{"ref_source_id": "s", "input": 2}, {"ref_source_id": "s", "output": 3}, {"ref_source_id": "s", "input": 2}],
    )

    assert statuses(response) == ["updated", "updated", "unchanged"]
    now = ok(client.item(there))
    assert (now["input"], now["output"]) == (2, 3)
    assert [each["version"] for each in client.versions(there)] == [2, 1]
    assert_history_holds()


def test_a_reverted_change_makes_no_version(client: DatasetClient, there: Body) -> None:
    response = upsert(client, [{"ref_source_id": "s", "input": 2}, {"ref_source_id": "s", "input": {"a": 1}}])

    assert statuses(response) == ["unchanged", "unchanged"]
    assert ok(response)["dataset_revision"] == 1
    assert ok(client.item(there)) == there


def test_an_item_archived_by_the_request_is_no_longer_matched(client: DatasetClient, there: Body) -> None:
    response = upsert(
        client, [{"ref_source_id": "s", "deleted": True}, {"ref_source_id": "s", "input": 1}, {"ref_source_id": "s"}]
    )

    assert statuses(response) == ["updated", "created", "unchanged"]
    assert ids(response)[0] == there["id"] != ids(response)[1] == ids(response)[2]
    assert [item["id"] for item in client.results()] == [ids(response)[1]]
    assert_history_holds()


def test_an_item_created_as_deleted_is_not_matched(client: DatasetClient) -> None:
    response = upsert(client, [{"ref_source_id": "s", "deleted": True}, {"ref_source_id": "s"}])

    assert statuses(response) == ["created", "created"]


def test_any_split_into_requests_has_the_same_result(client: DatasetClient) -> None:
    items: list[Any] = [
        {"ref_source_id": f"s{number % 3}", **({"input": number} if number % 2 else {"output": number})}
        for number in range(12)
    ]
    ends = []
    for size in (1, 2, 5, 12):
        dataset = client.new_dataset(f"{size}")
        for start in range(0, len(items), size):
            ok(post(client, items[start : start + size], f"{MATCH}&on_conflict=update", of=dataset))
        ends.append([[item[name] for name in CONTENT] for item in client.results(of=dataset)])

    assert ends == [ends[0]] * 4
    assert_history_holds()


def test_a_thousand_are_updated(client: DatasetClient) -> None:
    post(client, [{"ref_source_id": f"s{number}", "input": number} for number in range(1000)])

    response = upsert(client, [{"ref_source_id": f"s{number}", "input": [number, 'ü\\"\n']} for number in range(1000)])

    assert status_counts(response) == {"updated": 1000}
    stored = DatasetItem.objects.get(id=ids(response)[7])
    assert stored.input == '[7, "ü\\\\\\"\\n"]'
    assert (stored.version, stored.revision) == (2, 2)
    assert_history_holds()
