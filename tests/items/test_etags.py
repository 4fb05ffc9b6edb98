"""ETag, If-Match and If-None-Match: unchanged content is not sent again, and stale writes are rejected."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.dataset_client import NOWHERE, PREFIXES, Body, DatasetClient, assert_error, assert_not_found, ok

UNREADABLE = ["", " ", "1", '"1', '1"', '"1" "2"', '"1";"2"', "*, *", '"1", *', "W/1", 'w/"1"', '"é"', '"1",', ","]
# Every write of an item that takes If-Match, with a body that has an effect.
WRITES: list[tuple[str, str, Any]] = [
    ("PATCH", "", {"input": "new"}),
    ("PATCH", "", {}),
    ("PUT", "", {"input": "new"}),
    ("POST", "archive/", None),
    ("POST", "restore/", {"source_version": 1}),
]


def each_write(test: Any) -> Any:
    ids = [f"{method} {rest}{'' if body else 'without effect'}".strip() for method, rest, body in WRITES]
    return pytest.mark.parametrize("write", WRITES, ids=ids)(test)


@pytest.fixture
def item(client: DatasetClient) -> Body:
    """An item at version 2, in a dataset at revision 2."""
    return client.patch(client.new_item(input="first"), input="second")


def send(client: DatasetClient, item: Body, write: tuple[str, str, Any], if_match: str) -> Any:
    method, rest, body = write
    if method == "PUT":
        body = {"dataset": client.dataset["id"], **body}
    return client.api.ask(method, client.item_path(item, rest), body, headers={"If-Match": if_match})


# --- ETags -----------------------------------------------------------------------------------------------------------


def test_the_etag_of_an_item_is_its_version(client: DatasetClient) -> None:
    response = client.api.post(client.items, {"dataset": client.dataset["id"]})
    made = response.json()
    path = client.item_path(made)

    tags = [response.headers["ETag"]]
    for method, rest, body in (
        ("PATCH", "", {"input": 1}),
        ("PUT", "", {"dataset": client.dataset["id"], "input": 2}),
        ("POST", "archive/", None),
        ("POST", "restore/", None),
        ("POST", "restore/", {"source_version": 1}),
        ("PATCH", "", {"dataset": client.new_dataset()["id"]}),
    ):
        tags.append(client.api.ask(method, f"{path}{rest}", body).headers["ETag"])

    assert tags == [f'"{version}"' for version in range(1, 8)]
    for method in ("GET", "HEAD"):
        assert client.api.ask(method, path).headers["ETag"] == '"7"'


def test_the_etag_of_a_dataset_is_its_own_version(client: DatasetClient) -> None:
    path = client.path()
    responses = [
        client.api.get(path),
        client.api.patch(path, {"name": "a"}),
        client.api.put(path, {"name": "b"}),
        client.api.patch(path, {"name": "b"}),
        client.api.get(path),
        client.api.ask("HEAD", path),
    ]

    assert [response.headers["ETag"] for response in responses] == ['"1"', '"2"', '"3"', '"3"', '"3"', '"3"']


def test_a_write_without_effect_keeps_the_etag_of_the_item_but_not_of_the_list(
    client: DatasetClient, item: Body
) -> None:
    before = client.page().headers["ETag"]

    response = client.api.patch(client.item_path(item), {"input": "second"})

    assert response.headers["ETag"] == '"2"'
    assert ok(response)["updated_at"] > item["updated_at"]
    assert client.page().headers["ETag"] != before
    assert client.head() == 2


# --- If-None-Match on one row ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("tags", ['"2"', 'W/"2"', "*", ' "2" ', '"1", "2"', '"1",W/"2" ,"3"', '"a,b", "2"'])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_unchanged_item_is_not_sent(client: DatasetClient, item: Body, method: str, tags: str) -> None:
    response = client.api.ask(method, client.item_path(item), headers={"If-None-Match": tags})

    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["ETag"] == '"2"'
    assert "Content-Type" not in response.headers


@pytest.mark.parametrize("tags", ['"1"', '"22"', '"1", "3"', 'W/"1"', '""', *UNREADABLE])
def test_other_etags_return_the_item(client: DatasetClient, item: Body, tags: str) -> None:
    response = client.api.get(client.item_path(item), headers={"If-None-Match": tags})

    assert ok(response) == item


def test_an_unchanged_dataset_is_not_sent(client: DatasetClient) -> None:
    client.new_item()

    response = client.api.get(client.path(), headers={"If-None-Match": '"1"'})

    assert (response.status_code, response.content, response.headers["ETag"]) == (304, b"", '"1"')
    client.rename("renamed")
    assert ok(client.api.get(client.path(), headers={"If-None-Match": '"1"'}))["name"] == "renamed"


def test_an_absent_item_is_not_unchanged(client: DatasetClient, item: Body) -> None:
    client.archive(item)

    for path in (client.item_path(item), f"{client.items}{NOWHERE}/"):
        assert_not_found(client.api.get(path, headers={"If-None-Match": "*"}))


def test_a_write_ignores_if_none_match(client: DatasetClient, item: Body) -> None:
    response = client.api.patch(client.item_path(item), {"input": 3}, headers={"If-None-Match": "*"})

    assert ok(response)["input"] == 3


# --- If-None-Match on a list -----------------------------------------------------------------------------------------


def test_an_unchanged_list_is_neither_sent_nor_read(client: DatasetClient, item: Body) -> None:
    path = f"{client.items}?dataset={client.dataset['id']}"
    before = client.api.get(path)
    tag = before.headers["ETag"]

    with CaptureQueriesContext(connection) as captured:
        response = client.api.get(path, headers={"If-None-Match": tag})

    assert tag.startswith('W/"')
    assert (response.status_code, response.content, response.headers["ETag"]) == (304, b"", tag)
    assert response.headers["Dataset-Revision"] == before.headers["Dataset-Revision"] == "2"
    assert len(captured) == 2
    assert not any("dataset_item" in each["sql"] or "item_version" in each["sql"] for each in captured)


@pytest.mark.parametrize("form", ["{}", '"x", {}', '{}, W/"y"', "*"])
def test_a_list_is_not_modified_if_its_etag_matches(client: DatasetClient, form: str) -> None:
    tag = client.page().headers["ETag"]
    for spelling in (tag, tag.removeprefix("W/")):
        response = client.api.get(
            f"{client.items}?dataset={client.dataset['id']}", headers={"If-None-Match": form.format(spelling)}
        )
        assert response.status_code == 304


@pytest.mark.parametrize(
    "write",
    [
        lambda client, item: client.new_item(),
        lambda client, item: client.patch(item, input="new"),
        lambda client, item: client.patch(item),
        lambda client, item: client.archive(item),
        lambda client, item: client.move(item, client.new_dataset()),
    ],
    ids=["create", "patch", "touch", "archive", "move"],
)
def test_every_write_changes_the_etag_of_the_list(client: DatasetClient, item: Body, write: Any) -> None:
    tag = client.page().headers["ETag"]
    write(client, item)

    response = client.api.get(f"{client.items}?dataset={client.dataset['id']}", headers={"If-None-Match": tag})

    assert response.status_code == 200
    assert response.headers["ETag"] != tag


def test_writes_elsewhere_keep_the_etag(client: DatasetClient, item: Body) -> None:
    tag = client.page().headers["ETag"]
    client.new_item(client.new_dataset())
    client.rename("renamed")
    client.tag("golden", 1)

    assert client.page().headers["ETag"] == tag


def test_each_query_has_its_own_etag(client: DatasetClient, item: Body) -> None:
    tags = {
        client.page(query).headers["ETag"] for query in ("", "&limit=1", "&limit=1&offset=1", "&revision=2", "&x=1")
    }

    assert len(tags) == 5


def test_an_etag_is_not_valid_for_another_dataset(client: DatasetClient) -> None:
    assert client.page(of=client.new_dataset()).headers["ETag"] != client.page().headers["ETag"]


def test_a_malformed_if_none_match_returns_the_list(client: DatasetClient, item: Body) -> None:
    for tags in UNREADABLE:
        response = client.api.get(f"{client.items}?dataset={client.dataset['id']}", headers={"If-None-Match": tags})
        assert ok(response)["count"] == 1


def test_an_unknown_dataset_is_rejected_with_any_etag(client: DatasetClient) -> None:
    response = client.api.get(f"{client.items}?dataset={NOWHERE}", headers={"If-None-Match": "*"})

    assert_error(response, 400, "invalid_choice", "dataset")


def test_both_prefixes_return_not_modified(client: DatasetClient, item: Body) -> None:
    for prefix in PREFIXES:
        base = f"/api/{prefix}/{client.project_id}"
        for path in (
            f"{base}/dataset_items/{item['id']}/",
            f"{base}/datasets/{client.dataset['id']}/",
            f"{base}/dataset_items/?dataset={client.dataset['id']}",
        ):
            tag = client.api.get(path).headers["ETag"]
            assert client.api.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_a_stranger_learns_nothing_from_an_etag(client: DatasetClient, item: Body) -> None:
    for path in (client.item_path(item), client.path(), f"{client.items}?dataset={client.dataset['id']}"):
        assert client.stranger.get(path, headers={"If-None-Match": "*"}).status_code == 403
        assert Api().get(path, headers={"If-None-Match": "*"}).status_code == 401


# --- If-Match --------------------------------------------------------------------------------------------------------


@each_write
@pytest.mark.parametrize("tags", ['"2"', "*", ' "2" ', '"1", "2"', '"1" ,"2","3"', 'W/"1", "2"'])
def test_a_write_of_the_current_version_succeeds(client: DatasetClient, item: Body, write: Any, tags: str) -> None:
    response = send(client, item, write, tags)

    ok(response)
    assert response.headers["ETag"] == ('"2"' if write[2] == {} else '"3"')


@each_write
@pytest.mark.parametrize(
    ("tags", "named"),
    [
        ('"1"', "1"),
        ('"3"', "3"),
        ('"22"', "22"),
        ('"1", "3"', "1 or 3"),
        ('W/"2"', 'W/"2"'),
        ('""', ""),
        ('"abc"', "abc"),
        ('"02"', "02"),
    ],
)
def test_a_stale_write_is_rejected(client: DatasetClient, item: Body, write: Any, tags: str, named: str) -> None:
    response = send(client, item, write, tags)

    assert list(response.json()) == ["type", "code", "detail", "attr", "current_version"]
    error = assert_error(response, 412, "stale_version")
    assert error["type"] == "invalid_request"
    assert error["detail"] == f"This item is at version 2, not {named}."
    assert error["current_version"] == 2
    assert response.headers["ETag"] == '"2"'
    assert "Dataset-Revision" not in response.headers
    assert ok(client.item(item)) == item
    assert client.head() == 2


@each_write
@pytest.mark.parametrize("tags", UNREADABLE)
def test_a_malformed_if_match_is_rejected(client: DatasetClient, item: Body, write: Any, tags: str) -> None:
    error = assert_error(send(client, item, write, tags), 400, "invalid_input", "If-Match")

    assert error["detail"] == "If-Match must be * or a list of entity tags."
    assert ok(client.item(item)) == item


@each_write
def test_an_unknown_item_comes_before_if_match(client: DatasetClient, write: Any) -> None:
    for tags in ('"1"', "*", ""):
        assert_not_found(send(client, {"id": NOWHERE}, write, tags))


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("PATCH", "", {"dataset": NOWHERE}),
        ("PATCH", "", {"ref_timestamp": "x"}),
        ("PATCH", "", []),
        ("PUT", "", {}),
        ("POST", "restore/", {"source_version": 99}),
        ("POST", "restore/", {"source_version": "x"}),
    ],
)
def test_if_match_comes_before_validation(client: DatasetClient, item: Body, method: str, rest: str, body: Any) -> None:
    path = client.item_path(item, rest)

    assert_error(client.api.ask(method, path, body, headers={"If-Match": '"1"'}), 412, "stale_version")
    assert client.api.ask(method, path, body, headers={"If-Match": '"2"'}).status_code == 400


def test_if_match_applies_to_archived_items(client: DatasetClient, item: Body) -> None:
    client.archive(item)

    for write in WRITES:
        assert_error(send(client, item, write, '"2"'), 412, "stale_version")
    ok(send(client, item, ("POST", "restore/", {}), '"3"'))


def test_archiving_twice_with_the_same_etag_is_stale(client: DatasetClient, item: Body) -> None:
    ok(send(client, item, ("POST", "archive/", None), '"2"'))

    assert_error(send(client, item, ("POST", "archive/", None), '"2"'), 412, "stale_version")
    ok(send(client, item, ("POST", "archive/", None), '"3"'))


def test_without_if_match_the_last_write_wins(client: DatasetClient, item: Body) -> None:
    client.patch(item, input="third")

    assert client.patch(item, input="fourth")["input"] == "fourth"


def test_creating_ignores_if_match(client: DatasetClient) -> None:
    for tags in ('"1"', "*", ""):
        response = client.api.post(client.items, {"dataset": client.dataset["id"]}, headers={"If-Match": tags})
        assert response.status_code == 201


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
class TestDatasets:
    def ask(self, client: DatasetClient, method: str, tags: str, body: Any = None) -> Any:
        body = {"name": "new"} if body is None else body
        return client.api.ask(method, client.path(), body, headers={"If-Match": tags})

    @pytest.mark.parametrize("tags", ['"1"', "*", '"0", "1"'])
    def test_a_write_of_the_current_version_succeeds(self, client: DatasetClient, method: str, tags: str) -> None:
        response = self.ask(client, method, tags)

        assert (ok(response)["name"], response.headers["ETag"]) == ("new", '"2"')

    @pytest.mark.parametrize(("tags", "named"), [('"2"', "2"), ('W/"1"', 'W/"1"'), ('"7", "8"', "7 or 8")])
    def test_a_stale_write_is_rejected(self, client: DatasetClient, method: str, tags: str, named: str) -> None:
        response = self.ask(client, method, tags)

        error = assert_error(response, 412, "stale_version")
        assert (error["detail"], error["current_version"]) == (f"This dataset is at version 1, not {named}.", 1)
        assert response.headers["ETag"] == '"1"'
        assert ok(client.api.get(client.path())) == client.dataset

    def test_a_write_of_an_item_does_not_make_the_dataset_stale(self, client: DatasetClient, method: str) -> None:
        client.new_item()

        ok(self.ask(client, method, '"1"'))

    @pytest.mark.parametrize("tags", UNREADABLE)
    def test_a_malformed_if_match_is_rejected(self, client: DatasetClient, method: str, tags: str) -> None:
        assert_error(self.ask(client, method, tags), 400, "invalid_input", "If-Match")

    def test_if_match_comes_after_404_and_before_validation(self, client: DatasetClient, method: str) -> None:
        missing = client.api.ask(method, f"{client.datasets}{NOWHERE}/", {"name": "x"}, headers={"If-Match": ""})

        assert_not_found(missing)
        assert_error(self.ask(client, method, '"2"', {"name": ""}), 412, "stale_version")
        assert_error(self.ask(client, method, '"1"', {"name": ""}), 400, "blank", "name")
