"""POST dataset_items/bulk/: many items in one request."""

import json
from typing import Any

import pytest

from items.models import DatasetItem
from tests.api import Api
from tests.dataset_client import CONTENT, NOWHERE, PREFIXES, DatasetClient, assert_error, ok
from tests.history_check import assert_history_holds
from tests.items.bulk.requests import NDJSON, ids, lines, post, status_counts, statuses
from tests.people import key

FULL = {
    "input": {"b": 1, "a": [True, None, "ü"]},
    "output": "text",
    "metadata": {"k": 1.5},
    "ref_trace_id": "trace",
    "ref_timestamp": "2026-01-05T12:30:00+02:00",
    "ref_source_id": "source",
}


@pytest.mark.parametrize("prefix", PREFIXES)
def test_items_are_created(client: DatasetClient, prefix: str) -> None:
    body = {"dataset": client.dataset["id"], "items": [FULL, {}, {"input": 3, "deleted": True}]}

    response = client.api.post(f"/api/{prefix}/{client.project_id}/dataset_items/bulk/", body)

    made = ok(response)
    assert list(made) == [
        "dataset_revision", "created", "updated", "unchanged", "skipped", "errors", "results",
    ]  # fmt: skip
    assert (made["dataset_revision"], made["created"]) == (1, 3)
    assert response.headers["Dataset-Revision"] == "1"
    assert [list(each) for each in made["results"]] == [["index", "id", "status"]] * 3
    first = ok(client.item(made["results"][0]))
    assert {name: first[name] for name in CONTENT} == FULL | {"ref_timestamp": "2026-01-05T10:30:00Z"}
    assert [item["id"] for item in client.results()] == [made["results"][1]["id"], made["results"][0]["id"]]
    assert_history_holds()


def test_an_item_equals_one_created_alone(client: DatasetClient) -> None:
    single = client.new_item(**FULL)

    many = ok(client.item({"id": ids(post(client, [FULL]))[0]}))

    changing = ("id", "created_at", "updated_at")
    assert {name: many[name] for name in many if name not in changing} == {
        name: single[name] for name in single if name not in changing
    }


def test_lines_are_items(client: DatasetClient) -> None:
    response = lines(client, [{"input": 1}, {"input": "a\nb"}, {}])

    assert status_counts(response) == {"created": 3}
    assert [item["input"] for item in client.results()] == [None, "a\nb", 1]


@pytest.mark.parametrize(
    "text",
    [
        '{"input":1}\r\n\r\n \n{"input":2}',
        '\n{"input":1}\n{"input":2}\n\n',
        pytest.param('\ufeff{"input":1}\n{"input":2}', id="byte order mark"),
    ],
)
def test_blank_lines_are_skipped(client: DatasetClient, text: str) -> None:
    response = client.api.post(f"{client.items}bulk/?dataset={client.dataset['id']}", text, content_type=NDJSON)

    assert statuses(response) == ["created", "created"]


def test_json_text_is_kept_as_sent(client: DatasetClient) -> None:
    text = '{"b": 1.0,"a":1e2, "n": 123456789012345678901234567890}'
    body = f'{{"items":[{{"input":{text}}},{{ "input" : [1,\n\t2] }}],"dataset":"{client.dataset["id"]}"}}'

    response = client.api.post(f"{client.items}bulk/", body)

    stored = [DatasetItem.objects.get(id=each).input for each in ids(response)]
    assert stored == [text, "[1,2]"]


def test_no_items_make_no_revision(client: DatasetClient) -> None:
    blank = client.api.post(f"{client.items}bulk/?dataset={client.dataset['id']}", "\n", content_type=NDJSON)
    for response in (post(client, []), blank):
        assert status_counts(response) == {}
        assert ok(response)["dataset_revision"] == 0

    assert client.head() == 0


def test_an_item_may_repeat_the_dataset(client: DatasetClient) -> None:
    dataset = client.dataset["id"]

    assert status_counts(post(client, [{"dataset": dataset}, {"dataset": dataset.upper()}])) == {"created": 2}

    other = client.new_dataset()["id"]
    assert_error(post(client, [{}, {"dataset": other}]), 400, "invalid_input", "items.1.dataset")


# --- Errors ----------------------------------------------------------------------------------------------------------

WRONG = [
    ({"input": 1, "ref_timestamp": "soon"}, "invalid_input", "ref_timestamp"),
    ({"ref_trace_id": "x" * 256}, "max_length", "ref_trace_id"),
    ({"ref_source_id": []}, "invalid_input", "ref_source_id"),
    ({"deleted": "perhaps"}, "invalid_input", "deleted"),
    ({"input": "\0"}, "null_characters_not_allowed", "input"),
    ({"output": "\ud800"}, "surrogate_characters_not_allowed", "output"),
    ([], "invalid_input", None),
    (None, "null", None),
    (1, "invalid_input", None),
]


