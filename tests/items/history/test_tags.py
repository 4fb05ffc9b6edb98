"""Tags: names for revisions."""

from datetime import UTC
from typing import Any

import pytest

from items.models import DatasetTag
from tests.api import Api
from tests.dataset_client import (
    NOWHERE,
    PREFIXES,
    DatasetClient,
    assert_error,
    assert_not_found,
    needs_scope_to_read,
    ok,
)
from tests.people import key
from tests.rows import dataset


@pytest.fixture
def tagged(client: DatasetClient) -> DatasetClient:
    """A dataset at revision 3 whose tag `golden` names revision 2."""
    client.new_item()
    client.new_item()
    client.new_item()
    assert client.tag("golden", 2).status_code == 201
    return client


def move(client: DatasetClient, revision: Any, if_match: str | None = None, **more: Any) -> Any:
    headers = {"If-Match": if_match} if if_match is not None else {}
    return client.api.put(client.path("tags/golden/"), {"revision": revision, **more}, headers=headers)


def revision_of(client: DatasetClient, name: str = "golden") -> int:
    return int(DatasetTag.objects.get(name=name, dataset_id=client.dataset["id"]).revision)


def test_a_tag_is_created(client: DatasetClient) -> None:
    client.new_item()
    client.new_item()

    response = client.tag("golden", 2)

    assert (response.status_code, response.json()) == (201, {"name": "golden", "revision": 2})
    assert list(response.json()) == ["name", "revision"]
    assert response.headers["ETag"] == '"2"'
    assert revision_of(client) == 2
    tag = DatasetTag.objects.get(name="golden")
    assert (tag.created_by_id, tag.created_at.tzinfo) == (client.people.owner.id, UTC)


def test_each_write_of_a_tag_returns_the_datasets_revision(tagged: DatasetClient) -> None:
    path = tagged.path("tags/golden/")
    responses = [
        tagged.tag("silver", 1),
        tagged.tag("golden", 2),
        tagged.tag("golden", 1, force=True),
        tagged.api.delete(path),
    ]

    assert [response.headers["Dataset-Revision"] for response in responses] == ["3"] * 4


def test_tagging_the_same_revision_again_changes_nothing(tagged: DatasetClient) -> None:
    response = tagged.tag("golden", 2)

    assert (response.status_code, response.json()) == (200, {"name": "golden", "revision": 2})
    assert response.headers["ETag"] == '"2"'


def test_a_tag_makes_no_revision(tagged: DatasetClient) -> None:
    tagged.tag("golden", 1, force=True)
    tagged.api.delete(tagged.path("tags/golden/"))

    assert tagged.head() == 3
    assert tagged.api.get(tagged.path()).headers["ETag"] == '"1"'


def test_a_tag_is_not_moved_by_accident(tagged: DatasetClient) -> None:
    response = move(tagged, 3)

    error = assert_error(response, 409, "tag_exists")
    assert (error["type"], error["detail"]) == (
        "invalid_request",
        "Tag golden names revision 2. Move it with If-Match or force.",
    )
    assert revision_of(tagged) == 2


@pytest.mark.parametrize("if_match", ['"2"', '"1", "2"', "*", ' "2" '])
def test_a_tag_is_moved_with_if_match(tagged: DatasetClient, if_match: str) -> None:
    response = move(tagged, 3, if_match)

    assert (ok(response), response.headers["ETag"]) == ({"name": "golden", "revision": 3}, '"3"')
    assert revision_of(tagged) == 3


def test_a_tag_is_moved_by_force(tagged: DatasetClient) -> None:
    assert ok(move(tagged, 1, force=True)) == {"name": "golden", "revision": 1}
    assert revision_of(tagged) == 1


def test_force_false_moves_nothing(tagged: DatasetClient) -> None:
    assert_error(move(tagged, 3, force=False), 409, "tag_exists")


@pytest.mark.parametrize(("if_match", "named"), [('"1"', "1"), ('"1", "3"', "1 or 3"), ('W/"2"', 'W/"2"'), ('""', "")])
@pytest.mark.parametrize("body", [{"revision": 3}, {"revision": 3, "force": True}, {"revision": 2}, {}])
def test_a_stale_if_match_moves_nothing(tagged: DatasetClient, if_match: str, named: str, body: Any) -> None:
    response = tagged.api.put(tagged.path("tags/golden/"), body, headers={"If-Match": if_match})

    error = assert_error(response, 412, "stale_version")
    assert error["detail"] == f"This tag is at revision 2, not {named}."
    assert error["current_version"] == 2
    assert response.headers["ETag"] == '"2"'
    assert revision_of(tagged) == 2


