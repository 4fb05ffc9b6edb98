"""Replacing schemas, reading them, and how they apply to existing items."""

from typing import Any

import pytest

from items.models import DatasetItem, ItemValidity
from items.validation import replace
from items.validation.existing_items import ExistingItems
from tests.dataset_client import NOWHERE, PREFIXES, DatasetClient, assert_error, assert_not_found, created, ok
from tests.items.validation.schemas import INVALID, NUMBER, QUESTION, VALID, get_schemas, put, set_schemas


def test_schemas_are_put_and_read(client: DatasetClient) -> None:
    response = put(client, input=QUESTION, output=NUMBER)

    shown_schemas = ok(response)
    assert list(shown_schemas) == ["input", "output", "metadata", "enforce", "version", "created_at", "created_by"]
    assert (shown_schemas["input"], shown_schemas["output"], shown_schemas["metadata"]) == (QUESTION, NUMBER, None)
    assert (shown_schemas["enforce"], shown_schemas["version"]) == ("all", 1)
    assert shown_schemas["created_by"]["email"] == "owner@example.com"
    assert (response.headers["ETag"], response.headers["Dataset-Revision"]) == ('"1"', "0")
    for prefix in PREFIXES:
        read = client.api.get(f"/api/{prefix}/{client.project_id}/datasets/{client.dataset['id']}/schemas/")
        assert ok(read) == shown_schemas
        assert read.headers["ETag"] == '"1"'


def test_a_dataset_has_no_schemas_at_first(client: DatasetClient) -> None:
    response = client.colleague.get(client.path("schemas/"))

    assert ok(response) == {
        "input": None, "output": None, "metadata": None, "enforce": "all", "version": 0, "created_at": None,
        "created_by": None,
    }  # fmt: skip
    assert response.headers["ETag"] == '"0"'


def test_a_schema_is_kept_as_sent(client: DatasetClient) -> None:
    text = b'{"input": {"title": "z", "const": 1.00, "a": 100000000000000000000000000000001}}'

    response = client.api.put(client.path("schemas/"), text)

    assert b'"input":{"title": "z", "const": 1.00, "a": 100000000000000000000000000000001}' in response.content


def test_a_put_replaces_all_schemas_and_an_empty_one_removes_them(client: DatasetClient) -> None:
    set_schemas(client, input=QUESTION)
    set_schemas(client, output=NUMBER)
    assert get_schemas(client)["input"] is None
    client.new_item(input=INVALID, output=1)

    assert set_schemas(client)["version"] == 3
    client.new_item(output="text")
    assert set_schemas(client, output=None)["version"] == 3
    assert set_schemas(client, enforce="new")["version"] == 3


def test_schemas_make_no_revision_and_no_version_of_the_dataset(client: DatasetClient) -> None:
    before = client.api.get(client.path()).headers["ETag"]

    set_schemas(client, input=QUESTION)
    again = put(client, input=QUESTION)

    assert (again.headers["ETag"], again.headers["Dataset-Revision"]) == ('"1"', "0")
    assert (client.feed(), client.revisions(), client.head()) == ([], [], 0)
    assert client.api.get(client.path()).headers["ETag"] == before


def test_schemas_can_be_read_at_a_revision(client: DatasetClient) -> None:
    """Returns the last schemas that were stored while the revision was the newest."""
    client.new_item(input=VALID)
    set_schemas(client, metadata={})
    set_schemas(client, input=QUESTION)
    client.new_item(input=VALID)
    client.new_item(input=VALID)
    set_schemas(client, metadata=True)
    client.tag("golden", 2)

    assert get_schemas(client, query="?revision=0")["version"] == 0
    for query in ("?revision=1", "?revision=2", "?revision=golden"):
        assert get_schemas(client, query=query)["input"] == QUESTION
    assert get_schemas(client, query="?revision=3")["version"] == 3
    response = client.api.get(client.path("schemas/?revision=golden"))
    assert (response.headers["ETag"], response.headers["Dataset-Revision"]) == ('"2"', "2")
    assert_not_found(client.api.get(client.path("schemas/?revision=9")))
    assert_error(client.api.get(client.path("schemas/?revision=No!")), 400, "invalid_input", "revision")