@pytest.mark.parametrize(("item", "code", "attr"), WRONG)
def test_one_invalid_item_rejects_the_request(client: DatasetClient, item: Any, code: str, attr: str | None) -> None:
    place = "items.1" + (f".{attr}" if attr else "")

    for response in (post(client, [{"input": 1}, item, {}]), lines(client, [{"input": 1}, item, {}])):
        assert_error(response, 400, code, place)

    assert client.head() == 0
    assert not DatasetItem.objects.exists()


@pytest.mark.parametrize(("item", "code", "attr"), [each for each in WRONG if isinstance(each[0], dict)])
def test_errors_are_those_of_a_single_create(client: DatasetClient, item: Any, code: str, attr: str) -> None:
    single = assert_error(client.api.post(client.items, {"dataset": client.dataset["id"], **item}), 400, code, attr)

    many = post(client, [item]).json()

    assert many == single | {"attr": f"items.0.{attr}"}


def test_the_first_error_is_returned(client: DatasetClient) -> None:
    items = [{}, {"ref_source_id": [], "ref_trace_id": []}, {"deleted": "x"}]

    assert_error(post(client, items), 400, "invalid_input", "items.1.ref_trace_id")


def test_a_partial_request_stores_the_valid_items(client: DatasetClient) -> None:
    items = [{"input": 1}, *(item for item, _, _ in WRONG), {"input": 2}]

    for response in (post(client, items, "?partial=true"), lines(client, items, "&partial=1")):
        assert status_counts(response) == {"created": 2, "errors": len(WRONG)}
        for result, (_, code, attr) in zip(ok(response)["results"][1:-1], WRONG, strict=True):
            assert (result["id"], result["status"]) == (None, "error")
            assert list(result["error"]) == ["type", "code", "detail", "attr"]
            place = f"items.{result['index']}" + (f".{attr}" if attr else "")
            assert (result["error"]["code"], result["error"]["attr"]) == (code, place)

    assert [item["input"] for item in client.results()] == [2, 1, 2, 1]
    assert client.revisions()[0]["created"] == 2
    assert_history_holds()


def test_a_partial_request_without_valid_items_makes_no_revision(client: DatasetClient) -> None:
    response = post(client, [1, {"deleted": "x"}], "?partial=true")

    assert status_counts(response) == {"errors": 2}
    assert ok(response)["dataset_revision"] == 0
    assert client.head() == 0


def test_a_line_of_invalid_json_is_an_error_of_its_item(client: DatasetClient) -> None:
    path = f"{client.items}bulk/?dataset={client.dataset['id']}"
    text = '{"input":1}\n{"input":\n{}'

    assert_error(client.api.post(path, text, content_type=NDJSON), 400, "parse_error", "items.1")

    response = client.api.post(f"{path}&partial=true", text, content_type=NDJSON)
    assert statuses(response) == ["created", "error", "created"]


def test_a_line_of_invalid_utf_8_is_an_error_of_its_item(client: DatasetClient) -> None:
    path = f"{client.items}bulk/?dataset={client.dataset['id']}"
    text = b'{"input":1}\n{"other":"caf\xe9"}\n{"input":"caf\xe9"}\n{}'

    assert_error(client.api.post(path, text, content_type=NDJSON), 400, "parse_error", "items.1")

    response = client.api.post(f"{path}&partial=true", text, content_type=NDJSON)
    assert statuses(response) == ["created", "error", "error", "created"]


BODIES = [
    ("[]", "invalid_input", None),
    ("{}", "required", "dataset"),
    ("", "required", "dataset"),
    ('{"items":[]}', "required", "dataset"),
    ('{"dataset":true,"items":[]}', "incorrect_type", "dataset"),
    ('{"dataset":7,"items":[]}', "does_not_exist", "dataset"),
    (f'{{"dataset":"{NOWHERE}","items":[1]}}', "does_not_exist", "dataset"),
    ('{"dataset":"DATASET"}', "required", "items"),
    ('{"dataset":"DATASET","items":null}', "required", "items"),
    ('{"dataset":"DATASET","items":{}}', "not_a_list", "items"),
    ('{"dataset":"DATASET","items":[{}}', "parse_error", None),
    ('{"dataset":"DATASET","items":[],"on_conflict":"merge"}', "invalid_choice", "on_conflict"),
    ('{"dataset":"DATASET","items":[],"on_conflict":"skip"}', "required", "match_on"),
]


