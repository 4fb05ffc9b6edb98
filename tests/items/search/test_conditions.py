"""The meaning of the parameters, over rows of every kind."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.serializers import ValidationError

from auth.models import User
from database.query import fetch_all
from items.rows import DatasetRow
from items.search.conditions import DeletedFilter, parse_conditions
from tests.people import make_user, organization, project
from tests.rows import dataset, item

pytestmark = pytest.mark.django_db


@pytest.fixture
def target() -> DatasetRow:
    return dataset(project("First", organization("Home")))


def matches(target: DatasetRow, **parameters: str) -> set[Any]:
    """Return the ref_source_ids of the matching items, or the ids of those without."""
    conditions = parse_conditions(parameters)
    rows = fetch_all(
        f"SELECT i.ref_source_id, i.id FROM dataset_item i WHERE i.team_id = %(project_id)s AND {conditions.sql}",
        conditions.parameters | {"project_id": target.team_id, "dataset_id": target.id},
    )
    return {name or item_id for name, item_id in rows}


def error_of(**parameters: str) -> tuple[str, str]:
    """Return the name and the code of the error."""
    with pytest.raises(ValidationError) as caught:
        parse_conditions(parameters, is_strict=True)
    [(name, [detail])] = caught.value.detail.items()  # type: ignore[union-attr]
    return name, detail.code


# --- Search ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ('{"Question":"What is it?"}', "question"),
        ('{"q":"What IS it?"}', "what is"),
        ('{"q":"École"}', "éCOLE"),
        ('"ΟΔΟΣ"', "οδος"),
        ('"οδός"', "ΟΔΌΣ"),
        ('"STRASSE straße"', "STRAßE"),
        ('{"n":1.50e2}', "1.50E2"),
        ('{"n":1.50e2}', "50e"),
        ("[-17]", "-17"),
        (r'"he said \"hi\" to me"', 'said "HI" to'),
        (r'"C:\\Users\\me"', r"c:\users"),
        (r'"one\ntwo"', "one\ntwo"),
        (r'"one\ttwo\f"', "\ttwo\f"),
        (r'"http:\/\/x.org/a"', "http://x.org/a"),
        (r'"http://x.org\/a"', "//x.org/a"),
        (r'"a\\/b"', r"a\/b"),
        (r'"\u0001x"', "\x01X"),
        ('"100%"', "0%"),
        ('"a_b"', "a_b"),
        ('"(.*)+[x]{2}^$|?"', ".*)+[x]{2}^$|?"),
        ('"日本語のテキスト 😀"', "語のテキスト 😀"),
        ('["a","b"]', "b"),
        ('{"a":{"deep":[{"inner":true}]}}', "INNER"),
        ('"  two  blanks"', "  two  "),
        ('{"a#b c":1}', "#b c"),
    ],
)
def test_a_search_finds_keys_strings_and_numbers(target: DatasetRow, stored: str, text: str) -> None:
    for column in ("input", "output", "metadata"):
        one = item(target, **{column: stored})

        assert matches(target, search=text) >= {one.id}


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ('{"a":[1,2]}', "["),
        ('{"a":[1,2]}', "1,2"),
        ('{"a": "b"}', '": "'),
        ('{"a": "b"}', '"'),
        ('{"a": "b"}', ":"),
        ("[true,false,null]", "true"),
        ("[true,false,null]", "e"),
        ("[true,false,null]", "ul"),
        (r'"one\next"', "next"),
        (r'"\\"', '"'),
        (r'["tail\\", "b"]', r"\""),
        (r'"\u001f"', "001f"),
        (r'"\u001f"', "1"),
        ('"axb"', "a_b"),
        ('"ab"', "a%b"),
        (r'"a\\/b"', "a/b"),
        ('"abc"', r"a\bc"),
        ("{}", "{}"),
        ('{"ab":"cd"}', "bc"),
        ("[12,34]", "23"),
        ('"a b"', "ab"),
    ],
)
def test_a_search_does_not_find_json_syntax(target: DatasetRow, stored: str, text: str) -> None:
    item(target, input=stored)

    assert matches(target, search=text) == set()


def test_a_search_finds_ids_of_traces_and_sources(target: DatasetRow) -> None:
    item(target, ref_source_id="Row-%7")
    item(target, ref_source_id="other", ref_trace_id=r"TRACE\1")

    assert matches(target, search="row-%") == {"Row-%7"}
    assert matches(target, search=r"trace\1") == {"other"}


def test_a_search_has_a_maximum_length(target: DatasetRow) -> None:
    text = "né.*" * 250
    one = item(target, input=json.dumps("x" * 5000 + text, ensure_ascii=False))

    assert matches(target, search=text) == {one.id}
    assert error_of(search=text + "x") == ("search", "max_length")


# --- Values of metadata ----------------------------------------------------------------------------------------------

KINDS = {
    "text": '{"a":{"b":"1"}}',
    "number": '{"a":{"b":1}}',
    "spelled": '{"a":{"b":1.0e0}}',
    "true": '{"a":{"b":true}}',
    "word": '{"a":{"b":"true"}}',
    "null": '{"a":{"b":null}}',
    "list": '{"a":{"b":["1"]}}',
    "deeper": '{"a":{"b":{"c":1}}}',
    "dotted": '{"a.b":"1"}',
    "twice": '{"a":{"b":2,"b":1}}',
    "scalar": '"1"',
    "contains": '{"contains":"1","":{"":"blank"}}',
    "unicode": '{"é \\"x\\"":"ü\\\\"}',
}


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("a.b", "1", {"text", "number", "spelled", "twice"}),
        ("a.b", "1.00", {"number", "spelled", "twice"}),
        ("a.b", "true", {"true", "word"}),
        ("a.b", "null", set()),
        ("a.b", "[1]", set()),
        ("a.b.c", "1", {"deeper"}),
        ("a", "1", set()),
        ("a.b.0", "1", set()),
        (".", "blank", {"contains"}),
        ('é "x"', "ü\\", {"unicode"}),
        ("a.b", "1e999999999", set()),
        ("a.b", "01", set()),
        ("a.b", " 1", set()),
    ],
)
def test_a_path_finds_a_string_a_number_or_a_boolean(
    target: DatasetRow, path: str, value: str, expected: set[str]
) -> None:
    for name, stored in KINDS.items():
        item(target, ref_source_id=name, metadata=stored)

    assert matches(target, **{f"metadata__{path}": value}) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('{"a":{"b":1}}', {"number", "spelled", "twice"}),
        ('{"a":{}}', {"text", "number", "spelled", "true", "word", "null", "list", "deeper", "twice"}),
        ('{"a":{"b":null}}', {"null"}),
        ('{"a":{"b":[]}}', {"list"}),
        ('{"a.b":"1"}', {"dotted"}),
        ('{"contains": "1"}', {"contains"}),
        ('"1"', {"scalar"}),
        ("{}", set(KINDS) - {"scalar"}),
        ("[]", set()),
    ],
)
def test_contains_is_containment_of_json(target: DatasetRow, value: str, expected: set[str]) -> None:
    for name, stored in KINDS.items():
        item(target, ref_source_id=name, input=stored, output=stored, metadata=stored)

    for column in ("input", "output", "metadata"):
        assert matches(target, **{f"{column}__contains": value}) == expected


def test_a_field_without_a_value_contains_null(target: DatasetRow) -> None:
    for name, stored in {"none": None, "list": "[1,null]", "text": '"null"', "object": '{"a":null}'}.items():
        item(target, ref_source_id=name, input=stored, output=stored, metadata=stored)

    for column in ("input", "output", "metadata"):
        assert matches(target, **{f"{column}__contains": "null"}) == {"none", "list"}


def test_several_paths_are_combined(target: DatasetRow) -> None:
    item(target, ref_source_id="both", metadata='{"a":"1","b":"2"}')
    item(target, ref_source_id="one", metadata='{"a":"1","b":"3"}')

    assert matches(target, metadata__a="1", metadata__b="2", search="1") == {"both"}


# --- Columns ---------------------------------------------------------------------------------------------------------


def test_references_are_compared_exactly(target: DatasetRow) -> None:
    for name in ("a", "A", " a", "%", "", None):
        item(target, ref_source_id=name, ref_trace_id="t")

    assert matches(target, ref_source_id="a") == {"a"}
    assert matches(target, ref_source_id="%") == {"%"}
    assert len(matches(target, ref_trace_id="t")) == 6


def test_times_are_compared_to_the_microsecond(target: DatasetRow) -> None:
    one = item(target)
    at, none = one.created_at.isoformat(), set[Any]()

    for column, time in (("created_at", at), ("updated_at", one.updated_at.isoformat())):
        assert matches(target, **{f"{column}__gte": time, f"{column}__lte": time}) == {one.id}
        assert matches(target, **{f"{column}__gt": time}) == matches(target, **{f"{column}__lt": time}) == none
    assert matches(target, created_at__gte=at.replace("+", " ")) == {one.id}, "a plus that nobody encoded"
    assert matches(target, created_at__lt="2025-01-05") == none
    assert matches(target, created_at__gt="2025-01-05") == {one.id}
    year = datetime.now(UTC).year + 1
    assert matches(target, updated_at__lt=f"{year}-01-01 00:00") == {one.id}


def test_users_are_given_by_number_or_uuid(target: DatasetRow) -> None:
    ada: User = make_user("ada")
    one = item(target, author=ada.id)
    item(target, author=ada.id + 1)

    for name in (str(ada.id), f"0{ada.id}", str(ada.uuid), ada.uuid.hex):
        assert matches(target, created_by=name) == {one.id}
    for nobody in ("0", "9" * 18, str(uuid4())):
        assert matches(target, created_by=nobody) == set()


def test_ids_are_listed(target: DatasetRow) -> None:
    one, two, _ = (item(target) for _ in range(3))

    assert matches(target, id__in=f"{one.id}, {two.id.hex.upper()},,{uuid4()}") == {one.id, two.id}


def test_archived_items_are_listed_on_request(target: DatasetRow) -> None:
    for name, deleted in (("live", False), ("null", None), ("trash", True)):
        item(target, ref_source_id=name, deleted=deleted)

    assert matches(target) == matches(target, deleted="") == matches(target, deleted="False") == {"live", "null"}
    assert matches(target, deleted="true") == matches(target, deleted="True") == {"trash"}
    assert matches(target, deleted="all", ref_source_id="trash") == {"trash"}
    assert parse_conditions({"deleted": "all"}).deleted_filter is DeletedFilter.ALL


# --- Errors ---------------------------------------------------------------------------------------------------------

CONDITIONS = [
    "search",
    "created_by",
    "id__in",
    "ref_trace_id",
    "ref_source_id",
    "deleted",
    "metadata__a.b",
    *(f"{column}__contains" for column in ("input", "output", "metadata")),
    *(f"{column}__{word}" for column in ("created_at", "updated_at") for word in ("gt", "gte", "lt", "lte")),
]
BAD = {
    "search": [("\0", "null_characters_not_allowed"), ("\ud800", "surrogate_characters_not_allowed")],
    "created_by": ["x", "-1", "1.5", "٣", "ada@example.com", "9" * 19],
    "id__in": ["x", "1", ",", "01990001-0000-7000-8000-000000000001,x", ("\0", "null_characters_not_allowed")],
    "ref_source_id": [("\0", "null_characters_not_allowed")],
    "deleted": [("nope", "invalid_choice"), ("2", "invalid_choice")],
    "metadata__a": [("\0", "null_characters_not_allowed")],
    "metadata__\0": [("1", "null_characters_not_allowed")],
    "metadata__" + "a." * 250: [("1", "max_depth")],
    "metadata__contains": [
        "x",
        "{",
        "NaN",
        "1e999999",
        "'a'",
        ('"\\u0000"', "null_characters_not_allowed"),
        ('"\\ud800"', "surrogate_characters_not_allowed"),
        ("[" * 251 + "]" * 251, "max_depth"),
        ("[" * 100_000, "max_length"),
    ],
    "created_at__gte": ["x", "2025-13-01", "12", "2025-01-05T25:00", ("0001-01-01T00:00+23:00", "overflow")],
    "metadata__": [("1", "unknown_parameter")],
    "nope": [("1", "unknown_parameter"), ("", "unknown_parameter")],
}


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        (name, *(each if isinstance(each, tuple) else (each, "invalid")))
        for name, bad in BAD.items()
        for each in bad
    ],
)  # fmt: skip
def test_a_bad_value_is_rejected_and_names_its_parameter(name: str, value: str, code: str) -> None:
    assert error_of(**{name: value}) == (name, code)


@pytest.mark.parametrize("name", CONDITIONS)
def test_an_empty_parameter_is_ignored(name: str) -> None:
    conditions = parse_conditions({name: ""}, is_strict=True)

    assert conditions == parse_conditions({})
    assert conditions.clauses == ()


def test_unknown_names_are_ignored_unless_strict() -> None:
    assert parse_conditions({"zeta": "1", "metadata__": "1"}) == parse_conditions({})
    assert parse_conditions({"dataset": "1"}, is_strict=True, extra_params={"dataset"}) == parse_conditions({})


def test_statements_do_not_depend_on_values() -> None:
    def text(**parameters: str) -> str:
        return parse_conditions(parameters).sql

    assert text(search="a", metadata__x="1") == text(search="'); DROP", metadata__y="22", zeta="")
    assert text(metadata__x="a") == text(**{"metadata__'); DROP": "%(project_id)s"})
