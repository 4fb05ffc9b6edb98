"""Lists with parameters beyond v1, over HTTP."""

from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.dataset_client import KEYS, PREFIXES, TESTSERVER, Body, DatasetClient, assert_error, ok

pytestmark = pytest.mark.django_db


def outputs(client: DatasetClient, **query: Any) -> list[Any]:
    """Return the outputs of the list of the client's dataset, whose count must be right."""
    page = ok(client.page("&" + urlencode(query)))
    assert page["count"] == len(page["results"])
    return [each["output"] for each in page["results"]]


@pytest.fixture
def five(client: DatasetClient) -> list[Body]:
    """Outputs 0 to 4; the last item is archived, and the first was written last."""
    made = [
        client.new_item(output=number, metadata={"n": number, "split": "test" if number % 2 else "train"})
        for number in range(5)
    ]
    client.archive(made[4])
    client.patch(made[0], ref_source_id="first")
    return made


# --- Results ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", PREFIXES)
def test_conditions_are_combined_under_both_prefixes(client: DatasetClient, five: list[Body], prefix: str) -> None:
    items = f"/api/{prefix}/{client.project_id}/dataset_items/"
    query = urlencode({"metadata__split": "test", "metadata__contains": '{"n": 3}', "search": "TEST", "deleted": "all"})

    for dataset in ("", f"&dataset={client.dataset['id']}"):
        page = ok(client.api.get(f"{items}?{query}{dataset}"))

        assert page == {"count": 1, "next": None, "previous": None, "results": [client.item(five[3]).json()]}


def test_an_empty_parameter_changes_nothing(client: DatasetClient, five: list[Body]) -> None:
    plain = ok(client.page())

    for name in ("search", "metadata__a", "deleted", "order_by", "fields", "strict", "created_at__gte", "id__in"):
        assert ok(client.page(f"&{name}=")) == plain


def test_deleted_false_is_the_default_as_in_v1(client: DatasetClient, five: list[Body]) -> None:
    assert ok(client.page("&deleted=false")) == ok(client.page())


def test_archived_items_are_listed(client: DatasetClient, five: list[Body]) -> None:
    assert outputs(client, deleted="true") == [4]
    assert outputs(client, deleted="all") == [4, 3, 2, 1, 0]
    assert outputs(client, deleted="all", order_by="created_at", metadata__split="train") == [0, 2, 4]


def test_lists_come_in_the_requested_order(client: DatasetClient, five: list[Body]) -> None:
    assert outputs(client, order_by="-created_at") == outputs(client) == [3, 2, 1, 0]
    assert outputs(client, order_by="created_at") == [0, 1, 2, 3]
    assert outputs(client, order_by="-updated_at") == [0, 3, 2, 1]
    assert outputs(client, order_by="updated_at") == [1, 2, 3, 0]


@pytest.mark.parametrize("order", ["created_at", "-created_at", "updated_at", "-updated_at"])
@pytest.mark.parametrize("more", [{}, {"deleted": "all"}, {"search": "t"}, {"fields": "output"}])
def test_pages_are_parts_of_the_same_list(
    client: DatasetClient, five: list[Body], order: str, more: dict[str, str]
) -> None:
    query = "&" + urlencode({"order_by": order, **more})
    whole = ok(client.page(query))

    for offset in range(whole["count"] + 2):
        page = ok(client.page(f"{query}&limit=2&offset={offset}"))

        assert page["count"] == whole["count"]
        assert page["results"] == whole["results"][offset : offset + 2]
        assert (page["next"] is None) == (offset + 2 >= whole["count"])


