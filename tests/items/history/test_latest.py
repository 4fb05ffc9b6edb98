"""`latest` names the newest revision wherever a revision is named."""

import pytest

from tests.dataset_client import NOWHERE, DatasetClient, assert_error, ok

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(client: DatasetClient) -> DatasetClient:
    client.new_item(input=1)
    client.new_item(input=2)
    return client


def test_a_list_at_the_latest_revision_says_its_number(two: DatasetClient) -> None:
    response = two.page("&revision=latest&search=2")

    assert [each["input"] for each in ok(response)["results"]] == [2]
    assert response.headers["Dataset-Revision"] == "2"


def test_a_page_that_follows_is_of_the_newest_revision_then(two: DatasetClient) -> None:
    two.new_item(input=3)

    assert two.page("&revision=latest").headers["Dataset-Revision"] == "3"


def test_before_the_first_item_latest_is_revision_0(client: DatasetClient) -> None:
    response = client.page("&revision=latest")

    assert (ok(response)["count"], response.headers["Dataset-Revision"]) == (0, "0")


def test_it_works_for_items_exports_diffs_and_forks(two: DatasetClient) -> None:
    item = two.results()[0]

    assert ok(two.item(item, "?revision=latest"))["input"] == 2
    assert two.api.get(two.path("export/?revision=latest")).headers["Dataset-Revision"] == "2"
    assert ok(two.api.get(two.path("diff/?from=1&to=latest")))["to"] == 2
    assert two.api.post(two.path("fork/"), {"name": "Copy", "revision": "latest"}).status_code == 201


def test_no_tag_may_be_called_latest(two: DatasetClient) -> None:
    for name in ("latest", "LATEST"):
        assert two.tag(name, 1).status_code in {400, 404}
    assert two.tag("latest-1", 1).status_code == 201


def test_an_unknown_dataset_has_no_latest_revision(two: DatasetClient) -> None:
    assert_error(two.page("&revision=latest", of={"id": NOWHERE}), 400, "invalid_choice", "dataset")
    assert two.api.get(two.path("export/?revision=latest", of={"id": NOWHERE})).status_code == 404