def test_conditions_on_schemas(client: DatasetClient) -> None:
    set_schemas(client, input=QUESTION)

    stale = assert_error(put(client, input=NUMBER, headers={"If-Match": '"0"'}), 412, "stale_version")
    assert (stale["detail"], stale["current_version"]) == ("This set of schemas is at version 1, not 0.", 1)
    # Before validation, and even if nothing would be written.
    assert_error(put(client, input=7, headers={"If-Match": '"0"'}), 412, "stale_version")
    assert_error(put(client, input=QUESTION, headers={"If-Match": '"0"'}), 412, "stale_version")
    assert ok(put(client, input=NUMBER, headers={"If-Match": '"1"'}))["version"] == 2
    assert client.api.get(client.path("schemas/"), headers={"If-None-Match": '"2"'}).status_code == 304
    assert client.api.get(client.path("schemas/"), headers={"If-None-Match": '"1"'}).status_code == 200


def test_a_put_can_be_repeated(client: DatasetClient) -> None:
    first = put(client, input=QUESTION, headers={"Idempotency-Key": "k"})
    again = put(client, input=QUESTION, headers={"Idempotency-Key": "k"})

    assert first.content == again.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["ETag"] == '"1"'


@pytest.mark.parametrize(
    ("body", "code", "attr"),
    [
        ({"input": 7}, "invalid_schema", "input"),
        ({"input": [QUESTION]}, "invalid_schema", "input"),
        ({"input": "text"}, "invalid_schema", "input"),
        ({"output": {"type": "strin"}}, "invalid_schema", "output.type"),
        ({"output": {"properties": {"a": {"minimum": "x"}}}}, "invalid_schema", "output.properties.a.minimum"),
        ({"metadata": {"items": {"pattern": "("}}}, "invalid_schema", "metadata.items.pattern"),
        ({"input": {"$ref": "#/nowhere"}}, "invalid_schema", "input"),
        ({"input": {"$schema": "https://example.com/mine"}}, "invalid_schema", "input"),
        ({"input": {"description": "x" * 65_536}}, "invalid_schema", "input"),
        ({"input": QUESTION, "enforce": "some"}, "invalid_choice", "enforce"),
        ({"input": QUESTION, "enforce": None}, "null", "enforce"),
        ({"inputs": QUESTION}, "unknown_field", "inputs"),
        ([QUESTION], "invalid_input", None),
    ],
)
def test_invalid_schemas_are_rejected(client: DatasetClient, body: Any, code: str, attr: str | None) -> None:
    response = client.api.put(client.path("schemas/"), body)

    assert_error(response, 400, code, attr)
    assert get_schemas(client)["version"] == 0


def test_booleans_are_schemas(client: DatasetClient) -> None:
    set_schemas(client, input=True, output=False)

    assert_error(client.api.post(client.items, {"dataset": client.dataset["id"]}), 400, "schema_mismatch", "output")


def test_schemas_of_an_unknown_dataset(client: DatasetClient) -> None:
    for path in (f"{client.datasets}{NOWHERE}/schemas/", f"{client.datasets}x/schemas/"):
        assert_not_found(client.api.get(path))
        assert_not_found(client.api.put(path, {"input": 7}))


# --- Existing items --------------------------------------------------------------------------------------------------


def test_items_that_do_not_fit_prevent_schemas_and_are_named(client: DatasetClient) -> None:
    client.new_item(input=VALID, output=1)
    wrong = client.new_item(input=INVALID, output=1)
    worse = client.new_item(input={"q": "x"}, output="text")

    error = assert_error(put(client, input=QUESTION, output=NUMBER), 400, "schema_mismatch", "output")

    assert error["detail"] == "2 of the items do not fit."
    assert error["violations"] == [
        {"id": worse["id"], "attr": "output", "detail": 'This value is not of type "number"'},
        {"id": wrong["id"], "attr": "input.q", "detail": 'This value is not of type "string"'},
    ]
    assert list(error) == ["type", "code", "detail", "attr", "violations"]
    assert get_schemas(client)["version"] == 0
    assert client.head() == 3


def test_archived_items_prevent_no_schemas(client: DatasetClient) -> None:
    client.archive(client.new_item(input=INVALID))
    client.new_item(input=INVALID, deleted=True)
    moved = client.new_item(input=INVALID)
    client.move(moved, client.new_dataset())

    assert set_schemas(client, input=QUESTION)["version"] == 1


def test_the_first_hundred_violations_are_named(client: DatasetClient) -> None:
    made = [client.new_item(input=number) for number in range(103)]

    error = assert_error(put(client, input=QUESTION), 400, "schema_mismatch", "input")

    assert error["detail"] == "At least 100 of the items do not fit."
    assert [each["id"] for each in error["violations"]] == [each["id"] for each in made[:2:-1]]