@pytest.mark.parametrize("if_match", ["", "2", '"2" "3"', '"2', "*, *"])
def test_a_malformed_if_match_moves_nothing(tagged: DatasetClient, if_match: str) -> None:
    assert_error(move(tagged, 3, if_match), 400, "invalid_input", "If-Match")
    assert revision_of(tagged) == 2


def test_an_absent_tag_matches_nothing(client: DatasetClient) -> None:
    for if_match in ('"1"', "*"):
        assert_not_found(move(client, 1, if_match))
    assert not DatasetTag.objects.exists()


# --- Names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a", "x" * 64, "1a", "v1.0.json", "2026-01-05", "...", "-", "_", ".", "--"])
def test_valid_names_are_accepted(client: DatasetClient, name: str) -> None:
    client.new_item()
    assert client.tag(name, 1).json() == {"name": name, "revision": 1}
    assert client.page(f"&revision={name}").headers["Dataset-Revision"] == "1"
    assert client.api.delete(client.path(f"tags/{name}/")).status_code == 204


@pytest.mark.parametrize("name", ["1", "0", "12345", "A", "x" * 65, "a%20b", "%00", "é", "a%0A", "1%0A", "a:b", "%3F"])
def test_invalid_names_are_rejected(client: DatasetClient, name: str) -> None:
    assert_error(client.tag(name, 1), 400, "invalid_input", "name")
    assert_not_found(client.api.delete(client.path(f"tags/{name}/")))


@pytest.mark.parametrize("name", ["a%2Fb", "", "a/b"])
def test_an_empty_name_or_one_with_a_slash_is_not_found(client: DatasetClient, name: str) -> None:
    assert client.tag(name, 1).status_code == 404


def test_names_are_unique_only_within_a_dataset(tagged: DatasetClient) -> None:
    other = tagged.new_dataset()
    tagged.new_item(other)

    assert tagged.tag("golden", 1, of=other).status_code == 201
    assert revision_of(tagged) == 2


def test_a_revision_may_have_several_names(tagged: DatasetClient) -> None:
    assert tagged.tag("silver", 2).status_code == 201
    assert [each["tags"] for each in tagged.revisions()] == [[], ["golden", "silver"], []]


# --- Bodies ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "code", "attr"),
    [
        (None, "required", "revision"),
        ({}, "required", "revision"),
        ({"revision": None}, "null", "revision"),
        ({"revision": "X"}, "invalid_input", "revision"),
        ({"revision": True}, "invalid_input", "revision"),
        ({"revision": 1.5}, "invalid_input", "revision"),
        ({"revision": 0}, "min_value", "revision"),
        ({"revision": -1}, "min_value", "revision"),
        ({"revision": 1, "force": "perhaps"}, "invalid_input", "force"),
        ({"revision": 1, "force": None}, "null", "force"),
        ([], "invalid_input", None),
        ("{", "parse_error", None),
    ],
)
def test_an_invalid_body_tags_nothing(tagged: DatasetClient, body: Any, code: str, attr: str | None) -> None:
    assert_error(tagged.api.put(tagged.path("tags/new/"), body), 400, code, attr)

    assert DatasetTag.objects.count() == 1


def test_a_tag_names_the_revision_of_another_name(tagged: DatasetClient) -> None:
    assert tagged.tag("approved", "golden").json() == {"name": "approved", "revision": 2}
    assert tagged.tag("newest", "latest").json() == {"name": "newest", "revision": 3}
    assert tagged.tag("first", "1").json() == {"name": "first", "revision": 1}
    assert ok(move(tagged, "latest", force=True)) == {"name": "golden", "revision": 3}
    assert revision_of(tagged, "approved") == 2


def test_the_empty_dataset_takes_no_tag(client: DatasetClient) -> None:
    assert_error(client.tag("first", "latest"), 400, "min_value", "revision")


@pytest.mark.parametrize("revision", [4, 2**63 - 1, 2**63, "no-such-tag"])
def test_an_unknown_revision_is_not_tagged(tagged: DatasetClient, revision: Any) -> None:
    assert_not_found(tagged.tag("new", revision))

    assert DatasetTag.objects.count() == 1


# --- Removing --------------------------------------------------------------------------------------------------------


def test_a_tag_is_removed(tagged: DatasetClient) -> None:
    response = tagged.api.delete(tagged.path("tags/golden/"))

    assert (response.status_code, response.content) == (204, b"")
    assert not DatasetTag.objects.exists()
    assert_not_found(tagged.page("&revision=golden"))