@pytest.mark.parametrize(("body", "code", "attr"), BODIES)
def test_invalid_bodies_are_rejected(client: DatasetClient, body: str, code: str, attr: str | None) -> None:
    response = client.api.post(f"{client.items}bulk/", body.replace("DATASET", client.dataset["id"]))

    assert_error(response, 400, code, attr)


@pytest.mark.parametrize(
    ("query", "code", "attr"),
    [
        ("?match_on=name", "invalid_choice", "match_on"),
        ("?partial=perhaps", "invalid_input", "partial"),
        ("?match_on=ref_source_id&on_conflict=merge", "invalid_choice", "on_conflict"),
        ("?on_conflict=skip", "required", "match_on"),
    ],
)
def test_invalid_queries_are_rejected(client: DatasetClient, query: str, code: str, attr: str) -> None:
    assert_error(post(client, [{}], query), 400, code, attr)


def test_lines_need_a_dataset_in_the_query(client: DatasetClient) -> None:
    assert_error(client.api.post(f"{client.items}bulk/", "{}", content_type=NDJSON), 400, "required", "dataset")


def test_other_media_types_are_rejected(client: DatasetClient) -> None:
    assert_error(client.api.post(f"{client.items}bulk/", "a=1", content_type="text/csv"), 415, "unsupported_media_type")


@pytest.mark.parametrize("body", [b'{"dataset":"\xff"}', b"\xef\xbb\xbf{}"])
def test_invalid_utf_8_is_rejected(client: DatasetClient, body: bytes) -> None:
    assert_error(client.api.post(f"{client.items}bulk/", body), 400, "parse_error")


def test_at_most_ten_thousand_items(client: DatasetClient) -> None:
    assert status_counts(lines(client, [{}] * 10_000)) == {"created": 10_000}

    assert_error(post(client, [{}] * 10_001), 400, "too_many_items", "items")
    assert_error(lines(client, [{}] * 10_001), 400, "too_many_items", "items")
    assert_error(post(client, [0] * 2_000_000), 400, "too_many_items", "items")
    path = f"{client.items}bulk/?dataset={client.dataset['id']}"
    assert_error(client.api.post(path, "\n" * 5_000_000, content_type=NDJSON), 400, "too_many_items", "items")
    assert client.head() == 1


def test_many_commas_do_not_matter(client: DatasetClient) -> None:
    items = [{"input": [0] * 300_000}, {"input": '[",' * 5, "metadata": {"a]": [",", "\\"]}}, {"input": [0] * 300_000}]

    response = post(client, items)

    assert statuses(response) == ["created"] * 3
    assert [DatasetItem.objects.get(id=each).input for each in ids(response)] == [
        json.dumps(item["input"]) for item in items
    ]


# --- Access ----------------------------------------------------------------------------------------------------------


def test_only_members_with_the_write_scope_store_items(client: DatasetClient) -> None:
    reader = Api(key(client.people.owner, "dataset:read"))

    assert status_counts(post(client, [{}], by=client.colleague)) == {"created": 1}
    assert client.results()[0]["created_by"]["email"] == "colleague@example.com"
    for api, status in ((client.stranger, 403), (reader, 403), (Api(), 401)):
        assert post(client, [{}], by=api).status_code == status
    assert client.head() == 1


def test_a_dataset_of_another_project_is_unknown(client: DatasetClient) -> None:
    path = f"/api/projects/{client.people.foreign_project.id}/dataset_items/bulk/"

    assert_error(
        client.stranger.post(path, {"dataset": client.dataset["id"], "items": [{}]}), 400, "does_not_exist", "dataset"
    )


# --- Idempotency -----------------------------------------------------------------------------------------------------


def test_a_repeat_returns_the_stored_response(client: DatasetClient) -> None:
    body = {"dataset": client.dataset["id"], "items": [{"input": 1}, 2]}
    headers = {"Idempotency-Key": "k"}

    first, again = (client.api.post(f"{client.items}bulk/?partial=true", body, headers=headers) for _ in range(2))

    assert status_counts(first) == {"created": 1, "errors": 1}
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Dataset-Revision"] == first.headers["Dataset-Revision"] == "1"
    assert client.head() == 1


def test_a_rejected_request_stores_no_key(client: DatasetClient) -> None:
    headers = {"Idempotency-Key": "k"}
    path = f"{client.items}bulk/"

    assert_error(
        client.api.post(path, {"dataset": client.dataset["id"], "items": [{}, 1]}, headers=headers),
        400, "invalid_input", "items.1",
    )  # fmt: skip

    response = client.api.post(path, {"dataset": client.dataset["id"], "items": [{}]}, headers=headers)
    assert status_counts(response) == {"created": 1}
