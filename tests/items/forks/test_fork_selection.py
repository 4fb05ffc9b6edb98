"""Forks of the items that match a filter."""

from typing import Any

import pytest

from tests.dataset_client import Body, DatasetClient, assert_error, created, ok
from tests.history_check import assert_history_holds

pytestmark = pytest.mark.django_db


@pytest.fixture
def twelve(client: DatasetClient) -> DatasetClient:
    """Twelve items; the third is archived, and the fifth was changed."""
    made = [client.new_item(input=number, metadata={"even": number % 2 == 0}) for number in range(12)]
    client.archive(made[2])
    client.patch(made[4], metadata={"even": False})
    return client


def fork(client: DatasetClient, query: str = "", **body: Any) -> Body:
    return created(client.api.post(client.path(f"fork/{query}"), {"name": "Part"} | body))


def inputs(client: DatasetClient, of: Body) -> list[int]:
    page = ok(client.page("&order_by=created_at&limit=1000", of=of))
    assert page["count"] == len(page["results"])
    return [each["input"] for each in page["results"]]


@pytest.mark.parametrize(
    ("query", "body", "expected"),
    [
        ("?metadata__even=true", {}, [0, 6, 8, 10]),
        ("", {"filter": {"input__gte": 9}}, [9, 10, 11]),
        ("?metadata__even=true", {"revision": 12}, [0, 2, 4, 6, 8, 10]),
        ("", {"filter": {"metadata__even": True, "input__in": [2, 4, 6]}, "revision": 13}, [4, 6]),
        ("?search=nothing", {}, []),
        ("", {"filter": None}, [0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    ],
)
def test_a_fork_takes_the_conditions_of_a_list(
    twelve: DatasetClient, query: str, body: Body, expected: list[int]
) -> None:
    made = fork(twelve, query, **body)

    assert inputs(twelve, made) == expected
    assert twelve.head(made) == (1 if expected else 0)
    revisions = twelve.revisions(made)
    assert [each["created"] for each in revisions] == ([len(expected)] if expected else [])
    assert_history_holds()


@pytest.mark.parametrize("batch", [1, 2, 5000])
def test_a_sample_is_forked_in_batches(twelve: DatasetClient, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr("items.forks.fork.BATCH_ROWS", batch)
    listed = sorted(each["input"] for each in ok(twelve.page("&sample=5&seed=3"))["results"])

    made = fork(twelve, "", filter={"sample": 5, "seed": 3})

    assert inputs(twelve, made) == listed
    assert inputs(twelve, fork(twelve, "?sample=100")) == [0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert_history_holds()


@pytest.mark.parametrize(
    ("query", "body", "code", "attr"),
    [
        ("?nope=1", {}, "unknown_parameter", "nope"),
        ("?deleted=true", {}, "invalid_input", "deleted"),
        ("", {"filter": {"deleted": "all"}}, "invalid_input", "deleted"),
        ("", {"filter": {"nope": 1}}, "unknown_parameter", "filter.nope"),
        ("?search=a", {"filter": {"search": "b"}}, "invalid_input", "filter"),
        ("", {"filter": []}, "not_a_dict", "filter"),
    ],
)
def test_a_bad_condition_forks_nothing(twelve: DatasetClient, query: str, body: Body, code: str, attr: str) -> None:
    before = ok(twelve.api.get(twelve.datasets))["count"]

    assert_error(twelve.api.post(twelve.path(f"fork/{query}"), {"name": "Part"} | body), 400, code, attr)

    assert ok(twelve.api.get(twelve.datasets))["count"] == before
