"""Every way to write an item: values that do not fit are rejected, and nothing is written."""

from typing import Any

import pytest

from items.models import DatasetItem, ItemVersion
from items.validation import cache
from tests.dataset_client import DatasetClient, assert_error, ok
from tests.items.validation.schemas import INVALID, NUMBER, QUESTION, VALID, set_schemas


@pytest.fixture(autouse=True)
def _questions(client: DatasetClient) -> None:
    set_schemas(client, input=QUESTION)


def mismatch(client: DatasetClient, response: Any, attr: str = "input.q") -> None:
    error = assert_error(response, 400, "schema_mismatch", attr)
    assert list(error) == ["type", "code", "detail", "attr"]
    assert error["type"] == "validation_error"


def state(client: DatasetClient) -> Any:
    return client.head(), sorted(DatasetItem.objects.values_list("id", "version")), ItemVersion.objects.count()


def test_create(client: DatasetClient) -> None:
    before = state(client)

    mismatch(client, client.api.post(client.items, {"dataset": client.dataset["id"], "input": INVALID}))
    mismatch(client, client.api.post(client.items, {"dataset": client.dataset["id"], "input": None}), "input")
    mismatch(client, client.api.post(client.items, {"dataset": client.dataset["id"]}), "input")
    mismatch(
        client, client.api.post(client.items, {"dataset": client.dataset["id"], "input": 1, "deleted": True}), "input"
    )
    form = f"dataset={client.dataset['id']}&input=%7B%7D"
    mismatch(client, client.api.post(client.items, form, content_type="application/x-www-form-urlencoded"), "input")
    assert state(client) == before
    assert client.new_item(input=VALID, output=[1], metadata="x")["input"] == VALID


def test_put_and_patch(client: DatasetClient) -> None:
    item = client.new_item(input=VALID)
    before = state(client)

    mismatch(client, client.api.patch(client.item_path(item), {"input": INVALID}))
    mismatch(client, client.api.patch(client.item_path(item), {"input": None}), "input")
    mismatch(client, client.api.put(client.item_path(item), {"dataset": client.dataset["id"], "input": INVALID}))
    mismatch(client, client.api.patch(client.item_path(item), {"input": INVALID, "deleted": True}))
    assert state(client) == before
    client.patch(item, input={"q": "other"})
    client.patch(item, output=7, ref_trace_id="t")


def test_a_rejected_write_can_be_repeated_with_the_same_key(client: DatasetClient) -> None:
    body = {"dataset": client.dataset["id"], "input": INVALID}

    mismatch(client, client.api.post(client.items, body, headers={"Idempotency-Key": "k"}))
    response = client.api.post(client.items, body | {"input": VALID}, headers={"Idempotency-Key": "k"})

    assert response.status_code == 201


def test_restoring_an_old_version(client: DatasetClient) -> None:
    set_schemas(client)
    item = client.new_item(input=INVALID)
    client.patch(item, input=VALID)
    set_schemas(client, input=QUESTION)

    mismatch(client, client.api.post(client.item_path(item, "restore/"), {"source_version": 1}))
    client.restore(item, source_version=2)


def test_archiving_is_not_checked_but_restoring_is(client: DatasetClient) -> None:
    set_schemas(client)
    item = client.new_item(input=INVALID)
    client.archive(item)
    set_schemas(client, input=QUESTION)

    mismatch(client, client.api.post(client.item_path(item, "restore/")))
    mismatch(client, client.api.patch(client.item_path(item), {"deleted": False}))
    mismatch(client, client.api.patch(client.item_path(item), {"deleted": None}))
    client.patch(item, input=VALID)
    client.restore(item)


def test_with_enforce_new_existing_items_can_be_restored(client: DatasetClient) -> None:
    set_schemas(client)
    item = client.new_item(input=INVALID, output="text")
    set_schemas(client, input=QUESTION, output=NUMBER, enforce="new")

    client.archive(item)
    client.restore(item)
    # Unchanged fields need not fit; changed ones must.
    client.patch(item, input=VALID)
    client.patch(item, metadata={"a": 1})
    mismatch(client, client.api.patch(client.item_path(item), {"output": "other"}), "output")
    mismatch(client, client.api.post(client.item_path(item, "restore/"), {"source_version": 1}))


def test_with_enforce_new_archiving_does_not_bypass_schemas(client: DatasetClient) -> None:
    set_schemas(client, input=QUESTION, enforce="new")
    item = client.new_item(input=VALID)
    client.archive(item)

    mismatch(client, client.api.patch(client.item_path(item), {"input": INVALID}))
    mismatch(
        client, client.api.post(client.items, {"dataset": client.dataset["id"], "input": INVALID, "deleted": True})
    )


@pytest.mark.parametrize("enforce", ["all", "new"])
def test_moving_in(client: DatasetClient, enforce: str) -> None:
    set_schemas(client, input=QUESTION, enforce=enforce)
    other = client.new_dataset("Other")
    item, fitting = client.new_item(other, input=INVALID), client.new_item(other, input=VALID)
    before = state(client), client.head(other)

    mismatch(client, client.api.patch(client.item_path(item), {"dataset": client.dataset["id"]}))
    assert (state(client), client.head(other)) == before
    client.patch(item, dataset=client.dataset["id"], input=VALID)
    client.move(fitting, client.dataset)
    client.move(fitting, other)
    client.patch(fitting, input=INVALID)


