"""Datasets in the later API."""

import json
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid5

import pytest

from tests.dataset_client import NOWHERE, assert_error, assert_not_found, created, ok
from tests.posthog_v2.v2_client import V2Client

KEYS = [
    "id", "name", "description", "metadata", "tags", "archived", "current_revision", "current_revision_id",
    "created_at", "updated_at", "created_by", "team_id", "user_access_level",
]  # fmt: skip


def ids(response: Any) -> list[str]:
    return [each["id"] for each in ok(response)["results"]]


def test_a_dataset_has_its_keys_in_order(v2: V2Client) -> None:
    made = v2.new_dataset("  Mine ")

    assert list(made) == KEYS
    assert (made["name"], made["description"], made["metadata"], made["tags"]) == ("Mine", "", {}, [])
    assert (made["current_revision"], made["current_revision_id"], made["archived"]) == (None, None, False)
    assert (made["team_id"], made["user_access_level"]) == (v2.project_id, "editor")
    assert made["created_by"]["email"] == v2.people.owner.email
    assert ok(v2.api.get(v2.path(of=made))) == made
    v1 = ok(v2.api.get(v2.v1.path(of=made)))
    assert (v1["name"], v1["description"], v1["metadata"], v1["deleted"]) == ("Mine", None, None, False)


def test_a_user_with_the_read_scope_is_a_viewer(v2: V2Client) -> None:
    reader = v2.with_key(v2.people.colleague, "dataset:read")

    assert ok(reader.get(v2.path()))["user_access_level"] == "viewer"
    assert {each["user_access_level"] for each in ok(reader.get(v2.datasets))["results"]} == {"viewer"}


def test_items_update_a_dataset_and_its_own_fields_make_no_revision(v2: V2Client) -> None:
    before = v2.state()
    ok(v2.api.patch(v2.path(), {"description": "d", "metadata": {"a": 1}, "tags": ["b"]}))
    renamed = v2.state()
    assert (renamed["current_revision"], renamed["description"], renamed["metadata"]) == (None, "d", {"a": 1})
    assert renamed["updated_at"] > before["updated_at"]

    v2.new_item()
    moved = v2.state()

    assert moved["current_revision"] == 1
    assert moved["current_revision_id"] == str(uuid5(UUID(moved["id"]), "1"))
    assert moved["updated_at"] > renamed["updated_at"]


@pytest.mark.parametrize(
    ("body", "code", "attr"),
    [
        ({}, "required", "name"),
        ({"name": "  "}, "blank", "name"),
        ({"name": None}, "null", "name"),
        ({"name": "x" * 401}, "max_length", "name"),
        ({"name": "x", "description": None}, "null", "description"),
        ({"name": "x", "description": "x" * 10_001}, "max_length", "description"),
        ({"name": "x", "description": "\0"}, "null_characters_not_allowed", "description"),
        ({"name": "x", "metadata": [1]}, "invalid_input", "metadata"),
        ({"name": "x", "metadata": None}, "null", "metadata"),
        ({"name": "x", "metadata": {"a": "\0"}}, "null_characters_not_allowed", "metadata"),
        ({"name": "x", "tags": "a"}, "not_a_list", "tags"),
        ({"name": "x", "tags": None}, "null", "tags"),
        ({"name": "x", "tags": [1]}, "invalid_input", "tags"),
        ({"name": "x", "tags": [" "]}, "invalid_input", "tags"),
        ({"name": "x", "tags": ["x" * 256]}, "invalid_input", "tags"),
        ({"name": "x", "tags": ["a\0"]}, "null_characters_not_allowed", "tags"),
        ({"name": "x", "tags": [str(number) for number in range(101)]}, "max_length", "tags"),
        ([], "invalid_input", None),
    ],
)
def test_an_invalid_dataset_is_rejected(v2: V2Client, body: Any, code: str, attr: str | None) -> None:
    assert_error(v2.api.post(v2.datasets, body), 400, code, attr)
    if body:
        assert_error(v2.api.patch(v2.path(), body), 400, code, attr)


