"""A page has a maximum size in bytes: a larger one is rejected before it is read, with advice on what fits."""

import random
import string
from typing import Any

import pytest

from tests.dataset_client import Body, DatasetClient, assert_error, ok
from tests.statement_counter import StatementCounter

pytestmark = pytest.mark.django_db

LIMIT = 100_000
REPEATED = "z" * 19_990
RANDOM = "".join(random.Random(1).choices(string.ascii_letters, k=19_990))  # noqa: S311  nothing secret


@pytest.fixture
def limited(settings: Any) -> None:
    settings.PAGE_LIMIT_BYTES = LIMIT


@pytest.fixture(params=[REPEATED, RANDOM], ids=["compressed", "incompressible"])
def ten(client: DatasetClient, limited: None, request: pytest.FixtureRequest) -> list[Body]:
    """Ten items of 20 kB each."""
    return [client.new_item(input=request.param, output=number) for number in range(10)]


# Every way to read a page.
WAYS = ["", "&cursor=", "&search=z", "&order_by=updated_at", "&sample=10", "&fields=id,input", "&deleted=all&cursor="]


@pytest.mark.parametrize("at", ["", "&revision=latest"])
@pytest.mark.parametrize("way", WAYS)
def test_a_page_beyond_the_limit_is_rejected_with_what_fits(
    client: DatasetClient, ten: list[Body], way: str, at: str
) -> None:
    if "search" in way and not ten[0]["input"].startswith("zz"):
        way = f"&search={ten[0]['input'][:50]}"
    if at and "deleted" in way:
        way = way.replace("&deleted=all", "")

    error = assert_error(client.page(f"{way}{at}&limit=10"), 400, "page_too_large")

    fitting = 4 if "cursor" in way else 5
    assert error["type"] == "invalid_request"
    assert f"limit={fitting}" in error["detail"]
    assert "fields=" in error["detail"]
    page = ok(client.page(f"{way}{at}&limit={fitting}"))
    assert [len(each["input"]) for each in page["results"]] == [19_990] * fitting
    assert page["count"] == 10


@pytest.mark.parametrize("at", ["", "&revision=latest"])
def test_fields_make_a_page_fit(client: DatasetClient, ten: list[Body], at: str) -> None:
    page = ok(client.page(f"&limit=10&fields=id,output{at}"))

    assert sorted(each["output"] for each in page["results"]) == list(range(10))


@pytest.mark.parametrize("at", ["", "&revision=latest"])
@pytest.mark.parametrize("way", WAYS)
def test_a_page_within_the_limit_returns_its_large_values(
    client: DatasetClient, limited: None, way: str, at: str
) -> None:
    small = [client.new_item(input="zz", output=number) for number in range(8)]
    large = client.new_item(input=REPEATED + RANDOM, output="large")
    if at and "deleted" in way:
        way = way.replace("&deleted=all", "")

    rows = ok(client.page(f"{way}{at}&limit=100"))["results"]

    shown = {each["id"]: each["input"] for each in rows}
    assert shown == {each["id"]: each["input"] for each in [*small, large]}


def test_a_deep_page_is_bounded(client: DatasetClient, ten: list[Body], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("items.queries.DEEP_OFFSET", 0)

    assert_error(client.page("&limit=9&offset=1"), 400, "page_too_large")
    assert len(ok(client.page("&limit=4&offset=1"))["results"]) == 4


def test_a_single_item_beyond_the_limit_is_read_by_itself(client: DatasetClient, limited: None) -> None:
    item = client.new_item(input="z" * (LIMIT + 1))

    error = assert_error(client.page("&limit=1"), 400, "page_too_large")

    assert "limit=" not in error["detail"]
    assert len(ok(client.item(item))["input"]) == LIMIT + 1


def test_null_and_empty_strings_are_not_large_values(client: DatasetClient, limited: None) -> None:
    item = client.new_item(input="", output=None, ref_trace_id="")

    for way in WAYS[:2]:
        (row,) = ok(client.page(way))["results"]
        assert (row["input"], row["output"], row["ref_trace_id"]) == ("", None, "")
    assert ok(client.item(item))["metadata"] is None


@pytest.mark.parametrize("path", ["changes/?limit=10", "diff/?from=0&to=10&limit=10"])
def test_pages_of_history_are_bounded(client: DatasetClient, ten: list[Body], path: str) -> None:
    error = assert_error(client.api.get(client.path(path)), 400, "page_too_large")

    fitting = 4
    assert error["detail"].endswith(f"ask for limit={fitting}.")
    rows = ok(client.api.get(client.path(path.replace("limit=10", f"limit={fitting}"))))["results"]
    assert len(rows) == fitting


def test_pages_of_versions_are_bounded(client: DatasetClient, limited: None) -> None:
    item = client.new_item(input=RANDOM)
    for number in range(9):
        client.patch(item, output=number)

    error = assert_error(client.item(item, "versions/?limit=10"), 400, "page_too_large")

    assert error["detail"].endswith("ask for limit=5.")
    versions = ok(client.item(item, "versions/?limit=5"))["results"]
    assert [each["input"] for each in versions] == [RANDOM] * 5


@pytest.mark.parametrize("values", [{"metadata": REPEATED}, {"metadata": RANDOM}, {"description": RANDOM}])
@pytest.mark.parametrize("way", ["", "&search=large", "&order_by=updated_at", "&fields=metadata,description,id"])
def test_pages_of_datasets_are_bounded(client: DatasetClient, limited: None, values: Body, way: str) -> None:
    large = {client.new_dataset(f"large {number}", **values)["id"] for number in range(9)}

    error = assert_error(client.api.get(f"{client.datasets}?limit=9{way}"), 400, "page_too_large")

    assert error["type"] == "invalid_request"
    fitting = int(error["detail"].partition("limit=")[2].partition(",")[0])
    assert fitting in {5, 6}
    page = ok(client.api.get(f"{client.datasets}?limit={fitting}{way}"))
    assert page["count"] == (9 if "search" in way else 10)
    shown = [{name: each[name] for name in values} for each in page["results"] if each["id"] in large]
    assert shown == [values] * 5


def test_fields_make_a_page_of_datasets_fit(client: DatasetClient, limited: None) -> None:
    for number in range(9):
        client.new_dataset(f"large {number}", metadata=REPEATED, description="")

    for fields in ("id", "name,description", "item_count"):
        assert len(ok(client.api.get(f"{client.datasets}?limit=10&fields={fields}"))["results"]) == 10


def test_an_empty_description_costs_no_statement_more(client: DatasetClient, limited: None) -> None:
    client.new_dataset("empty", description="", metadata="")
    count = StatementCounter(client)

    assert len(count("GET", client.datasets)) == 2