def test_deep_pages_are_parts_of_the_same_list(
    client: DatasetClient, five: list[Body], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("items.queries.DEEP_OFFSET", 0)

    test_pages_are_parts_of_the_same_list(client, five, "created_at", {})
    test_pages_are_parts_of_the_same_list(client, five, "-created_at", {"fields": "output"})


# --- Fields ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KEYS)
def test_each_field_can_be_requested_alone(client: DatasetClient, five: list[Body], name: str) -> None:
    whole, now = client.results(), f"&revision={client.head()}"

    for more in ("", "&deleted=false&search=split", now, f"{now}&order_by=-created_at&search=split"):
        assert client.results(f"&fields={name}{more}") == [{name: each[name]} for each in whole]


def test_fields_come_in_the_order_of_the_items_keys(client: DatasetClient, five: list[Body]) -> None:
    [first, *_] = client.results("&fields=output,%20metadata,id,,id&limit=1")

    assert list(first) == ["id", "output", "metadata"]
    assert list(client.results(f"&fields={','.join(KEYS)}&limit=1")[0]) == list(KEYS)


# --- The past --------------------------------------------------------------------------------------------------------


def test_past_lists_take_the_same_parameters(client: DatasetClient, five: list[Body]) -> None:
    revision = client.head()
    before = {query: ok(client.page(query)) for query in PAST_QUERIES}
    client.patch(five[1], metadata={"split": "other"}, output="new")
    client.archive(five[2])
    client.new_item(output=9, metadata={"split": "test", "n": 3})
    client.move(five[3], client.new_dataset())

    for query, page in before.items():
        at = f"&revision={revision}{query}"
        assert ok(client.page(at))["results"] == page["results"], query
        assert ok(client.page(at))["count"] == page["count"], query


PAST_QUERIES = [
    "",
    "&search=TEST",
    "&metadata__split=test",
    "&metadata__split=test&order_by=updated_at",
    "&metadata__contains=%7B%22n%22%3A3%7D&limit=1",
    "&order_by=created_at",
    "&order_by=created_at&limit=1&offset=1",
    "&order_by=created_at&limit=1&offset=3",
    "&order_by=-updated_at&limit=2&offset=1",
    "&order_by=-updated_at&limit=2&offset=1&fields=id,output",
    "&fields=output,created_by&limit=1",
    "&ref_source_id=first",
    "&ref_source_id=second",
    "&deleted=false",
]


def test_archived_items_of_a_past_revision_cannot_be_listed(client: DatasetClient, five: list[Body]) -> None:
    for deleted in ("true", "all"):
        assert_error(client.page(f"&revision=3&deleted={deleted}"), 400, "invalid_input", "deleted")
        assert_error(client.page(f"&as_of=2030-01-01&search=a&deleted={deleted}"), 400, "invalid_input", "deleted")


def test_nothing_is_found_before_the_first_revision(client: DatasetClient, five: list[Body]) -> None:
    for query in ("", "&search=t", "&order_by=created_at", "&cursor=", "&cursor=&search=t", "&order_by=updated_at"):
        page = ok(client.page(f"&as_of=2020-01-01{query}"))

        assert page == {"count": 0, "next": None, "previous": None, "results": []}


# --- ETags -----------------------------------------------------------------------------------------------------------


def test_the_etag_of_a_filtered_list_changes_with_its_items(client: DatasetClient, five: list[Body]) -> None:
    archived = five[4]

    def tag(query: str) -> str:
        return str(client.page(query).headers["ETag"])

    def same(query: str, etag: str) -> bool:
        response = client.api.get(
            f"{client.items}?dataset={client.dataset['id']}{query}", headers={"If-None-Match": etag}
        )
        return int(response.status_code) == 304

    for query in ("&deleted=true", "&deleted=all&search=t", "&order_by=-updated_at", "&cursor=", "&fields=updated_at"):
        for write in (
            lambda: client.patch(archived, output="written in the trash"),
            lambda: client.patch(archived),
            lambda: client.patch(five[1]),
            lambda: client.restore(archived),
            lambda: client.archive(archived),
            lambda: client.new_item(deleted=True),
        ):
            before = tag(query)
            assert same(query, before)
            write()
            assert not same(query, before), query
        client.patch(archived, output=4)


def test_a_past_list_by_updated_at_follows_writes_without_effect(client: DatasetClient, five: list[Body]) -> None:
    query = f"&revision={client.head()}&order_by=-updated_at&fields=output"
    first = client.page(query)

    client.patch(five[2])
    second = client.api.get(
        f"{client.items}?dataset={client.dataset['id']}{query}", headers={"If-None-Match": first.headers["ETag"]}
    )

    assert [each["output"] for each in ok(second)["results"]] == [2, 0, 3, 1]


def test_a_bad_value_comes_before_a_304(client: DatasetClient, five: list[Body]) -> None:
    path = f"{client.items}?dataset={client.dataset['id']}"

    assert_error(
        client.api.get(f"{path}&order_by=x", headers={"If-None-Match": "*"}), 400, "invalid_choice", "order_by"
    )


# --- Errors ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "code", "attr"),
    [
        ("order_by=name", "invalid_choice", "order_by"),
        ("order_by=created_at,updated_at", "invalid_choice", "order_by"),
        ("fields=id,nope", "invalid_choice", "fields"),
        ("fields=*", "invalid_choice", "fields"),
        ("strict=maybe", "invalid_input", "strict"),
        ("cursor=x", "invalid_input", "cursor"),
        ("cursor=%00", "invalid_input", "cursor"),
        ("cursor=&offset=1", "invalid_input", "offset"),
        ("search=%00", "null_characters_not_allowed", "search"),
        ("metadata__contains=x", "invalid_input", "metadata__contains"),
        ("metadata__a%00=x", "null_characters_not_allowed", "metadata__a\0"),
        ("created_at__gt=yesterday", "invalid_input", "created_at__gt"),
        ("created_by=me", "invalid_input", "created_by"),
        ("id__in=1", "invalid_input", "id__in"),
        ("deleted=maybe", "invalid_choice", "deleted"),
        ("strict=true&metadata_contains=x", "unknown_parameter", "metadata_contains"),
        ("strict=true&version=1", "unknown_parameter", "version"),
        ("strict=true&Search=", "unknown_parameter", "Search"),
    ],
)
def test_an_invalid_value_is_rejected_and_names_its_parameter(
    client: DatasetClient, query: str, code: str, attr: str
) -> None:
    for path in (f"{client.items}?", f"{client.items}?dataset={client.dataset['id']}&"):
        assert_error(client.api.get(path + query), 400, code, attr)
        assert_error(client.api.get(f"{path}{query}&revision=0&dataset={client.dataset['id']}"), 400, code, attr)