def test_the_first_unknown_member_is_rejected(v2: V2Client) -> None:
    for method, path in (("POST", v2.datasets), ("PATCH", v2.path()), ("POST", v2.path("exports/"))):
        error = assert_error(
            v2.api.ask(method, path, {"zoo": 1, "deleted": True, "id": 1}), 400, "invalid_input", "deleted"
        )
        assert (error["type"], error["detail"]) == ("validation_error", "This field is not supported.")


def test_a_name_may_have_400_characters_and_a_description_10000(v2: V2Client) -> None:
    made = v2.new_dataset("x" * 400, description=" " + "x" * 9_999)

    assert (len(made["name"]), len(made["description"])) == (400, 10_000)


def test_tags_are_trimmed_lowercased_sorted_and_unique(v2: V2Client) -> None:
    made = v2.new_dataset("x", tags=[" B ", "a", "b", "É"])

    assert made["tags"] == ["a", "b", "é"]
    assert ok(v2.api.patch(v2.path(of=made), {"tags": []}))["tags"] == []


def test_archiving_and_restoring_are_idempotent_and_take_no_body(v2: V2Client) -> None:
    for _ in range(2):
        assert ok(v2.api.post(v2.path("archive/")))["archived"] is True
    assert v2.api.get(v2.v1.path()).status_code == 404
    assert v2.state()["archived"] is True
    for _ in range(2):
        assert ok(v2.api.post(v2.path("restore/"), {}))["archived"] is False
    assert_not_found(v2.api.post(v2.path("archive/", {"id": NOWHERE})))


# --- Lists -----------------------------------------------------------------------------------------------------------


def test_a_list_is_filtered_ordered_and_paged(v2: V2Client) -> None:
    made = {name: v2.new_dataset(name, tags=[name[0], "all"])["id"] for name in ("beta", "gamma", "50%_x")}
    golden = v2.dataset["id"]
    everything = [made["50%_x"], made["gamma"], made["beta"], golden]

    assert ids(v2.api.get(v2.datasets)) == everything
    for query, expected in (
        ("order_by=created_at", everything[::-1]),
        ("order_by=-created_at&limit=2&offset=1", everything[1:3]),
        ("search=GAM", [made["gamma"]]),
        ("search=%25_", [made["50%_x"]]),
        (f"id__in={golden},{made['beta']}", [made["beta"], golden]),
        (f"id__in={golden}&id__in={made['beta']}", [made["beta"], golden]),
        ('tags=["b","g"]', [made["gamma"], made["beta"]]),
        ('tags=["B ","all"]&tag_match=all', [made["beta"]]),
        ("tags=[]&tag_match=all", everything),
        ("tags=[]", everything),
        ("archived=true", []),
        ("unknown=1&archived=false", everything),
    ):
        assert ids(v2.api.get(f"{v2.datasets}?{quote(query, safe='=&%')}")) == expected, query
    v2.archive_dataset({"id": made["beta"]})
    assert ids(v2.api.get(f"{v2.datasets}?archived=true")) == [made["beta"]]
    assert ids(v2.api.get(v2.datasets)) == [everything[0], everything[1], golden]


def test_search_includes_description_and_metadata(v2: V2Client) -> None:
    described = v2.new_dataset("a", description="Some words")["id"]
    other = v2.new_dataset("b", metadata={"owner": "WORDsmith"})["id"]

    assert ids(v2.api.get(f"{v2.datasets}?search=word")) == [other, described]


def test_writes_of_items_affect_the_order_by_updated_at(v2: V2Client) -> None:
    other = v2.new_dataset("other")
    v2.new_item()

    assert ids(v2.api.get(f"{v2.datasets}?order_by=-updated_at")) == [v2.dataset["id"], other["id"]]


