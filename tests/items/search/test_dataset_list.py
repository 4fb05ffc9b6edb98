"""The list of datasets: by name, with deleted ones, with fields that change with their items."""

import pytest

from tests.dataset_client import Body, DatasetClient, assert_error, ok
from tests.rows import dataset

pytestmark = pytest.mark.django_db

DATASET_KEYS = ["id", "name", "description", "metadata", "created_at", "updated_at", "deleted", "created_by", "team"]


def listed(client: DatasetClient, query: str = "") -> list[Body]:
    page = ok(client.api.get(f"{client.datasets}?{query}"))
    assert page["count"] == len(page["results"])
    return list(page["results"])


def names(client: DatasetClient, query: str = "") -> list[str]:
    return [each["name"] for each in listed(client, query)]


@pytest.fixture
def three(client: DatasetClient) -> DatasetClient:
    """Besides the client's own dataset, "Golden set": two more, and a deleted one."""
    client.new_dataset("golden set")
    client.new_dataset("Set, 100%")
    gone = client.new_dataset("Golden set", metadata={"gone": True})
    ok(client.api.patch(client.path(of=gone), {"deleted": True}))
    return client


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Set, 100%", "golden set", "Golden set"]),
        ("name=", ["Set, 100%", "golden set", "Golden set"]),
        ("name=Golden+set", ["Golden set"]),
        ("name=golden+set&search=GOLDEN", ["golden set"]),
        ("name=Golden", []),
        ("name=Set,+100%25", ["Set, 100%"]),
        ("deleted=false", ["Set, 100%", "golden set", "Golden set"]),
        ("deleted=true", ["Golden set"]),
        ("deleted=all&order_by=created_at", ["Golden set", "golden set", "Set, 100%", "Golden set"]),
        ("deleted=all&name=Golden+set&strict=true", ["Golden set", "Golden set"]),
        ("deleted=true&search=nothing", []),
    ],
)
def test_datasets_are_selected(three: DatasetClient, query: str, expected: list[str]) -> None:
    assert names(three, query) == expected


def test_fields_may_describe_the_items(three: DatasetClient) -> None:
    revision_made_at = three.new_item()["created_at"]
    three.archive(three.new_item())

    own = next(
        each for each in listed(three, "fields=id,name,item_count,revision,updated_revision_at") if each["item_count"]
    )

    assert list(own) == ["id", "name", "item_count", "revision", "updated_revision_at"]
    assert (own["id"], own["item_count"], own["revision"]) == (three.dataset["id"], 1, 3)
    assert own["updated_revision_at"] == three.revisions()[0]["created_at"] > revision_made_at
    assert listed(three, "name=golden+set&fields=revision,updated_revision_at,item_count") == [
        {"item_count": 0, "revision": 0, "updated_revision_at": None}
    ]


def test_the_default_keys_are_those_of_v1(three: DatasetClient) -> None:
    for query in ("", "fields=", "deleted=all", "name=Golden+set"):
        assert {tuple(each) for each in listed(three, query)} == {tuple(DATASET_KEYS)}
    assert next(list(each) for each in listed(three, "fields=created_by,name")) == ["name", "created_by"]


@pytest.mark.parametrize(
    ("query", "code", "attr"),
    [
        ("fields=color", "invalid_choice", "fields"),
        ("deleted=maybe", "invalid_choice", "deleted"),
        ("name=%00", "null_characters_not_allowed", "name"),
        (f"name={'x' * 401}", "max_length", "name"),
        (f"search={'x' * 1001}", "max_length", "search"),
        (f"id__in={','.join(['x'] * 1001)}", "max_length", "id__in"),
        ("strict=true&nmae=x", "unknown_parameter", "nmae"),
    ],
)
def test_a_bad_value_is_rejected(client: DatasetClient, query: str, code: str, attr: str) -> None:
    assert_error(client.api.get(f"{client.datasets}?{query}"), 400, code, attr)


def test_a_project_lists_only_its_own_datasets(three: DatasetClient) -> None:
    foreign = dataset(three.people.foreign_project, deleted=True)

    for query in ("deleted=all", "name=Golden+set&deleted=all", "deleted=true"):
        for fields in ("id", "id,item_count"):
            assert str(foreign.id) not in {each["id"] for each in listed(three, f"{query}&fields={fields}")}


@pytest.mark.parametrize("query", ["limit=2&offset=1", "limit=2&offset=1&deleted=all", "limit=1&fields=id,item_count"])
def test_the_count_is_exact_on_each_page(three: DatasetClient, query: str) -> None:
    page = ok(three.api.get(f"{three.datasets}?{query}"))
    far = ok(three.api.get(f"{three.datasets}?{query}&offset=1000"))

    assert page["count"] == far["count"] == (4 if "all" in query else 3)
    assert far["results"] == []
