"""Past lists, selected by a time."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from urllib.parse import quote

import pytest

from items.models import DatasetItem, ItemValidity
from tests.dataset_client import DatasetClient, assert_error, ok
from tests.recorded_lists import BEGINNING_OF_TIME, END_OF_TIME, RecordedLists


def plus(time: str, **delta: float) -> str:
    return quote((datetime.fromisoformat(time) + timedelta(**delta)).isoformat())


def test_a_time_means_the_newest_revision_not_later_than_it(client: DatasetClient) -> None:
    past = RecordedLists(client, steps=3)
    times = {each["revision"]: each["created_at"] for each in client.revisions()}

    for revision, expected in list(past.lists.items())[1:]:
        response = client.page(f"&as_of={times[revision]}")
        assert (response.headers["Dataset-Revision"], ok(response)["results"]) == (str(revision), expected)
        before = client.page(f"&as_of={plus(times[revision], microseconds=-1)}")
        assert before.headers["Dataset-Revision"] == str(revision - 1)


def test_the_list_is_empty_before_the_first_revision(client: DatasetClient) -> None:
    client.new_item()

    for time in (BEGINNING_OF_TIME, "1969-12-31T23:59:59%2B02:00", plus(client.dataset["created_at"], seconds=-1)):
        response = client.page(f"&as_of={time}")
        assert ok(response) == {"count": 0, "next": None, "previous": None, "results": []}
        assert response.headers["Dataset-Revision"] == "0"


def test_a_future_time_means_the_current_list(client: DatasetClient) -> None:
    client.new_item()

    assert client.results(f"&as_of={END_OF_TIME}") == client.results()


def test_times_of_revisions_rise_strictly(client: DatasetClient) -> None:
    item = client.new_item()
    for number in range(20):
        client.patch(item, input=number)

    times = [datetime.fromisoformat(each["created_at"]) for each in reversed(client.revisions())]

    assert len(times) == 21
    assert all(earlier < later for earlier, later in pairwise(times))


def test_an_item_created_by_a_fast_clock_is_in_every_later_list(client: DatasetClient) -> None:
    made = client.new_item(input=1)
    for model in (DatasetItem, ItemValidity):
        model.objects.update(created_at=datetime.now(UTC) + timedelta(hours=1))
    client.patch(made, input=2)
    other = client.new_dataset()
    client.move(made, other)
    fork = client.api.post(client.path("fork/", other), {"name": "fork"}).json()

    assert [item["input"] for item in client.results("&revision=2")] == [2]
    assert [item["input"] for item in client.results("&revision=1", of=other)] == [2]
    assert [item["input"] for item in client.results("&revision=1", of=fork)] == [2]


@pytest.mark.parametrize("spelling", ["%2B00:00", "+00:00", "Z", "%2B0000"])
def test_a_time_may_be_spelled_in_several_ways(client: DatasetClient, spelling: str) -> None:
    past = RecordedLists(client, steps=1)
    time = client.revisions()[0]["created_at"].removesuffix("Z")

    assert client.results(f"&as_of={time}{spelling}") == past.lists[1]


def test_a_time_may_have_an_offset(client: DatasetClient) -> None:
    past = RecordedLists(client, steps=1)
    utc = datetime.fromisoformat(client.revisions()[0]["created_at"])
    elsewhere = (utc + timedelta(hours=5, minutes=30)).replace(tzinfo=None).isoformat()

    assert client.results(f"&as_of={elsewhere}+05:30") == past.lists[1]
    assert client.results(f"&as_of={elsewhere}%2B06:30") == []


@pytest.mark.parametrize("time", ["x", "1", "yesterday", "2026-13-01T00:00:00Z", "%00", "2026-01-05T25:00:00Z"])
def test_a_malformed_time_is_rejected(client: DatasetClient, time: str) -> None:
    item = client.new_item()

    assert_error(client.page(f"&as_of={time}"), 400, "invalid_input", "as_of")
    assert_error(client.item(item, f"?as_of={time}"), 400, "invalid_input", "as_of")


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_out_of_range_is_rejected(client: DatasetClient, time: str) -> None:
    assert_error(client.page(f"&as_of={time}"), 400, "overflow", "as_of")
