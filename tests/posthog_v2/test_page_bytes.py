"""Pages of the later API have the same maximum size in bytes as those of v1; the value of a source counts too."""

from typing import Any

import pytest

from tests.dataset_client import Body, assert_error, created, ok
from tests.posthog_v2.v2_client import V2Client

LIMIT = 100_000
LARGE = "z" * 19_990
# Every way to read a page of items. All ten items are created, then archived, so revision 10 lists them.
WAYS = ["", "&offset=1", "&archived=true", "&revision=10", "&revision=20&archived=true"]


@pytest.fixture(autouse=True)
def limited(settings: Any) -> None:
    settings.PAGE_LIMIT_BYTES = LIMIT


@pytest.fixture(params=["input", "source_output", "both"])
def ten(v2: V2Client, request: pytest.FixtureRequest) -> list[Body]:
    """Ten items of 20 kB each."""
    half = LARGE[: len(LARGE) // 2]
    values = {"input": half, "source_output": half} if request.param == "both" else {request.param: LARGE}
    return [v2.new_item(**values) for _ in range(10)]


@pytest.mark.parametrize("way", WAYS)
def test_a_page_beyond_the_limit_is_rejected_with_what_fits(
    v2: V2Client, ten: list[Body], way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "offset" in way:
        monkeypatch.setattr("posthog_v2.items.DEEP_OFFSET", 0)
    if "archived" in way:
        for item in ten:
            ok(v2.archive(item))

    error = assert_error(v2.page(f"{way}&limit=10"), 400, "page_too_large")

    fitting = error["detail"].removesuffix(".").rpartition("limit=")[2]
    assert fitting in {"4", "5"}
    assert "fields=" not in error["detail"]
    assert len(ok(v2.page(f"{way}&limit={fitting}"))["results"]) == int(fitting)


@pytest.mark.parametrize("name", ["input", "source_output"])
def test_pages_of_versions_are_bounded(v2: V2Client, name: str) -> None:
    item = v2.new_item(**{name: LARGE})
    for number in range(9):
        item = ok(v2.patch(item, expected_output=number))

    error = assert_error(v2.get(item, "versions/?limit=10"), 400, "page_too_large")

    fitting = error["detail"].removesuffix(".").rpartition("limit=")[2]
    versions = ok(v2.get(item, f"versions/?limit={fitting}"))["results"]
    assert [each[name] for each in versions] == [LARGE] * int(fitting)


@pytest.mark.parametrize("way", ["", "&revision=9"])
def test_a_page_within_the_limit_returns_its_large_values(v2: V2Client, way: str) -> None:
    small = [v2.new_item(input="zz") for _ in range(8)]
    large = v2.new_item(input=LARGE, source_output=LARGE)

    rows = ok(v2.page(f"{way}&limit=25"))["results"]

    assert {each["id"]: each["source_output"] for each in rows} == {
        **{each["id"]: None for each in small},
        large["id"]: LARGE,
    }


@pytest.mark.parametrize("query", ["", "?revision=1"])
def test_a_single_item_beyond_the_limit_is_read_by_itself(v2: V2Client, query: str) -> None:
    item = v2.new_item(input="z" * LIMIT, source_output="z" * LIMIT)

    error = assert_error(v2.page("&limit=1"), 400, "page_too_large")

    assert error["detail"].endswith("read its rows one by one.")
    assert len(ok(v2.get(item, query))["source_output"]) == LIMIT


@pytest.mark.parametrize(
    "values", [{"metadata": {"a": LARGE}}, {"description": LARGE}], ids=["metadata", "description"]
)
def test_pages_of_datasets_are_bounded(v2: V2Client, values: Any) -> None:
    """Datasets of v1 may have long descriptions."""
    for number in range(9):
        created(v2.api.post(v2.v1.datasets, {"name": f"large {number}", **values}))

    error = assert_error(v2.api.get(f"{v2.datasets}?limit=9"), 400, "page_too_large")

    fitting = error["detail"].removesuffix(".").rpartition("limit=")[2]
    assert fitting in {"4", "5"}
    page = ok(v2.api.get(f"{v2.datasets}?limit={fitting}"))
    assert [{name: each[name] for name in values} for each in page["results"]] == [values] * int(fitting)
    assert page["count"] == 10


def test_an_empty_description_is_no_large_value(v2: V2Client) -> None:
    made = v2.new_dataset("empty", description="", metadata={})

    (row,) = (each for each in ok(v2.api.get(v2.datasets))["results"] if each["id"] == made["id"])
    assert (row["description"], row["metadata"]) == ("", {})