def test_pages_have_50_datasets_and_at_most_100(v2: V2Client) -> None:
    links = {
        query: ok(v2.api.get(f"{v2.datasets}?offset=1{query}"))["previous"].partition("?")[2]
        for query in ("", "&limit=100", "&limit=101", "&limit=0", "&limit=x")
    }

    assert links == {"": "limit=50", "&limit=100": "limit=100", "&limit=101": "limit=100", "&limit=0": "limit=50",
                     "&limit=x": "limit=50"}  # fmt: skip
    beyond = ok(v2.api.get(f"{v2.datasets}?offset=5"))
    assert (beyond["count"], beyond["next"], beyond["results"]) == (1, None, [])


@pytest.mark.parametrize(
    ("query", "code", "attr"),
    [
        ("search=", "blank", "search"),
        ("search=%20", "blank", "search"),
        ("search=%00", "null_characters_not_allowed", "search"),
        ("search=" + "x" * 1001, "max_length", "search"),
        ("order_by=name", "invalid_choice", "order_by"),
        ("order_by=", "invalid_choice", "order_by"),
        ("archived=maybe", "invalid_input", "archived"),
        ("id__in=", "invalid_input", "id__in"),
        ("id__in=x", "invalid_input", "id__in"),
        ("id__in=" + ",".join([NOWHERE] * 101), "max_length", "id__in"),
        ("tags=a", "invalid_input", "tags"),
        ("tags=" + quote('{"a": 1}'), "invalid_input", "tags"),
        ("tags=" + quote("[1]"), "invalid_input", "tags"),
        ("tags=" + quote(json.dumps(["x"] * 21)), "max_length", "tags"),
        ("tag_match=some", "invalid_choice", "tag_match"),
        ("strict=true&unknown=1", "unknown_parameter", "unknown"),
    ],
)
def test_an_invalid_parameter_of_a_list_is_rejected(v2: V2Client, query: str, code: str, attr: str) -> None:
    assert_error(v2.api.get(f"{v2.datasets}?{query}"), 400, code, attr)


def test_revisions_are_listed_newest_first(v2: V2Client) -> None:
    item = v2.new_item()
    ok(v2.v1.colleague.patch(v2.v1.item_path(item), {"output": 1}))
    page = ok(v2.api.get(v2.path("revisions/")))

    assert page["count"] == 2
    newest, oldest = page["results"]
    assert list(newest) == ["id", "dataset_id", "revision", "created_at", "created_by", "team_id"]
    assert (newest["revision"], oldest["revision"]) == (2, 1)
    assert newest["id"] == v2.state()["current_revision_id"]
    assert newest["created_by"]["email"] == v2.people.colleague.email
    empty = v2.new_dataset("empty")
    assert ok(v2.api.get(v2.path("revisions/", empty)))["results"] == []
    assert_not_found(v2.api.get(v2.path("revisions/", {"id": NOWHERE})))


def test_an_etag_names_a_dataset_with_its_revision(v2: V2Client) -> None:
    first = v2.api.get(v2.path())
    tag = first.headers["ETag"]
    assert v2.api.get(v2.path(), headers={"If-None-Match": tag}).status_code == 304

    v2.new_item()

    assert v2.api.get(v2.path(), headers={"If-None-Match": tag}).status_code == 200
    changed = v2.api.patch(v2.path(), {"description": "d"}, headers={"If-Match": tag})
    assert changed.status_code == 200
    assert v2.api.patch(v2.path(), {"description": "e"}, headers={"If-Match": tag}).status_code == 412
    assert (
        v2.api.patch(v2.path(), {"description": "e"}, headers={"If-Match": changed.headers["ETag"]}).status_code == 200
    )


def test_both_prefixes_and_spellings_lead_to_a_dataset(v2: V2Client) -> None:
    for project in (f"projects/{v2.project_id}", f"environments/{v2.project_id}", "projects/@current"):
        for end in ("", "/"):
            path = f"/v2/api/{project}/datasets/{v2.dataset['id'].upper()}{end}"
            assert ok(v2.api.get(path)) == v2.dataset
    assert created(v2.api.post(v2.datasets.rstrip("/"), {"name": "x"}))
