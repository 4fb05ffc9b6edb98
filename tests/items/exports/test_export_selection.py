"""Exports of the items that match conditions in the query or in the body."""

from typing import Any

import pytest

from items.exports import batches
from tests.api import Api
from tests.dataset_client import Body, DatasetClient, assert_error, ok
from tests.items.exports.exported_files import rows_in
from tests.items.exports.test_export import FORMS, content, export, exported
from tests.people import key


@pytest.fixture
def varied(client: DatasetClient) -> DatasetClient:
    """Ten items; the third is archived, and the fifth had another value in the first ten revisions."""
    made = [
        client.new_item(input=f"text {number}", metadata={"n": number, "even": number % 2 == 0}) for number in range(10)
    ]
    client.archive(made[2])
    ok(client.api.patch(client.item_path(made[4]), {"metadata": {"n": 40, "even": True}}))
    return client


def numbers(rows: list[Body]) -> list[int]:
    return [row["metadata"]["n"] for row in rows]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("&metadata__even=true", [0, 40, 6, 8]),
        ("&metadata__n__gte=8", [40, 8, 9]),
        ("&search=text+7", [7]),
        ("&deleted=true", [2]),
        ("&deleted=all&metadata__n__lte=3", [0, 1, 2, 3]),
        ("&metadata__even=true&revision=FULL", [0, 2, 4, 6, 8]),
        ("&metadata__n__in=2,4,40&revision=ARCHIVED", [4]),
        ("&search=nothing+like+it", []),
    ],
)
def test_an_export_takes_the_conditions_of_a_list(
    varied: DatasetClient, form: str, query: str, expected: list[int]
) -> None:
    head = varied.head()
    query = query.replace("FULL", str(head - 2)).replace("ARCHIVED", str(head - 1))

    assert numbers(exported(varied, query, form=form)) == expected


@pytest.mark.parametrize("batch", [1, 2, 50])
def test_a_filtered_export_does_not_depend_on_its_batches(
    varied: DatasetClient, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(batches, "MIN_ROWS", batch)
    monkeypatch.setattr(batches, "MAX_ROWS", batch)
    for form in FORMS:
        assert numbers(exported(varied, "&metadata__even=false", form=form)) == [1, 3, 5, 7, 9]
        assert numbers(exported(varied, "&deleted=all&metadata__even=true", form=form)) == [0, 2, 40, 6, 8]


def test_a_sample_is_that_of_the_list(varied: DatasetClient) -> None:
    for query in (
        "&sample=4&seed=3",
        "&sample=2&metadata__even=true",
        "&sample=50",
        f"&sample=3&revision={varied.head() - 2}",
    ):
        sample = numbers(exported(varied, query))

        assert sorted(sample) == sorted(numbers(varied.results(f"{query}&limit=1000")))
        assert len(sample) == min(int(query[8]), 9) or query == "&sample=50"


def test_conditions_may_be_in_the_body(varied: DatasetClient) -> None:
    path = varied.path("export/?export_format=jsonl")
    bodies: list[tuple[Any, list[int]]] = [
        ({"filter": {"metadata__even": True, "metadata__n__gt": 5}}, [40, 6, 8]),
        ({"filter": {"metadata__n__in": [1, "3", 99]}}, [1, 3]),
        ({"filter": {"metadata__contains": {"n": 7}}}, [7]),
        ({"filter": {"sample": 100, "search": "TEXT 9"}}, [9]),
        ({"filter": None}, [0, 1, 3, 40, 5, 6, 7, 8, 9]),
        ({}, [0, 1, 3, 40, 5, 6, 7, 8, 9]),
    ]
    for body, expected in bodies:
        assert numbers(rows_in("jsonl", content(varied.api.post(path, body)))) == expected


@pytest.mark.parametrize(
    ("query", "body", "code", "attr"),
    [
        ("?nope=1", {}, "unknown_parameter", "nope"),
        ("?metadata__n__like=1", {}, "unknown_operator", "metadata__n__like"),
        ("?deleted=true&revision=1", {}, "invalid_input", "deleted"),
        ("", {"filters": {}}, "unknown_field", "filters"),
        ("", {"filter": []}, "not_a_dict", "filter"),
        ("", {"filter": {"nope": 1}}, "unknown_parameter", "filter.nope"),
        ("", {"filter": {"search": ""}}, "empty", "filter.search"),
        ("", {"filter": {"metadata__n__in": ["a,b"]}}, "invalid_input", "filter.metadata__n__in"),
        ("", {"filter": {"created_at__gte": "x"}}, "invalid_input", "filter.created_at__gte"),
        ("?search=a", {"filter": {"search": "a"}}, "invalid_input", "filter"),
    ],
)
def test_a_bad_condition_is_rejected(varied: DatasetClient, query: str, body: Body, code: str, attr: str) -> None:
    assert_error(varied.api.post(varied.path(f"export/{query}"), body), 400, code, attr)
    if not body:
        assert_error(export(varied, query), 400, code, attr)


def test_an_export_by_post_only_reads(varied: DatasetClient) -> None:
    people, path, body = varied.people, varied.path("export/"), {"filter": {"metadata__n": 1}}
    reader = Api(key(people.owner, "dataset:read"))
    unscoped = Api(key(people.owner, "project:read"))

    for caller in (varied.api, reader, varied.colleague):
        response = caller.post(path, body)
        assert (response.status_code, numbers(rows_in("jsonl", content(response)))) == (200, [1])
    assert_error(unscoped.post(path, body), 403, "permission_denied")
    assert varied.stranger.post(path, body).status_code in {403, 404}
    assert ok(reader.get(varied.path("")))["deleted"] is False