def test_unknown_names_are_ignored_by_default(client: DatasetClient, five: list[Body]) -> None:
    plain = ok(client.page())

    assert ok(client.page("&zeta=1&metadata__=2&strict=false"))["results"] == plain["results"]


def test_all_names_are_known(client: DatasetClient, five: list[Body]) -> None:
    query = {
        "dataset": client.dataset["id"],
        "revision": "7",
        "limit": "10",
        "offset": "",
        "format": "json",
        "as_of": "",
        "personal_api_key": "x",
        "strict": "true",
        "fields": "id",
        "order_by": "-updated_at",
        "cursor": "",
        "search": "train",
        "metadata__contains": "{}",
        "metadata__n": "2",
        "input__contains": "",
        "output__contains": "2",
        "ref_trace_id": "",
        "ref_source_id": "",
        "created_by": str(client.people.owner.uuid),
        "id__in": five[2]["id"],
        "deleted": "false",
        **{f"{column}_at__{word}": "2020-01-01" for column in ("created", "updated") for word in ("gt", "gte")},
        **{f"{column}_at__{word}": "2099-01-01" for column in ("created", "updated") for word in ("lt", "lte")},
    }

    page = ok(client.api.get(f"{client.items}?{urlencode(query)}"))

    assert page == {"count": 1, "next": None, "previous": None, "results": [{"id": five[2]["id"]}]}


def test_a_revision_still_needs_a_dataset(client: DatasetClient) -> None:
    assert_error(client.api.get(f"{client.items}?revision=1&search=a"), 400, "required", "dataset")


# --- Datasets --------------------------------------------------------------------------------------------------------


def test_the_list_of_datasets_can_be_strict_too(client: DatasetClient) -> None:
    known = f"search=gold&order_by=-created_at&id__in={client.dataset['id']}&limit=1&offset=0&format=json"

    assert ok(client.api.get(f"{client.datasets}?{known}&strict=true"))["count"] == 1
    assert ok(client.api.get(f"{client.datasets}?{known}&strict=false&serach=x"))["count"] == 1
    assert_error(client.api.get(f"{client.datasets}?strict=true&serach=x"), 400, "unknown_parameter", "serach")
    assert_error(
        client.api.get(f"{client.datasets}?strict=true&metadata__a=x"), 400, "unknown_parameter", "metadata__a"
    )
    assert_error(client.api.get(f"{client.datasets}?strict=x"), 400, "invalid_input", "strict")


# --- Access ----------------------------------------------------------------------------------------------------------


def test_strangers_find_nothing(client: DatasetClient, five: list[Body]) -> None:
    query = f"search=t&deleted=all&ref_source_id=first&id__in={five[0]['id']}"

    assert ok(client.colleague.get(f"{client.items}?{query}"))["count"] == 1
    assert client.stranger.get(f"{client.items}?{query}").status_code == 403
    abroad = f"/api/projects/{client.people.foreign_project.id}/dataset_items/"
    assert ok(client.stranger.get(f"{abroad}?{query}"))["count"] == 0
    assert_error(
        client.stranger.get(f"{abroad}?{query}&dataset={client.dataset['id']}"), 400, "invalid_choice", "dataset"
    )


def test_links_keep_the_requested_parameters(client: DatasetClient, five: list[Body]) -> None:
    text = quote('te "s" & t', safe="")
    page = ok(client.page(f"&search=t&limit=1&metadata__n=&zeta={text}"))

    path = f"{TESTSERVER}{client.items}?dataset={client.dataset['id']}&limit=1&metadata__n="
    assert page["next"] == f"{path}&offset=1&search=t&zeta={text.replace('%20', '+')}"