def test_an_absent_tag_is_not_removed(tagged: DatasetClient) -> None:
    assert_not_found(tagged.api.delete(tagged.path("tags/silver/")))
    assert_not_found(tagged.api.delete(tagged.path("tags/golden/", tagged.new_dataset())))
    assert revision_of(tagged) == 2


def test_a_removed_name_is_free(tagged: DatasetClient) -> None:
    tagged.api.delete(tagged.path("tags/golden/"))

    assert tagged.tag("golden", 3).status_code == 201


# --- Access ----------------------------------------------------------------------------------------------------------


def test_an_unknown_dataset_has_no_tags(client: DatasetClient) -> None:
    elsewhere = [dataset(client.people.foreign_project).id, dataset(client.people.sibling).id]

    for dataset_id in (NOWHERE, "abc", *elsewhere):
        path = f"{client.datasets}{dataset_id}/tags/golden/"
        assert_not_found(client.api.put(path, {"revision": 1}))
        assert_not_found(client.api.put(path, {}))
        assert_not_found(client.api.delete(path))
    assert not DatasetTag.objects.exists()


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("end", ["", "/"])
def test_tags_are_created_and_removed_under_both_prefixes(client: DatasetClient, prefix: str, end: str) -> None:
    client.new_item()
    path = f"/api/{prefix}/{client.project_id}/datasets/{client.dataset['id']}/tags/golden{end}"

    assert client.api.put(path, {"revision": 1}).status_code == 201
    assert client.api.delete(path).status_code == 204


def test_tagging_needs_the_write_scope(tagged: DatasetClient) -> None:
    reader, writer = (Api(key(tagged.people.owner, scope)) for scope in ("dataset:read", "dataset:write"))
    path = tagged.path("tags/silver/")

    assert reader.put(path, {"revision": 1}).status_code == 403
    assert reader.delete(tagged.path("tags/golden/")).status_code == 403
    assert tagged.stranger.put(path, {"revision": 1}).status_code == 403
    assert tagged.stranger.delete(tagged.path("tags/golden/")).status_code == 403
    assert writer.put(path, {"revision": 1}).status_code == 201
    assert writer.delete(path).status_code == 204
    assert revision_of(tagged) == 2


# --- Reads -----------------------------------------------------------------------------------------------------------


def test_tags_are_listed_by_name(client: DatasetClient) -> None:
    client.new_item()
    client.new_item()
    for name, revision in (("release", 2), ("baseline", 1), ("c.json", 2)):
        assert client.tag(name, revision).status_code == 201

    for response in client.spellings("tags"):
        page = ok(response)
        assert [(each["name"], each["revision"]) for each in page["results"]] == [
            ("baseline", 1), ("c.json", 2), ("release", 2),
        ]  # fmt: skip
        assert (page["count"], page["next"], page["previous"]) == (3, None, None)
    first = page["results"][0]
    assert list(first) == ["name", "revision", "created_at", "created_by"]
    assert first["created_by"]["email"] == client.people.owner.email
    second = ok(client.api.get(client.path("tags/?limit=1&offset=1")))
    assert [each["name"] for each in second["results"]] == ["c.json"]
    assert "limit=1" in second["next"]


def test_a_tag_is_shown_with_its_revision_as_etag(client: DatasetClient) -> None:
    client.new_item()
    client.tag("golden", 1)
    path = client.path("tags/golden/")

    shown = client.api.get(path)

    assert list(ok(shown)) == ["name", "revision", "created_at", "created_by"]
    assert shown.headers["ETag"] == '"1"'
    assert client.api.get(path, headers={"If-None-Match": '"1"'}).status_code == 304
    for unknown in ("silver", "UPPER", "123", "%00"):
        assert_not_found(client.api.get(client.path(f"tags/{unknown}/")))


def test_only_members_with_the_read_scope_read_tags(client: DatasetClient) -> None:
    client.new_item()
    client.tag("golden", 1)
    other = client.new_dataset("Other")

    for below in ("tags/", "tags/golden/"):
        path = client.path(below)
        ok(client.colleague.get(path))
        assert client.stranger.get(path).status_code == 403
        needs_scope_to_read(client, path)
    assert ok(client.api.get(client.path("tags/", other)))["results"] == []
    assert_not_found(client.api.get(client.path("tags/golden/", other)))
    assert_not_found(client.api.get(client.path("tags/", {"id": NOWHERE})))