def test_more_items_than_a_page_are_all_checked(client: DatasetClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("items.validation.existing_items.PAGE_ROWS", 3)
    made = [client.new_item(input=number) for number in range(10)]

    error = assert_error(put(client, input={"enum": [3, 4, 9]}), 400, "schema_mismatch", "input")

    assert [each["id"] for each in error["violations"]] == [made[n]["id"] for n in (8, 7, 6, 5, 2, 1, 0)]


def test_items_of_equal_time_are_all_checked(client: DatasetClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("items.validation.existing_items.PAGE_ROWS", 2)
    made = [client.new_item(input=number)["id"] for number in range(7)]
    time = client.dataset["created_at"]
    DatasetItem.objects.filter(id__in=made).update(created_at=time)
    ItemValidity.objects.filter(item_id__in=made).update(created_at=time)

    error = assert_error(put(client, input=QUESTION), 400, "schema_mismatch", "input")

    assert [each["id"] for each in error["violations"]] == sorted(made)


def test_a_dry_run_says_which_items_break_the_schemas_and_puts_none(client: DatasetClient) -> None:
    item = client.new_item(input=INVALID)
    path = client.path("schemas/?dry_run=true")

    refused = client.api.put(path, {"input": QUESTION})
    assert_error(refused, 400, "schema_mismatch", "input")
    assert [each["id"] for each in refused.json()["violations"]] == [item["id"]]
    client.patch(item, input=VALID)
    tried = ok(client.api.put(path, {"input": QUESTION}))

    assert tried["version"] == 1
    assert get_schemas(client)["version"] == 0
    client.new_item(input=INVALID)
    assert set_schemas(client, input=True)["version"] == 1


def test_with_enforce_new_existing_items_may_stay(client: DatasetClient) -> None:
    item = client.new_item(input=INVALID)

    assert set_schemas(client, input=QUESTION, enforce="new")["enforce"] == "new"

    assert_error(
        client.api.post(client.items, {"dataset": client.dataset["id"], "input": 1}), 400, "schema_mismatch", "input"
    )
    assert_error(put(client, input=QUESTION), 400, "schema_mismatch", "input")
    client.patch(item, input=VALID)
    assert set_schemas(client, input=QUESTION)["version"] == 2


def test_writes_during_the_check_are_checked(client: DatasetClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """An item is written between the check of all items and the switch."""
    item = client.new_item(input=VALID)
    check = replace.check_while_writable

    def slip_in(*args: Any) -> int:
        revision = check(*args)
        client.patch(item, input=INVALID)
        return revision

    monkeypatch.setattr(replace, "check_while_writable", slip_in)

    error = assert_error(put(client, input=QUESTION), 400, "schema_mismatch", "input")

    assert [each["id"] for each in error["violations"]] == [item["id"]]


def test_many_writes_during_the_check_are_checked_without_the_lock(
    client: DatasetClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replace, "MAX_CHECKED_UNDER_LOCK", 2)
    violations, slipped = ExistingItems.violations, []

    def slip_in(existing: ExistingItems, schemas: Any) -> Any:
        violations_found = violations(existing, schemas)
        slipped.extend(client.new_item(input=INVALID if number == 2 else VALID) for number in range(5))
        return violations_found

    monkeypatch.setattr(ExistingItems, "violations", slip_in)

    error = assert_error(put(client, input=QUESTION), 400, "schema_mismatch", "input")

    assert [each["id"] for each in error["violations"]] == [slipped[2]["id"]]


# --- Forks -----------------------------------------------------------------------------------------------------------


def fork(client: DatasetClient, **body: Any) -> Any:
    return created(client.api.post(client.path("fork/"), {"name": "Fork", **body}))


def test_a_fork_copies_the_schemas_of_its_revision(client: DatasetClient) -> None:
    client.new_item(input=VALID)
    client.new_item(input=VALID)
    set_schemas(client, input=QUESTION, enforce="new")
    client.new_item(input=VALID)
    set_schemas(client, input=QUESTION)
    client.new_item(input=VALID)
    set_schemas(client)

    for revision, enforce, version in ((0, "all", 0), (1, "all", 0), (2, "new", 1), (3, "all", 1), (4, "all", 0)):
        made = fork(client, revision=revision)
        taken = get_schemas(client, made)
        assert (taken["enforce"], taken["version"]) == (enforce, version)
        assert taken["input"] == (QUESTION if version else None)
    made = fork(client, revision=3)
    assert_error(client.api.post(client.items, {"dataset": made["id"], "input": 1}), 400, "schema_mismatch", "input")
    assert set_schemas(client, made)["version"] == 2