def test_schemas_put_by_another_process_are_enforced(client: DatasetClient) -> None:
    """This process has cached no schemas, or other ones."""
    item, other = client.new_item(input=VALID), client.new_item(client.new_dataset("Other"), input=7)
    late = dict(cache.cached_schemas)
    for strict in ({"input": {"type": "array"}, "enforce": "new"}, {"input": {"type": "object"}, "enforce": "new"}):
        for known in ({}, late):
            set_schemas(client, **strict)
            cache.cached_schemas.clear()
            cache.cached_schemas.update(known)
            kind = strict["input"]["type"]
            bad, good = ([1], {"q": "x"}) if kind == "object" else ({"q": "x", "n": str(known)}, [2, str(known)])
            requests = [
                ("POST", client.items, {"dataset": client.dataset["id"]}),
                ("PATCH", client.item_path(item), {}),
                ("PATCH", client.item_path(other), {"dataset": client.dataset["id"]}),
            ]
            for method, path, body in requests:
                mismatch(client, client.api.ask(method, path, body | {"input": bad}), "input")
                cache.cached_schemas.clear()
                cache.cached_schemas.update(known)
            for method, path, body in requests:
                assert client.api.ask(method, path, body | {"input": good}).status_code in {200, 201}
                cache.cached_schemas.clear()
                cache.cached_schemas.update(known)
            client.move(other, client.new_dataset("Again"))
        late = dict(cache.cached_schemas) | {
            (client.project_id, key[1]): value for key, value in cache.cached_schemas.items()
        }


def test_relaxed_schemas_are_used_at_once(client: DatasetClient) -> None:
    strict = dict(cache.cached_schemas)
    set_schemas(client)
    cache.cached_schemas.clear()
    cache.cached_schemas.update(strict)

    assert client.new_item(input=INVALID)["input"] == INVALID


def test_nested_paths_are_named(client: DatasetClient) -> None:
    set_schemas(client, metadata={"properties": {"tags": {"items": {"properties": {"a.b": {"type": "null"}}}}}})

    response = client.api.post(client.items, {"dataset": client.dataset["id"], "metadata": {"tags": [{}, {"a.b": 1}]}})

    mismatch(client, response, "metadata.tags.1.a.b")


def test_errors_quote_little(client: DatasetClient) -> None:
    set_schemas(client, input={"additionalProperties": {"type": "string"}})

    response = client.api.post(
        client.items, {"dataset": client.dataset["id"], "input": {"k" * 100_000: ["v" * 100_000]}}
    )

    assert response.json()["code"] == "schema_mismatch"
    assert len(response.content) < 1000
    assert ok(client.page())["count"] == 0


@pytest.mark.parametrize(
    ("schema", "fits", "breaks"),
    [
        (b'{"const": 100000000000000000000000000000001}', b"100000000000000000000000000000001", b"1e32"),
        (b'{"maximum": 1e300}', b"1e299", b"1e400"),
        (b'{"minimum": 1e400}', b"1e400", b"9.99e399"),
        (b'{"type": "integer"}', b"1e400", b"1e-400"),
        (b'{"exclusiveMinimum": 0}', b"1e-16000", b"0.0"),
        (b'{"multipleOf": 0.01}', b"19.99", b"19.995"),
        (b'{"type": "integer"}', b"1" * 131_072, b"1" * 131_000 + b".5"),
        (b'{"const": 1}', b"1.0", b"1.0000000000000000000000001"),
        (b'{"type": "null"}', b"null", b'"null"'),
        (b'{"uniqueItems": true}', b"[1, 1.5]", b"[1, 1.0]"),
    ],
)
def test_numbers_are_compared_by_their_digits_and_kept_as_sent(
    client: DatasetClient, schema: bytes, fits: bytes, breaks: bytes
) -> None:
    assert client.api.put(client.path("schemas/"), b'{"output": ' + schema + b"}").status_code == 200
    dataset = client.dataset["id"].encode()

    def create(value: bytes) -> Any:
        return client.api.post(client.items, b'{"dataset": "%s", "output": %s}' % (dataset, value))

    response = create(fits)
    assert response.status_code == 201
    assert b'"output":' + fits in response.content
    mismatch(client, create(breaks), "output")


def test_the_deepest_value_can_be_checked(client: DatasetClient) -> None:
    set_schemas(client, input={"type": ["array", "integer"], "items": {"$ref": "#"}})
    body = '{"dataset": "%s", "input": %s}'

    good = client.api.post(client.items, body % (client.dataset["id"], "[" * 250 + "1" + "]" * 250))
    bad = client.api.post(client.items, body % (client.dataset["id"], "[" * 250 + '"x"' + "]" * 250))

    assert good.status_code == 201
    assert bad.json()["code"] == "schema_mismatch"
