"""Operators on values at a path, limits of parameters, and samples."""

from uuid import uuid4

import pytest
from rest_framework.serializers import ValidationError

from items.rows import DatasetRow
from items.search.conditions import parse_conditions
from tests.items.search.test_conditions import error_of, matches, target
from tests.rows import item

__all__ = ["target"]
pytestmark = pytest.mark.django_db


SCORES = {
    "half": '{"score":0.5}',
    "one": '{"score":1}',
    "spelled": '{"score":1.0e0}',
    "ten": '{"score":10}',
    "text": '{"score":"10"}',
    "word": '{"score":"High é"}',
    "true": '{"score":true}',
    "null": '{"score":null}',
    "list": '{"score":[1,"High"]}',
    "without": '{"other":1}',
    "none": None,
}
SCALARS = {"half", "one", "spelled", "ten", "text", "word", "true"}


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("gt", "0.5", {"one", "spelled", "ten", "text", "word", "true"}),
        ("gte", "5e-1", {"half", "one", "spelled", "ten", "word", "true"}),
        ("lt", "9", {"half", "one", "spelled", "text"}),
        ("lte", "10", {"half", "one", "spelled", "ten", "text"}),
        ("gt", "H", {"word", "true"}),
        ("lt", "High z", {"half", "one", "spelled", "ten", "text"}),
        ("gte", "true", {"true"}),
        ("ne", "1", set(SCORES) - {"one", "spelled"}),
        ("ne", "High é", set(SCORES) - {"word"}),
        ("in", "1,High é,true", {"one", "spelled", "word", "true"}),
        ("in", "10", {"ten", "text"}),
        ("in", "nothing,", set()),
        ("exists", "true", SCALARS | {"null", "list"}),
        ("exists", "False", {"without", "none"}),
        ("icontains", "IGH É", {"word"}),
        ("icontains", "1", {"one", "spelled", "ten", "text"}),
        ("icontains", "%", set()),
    ],
)
def test_an_operator_compares_the_value_at_a_path(
    target: DatasetRow, operator: str, value: str, expected: set[str]
) -> None:
    for name, stored in SCORES.items():
        item(target, ref_source_id=name, input=stored, output=stored, metadata=stored)

    for column in ("input", "output", "metadata"):
        assert matches(target, **{f"{column}__score__{operator}": value}) == expected


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("in", "yes,0.5", {"yes", "half"}),
        ("ne", "yes", {"half", "list", "object", "none"}),
        ("gte", "0.5", {"half", "yes"}),
        ("icontains", "ES", {"yes"}),
        ("exists", "true", {"yes", "half", "list", "object"}),
        ("exists", "false", {"none"}),
    ],
)
def test_without_a_path_an_operator_compares_the_whole_value(
    target: DatasetRow, operator: str, value: str, expected: set[str]
) -> None:
    kinds = {"yes": '"yes"', "half": "0.50", "list": '["yes",0.5]', "object": '{"in":"yes"}', "none": None}
    for name, stored in kinds.items():
        item(target, ref_source_id=name, output=stored)

    assert matches(target, **{f"output__{operator}": value}) == expected
    assert matches(target, output__contains='{"in":"yes"}') == {"object"}


def test_input_and_output_take_paths_like_metadata(target: DatasetRow) -> None:
    item(target, ref_source_id="one", input='{"a":{"b":"x"}}', output='{"ok":true}')
    item(target, ref_source_id="two", input='{"a":["x"]}', output='{"ok":"false"}')

    assert matches(target, **{"input__a.b": "x"}) == {"one"}
    assert matches(target, output__ok="true", **{"input__a.b__exists": "true"}) == {"one"}
    assert matches(target, **{"input__a.0": "x"}) == set()


def test_a_number_too_long_to_store_is_rejected_in_comparisons(target: DatasetRow) -> None:
    item(target, metadata='{"n":1e400}')

    assert len(matches(target, metadata__n__gt="1e399", metadata__n__lt="1e401")) == 1
    assert error_of(metadata__n__gt="1e999999") == ("metadata__n__gt", "invalid")


@pytest.mark.parametrize("is_strict", [False, True])
@pytest.mark.parametrize(
    "name",
    [
        "metadata__a__like",
        "metadata__a__GT",
        "metadata__a__",
        "metadata____gt",
        "input__a.b__regex",
        "output__a__contains",
        "created_at__after",
        "updated_at__in",
        "id__ne",
        "ref_source_id__in",
        "search__icontains",
        "created_by__in",
        "deleted__ne",
    ],
)
def test_an_unknown_operator_is_never_ignored(name: str, is_strict: bool) -> None:
    with pytest.raises(ValidationError) as caught:
        parse_conditions({name: "1"}, is_strict=is_strict)

    assert list(caught.value.detail) == [name]
    assert caught.value.get_codes() == {name: ["unknown_operator"]}


# --- Bounds ----------------------------------------------------------------------------------------------------------

LIMITS = {
    "search": 1000,
    "created_by": 255,
    "created_at__gte": 64,
    "updated_at__lt": 64,
    "id__in": 48_000,
    "ref_trace_id": 255,
    "metadata__contains": 10_000,
    "metadata__a.b": 10_000,
    "input__a__ne": 10_000,
    "output__a__in": 10_000,
    "output__a__gt": 1000,
    "output__a__icontains": 1000,
    "output__a__exists": 16,
}


@pytest.mark.parametrize(("name", "limit"), LIMITS.items())
def test_the_length_of_a_value_is_checked_first(name: str, limit: int) -> None:
    assert error_of(**{name: "\0" * (limit + 1)}) == (name, "max_length")


def test_a_list_has_a_maximum_number_of_elements() -> None:
    assert error_of(id__in=",".join(["1"] * 1001)) == ("id__in", "max_length")
    assert error_of(metadata__a__in=",".join(["1"] * 1001)) == ("metadata__a__in", "max_length")
    assert parse_conditions({"metadata__a__in": ",".join(["1"] * 1000)}).clauses


def test_a_name_has_a_maximum_length() -> None:
    name = "metadata__" + "a" * 1000

    assert error_of(**{name: "1"}) == (name[:1000], "max_length")


def test_a_filter_has_at_most_a_hundred_names() -> None:
    names = [f"metadata__k{number}" for number in range(101)]

    assert len(parse_conditions(dict.fromkeys(names[:100], "v")).clauses) == 100
    assert error_of(**dict.fromkeys(names, "v")) == ("metadata__k100", "too_many_conditions")
    assert error_of(**dict.fromkeys(names, "")) == ("metadata__k100", "too_many_conditions")


def test_the_number_of_values_does_not_change_the_statement() -> None:
    one, many = (
        parse_conditions({"metadata__a__in": values, "id__in": ids})
        for values, ids in (("x", str(uuid4())), ("1,true,x", f"{uuid4()},{uuid4()}"))
    )

    assert one.sql == many.sql
    assert parse_conditions({"metadata__a": "x"}).sql == parse_conditions({"metadata__a": "1"}).sql


# --- Samples ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "name", "code"),
    [
        ({"sample": "0"}, "sample", "invalid"),
        ({"sample": "100001"}, "sample", "invalid"),
        ({"sample": "-1"}, "sample", "invalid"),
        ({"sample": "9" * 5000}, "sample", "invalid"),
        ({"sample": "1", "seed": "x"}, "seed", "invalid"),
        ({"sample": "1", "seed": "9" * 19}, "seed", "invalid"),
        ({"seed": "1"}, "sample", "required"),
    ],
)
def test_a_bad_sample_is_rejected(parameters: dict[str, str], name: str, code: str) -> None:
    assert error_of(**parameters) == (name, code)


def test_a_sample_depends_only_on_its_seed(target: DatasetRow) -> None:
    ids = {item(target).id for _ in range(60)}

    samples = [matches(target, sample="10", seed=str(seed)) for seed in range(20)]

    assert all(len(each) == 10 and each < ids for each in samples)
    assert samples[0] == matches(target, sample="10") == matches(target, sample="10", seed="0")
    assert samples[0] < matches(target, sample="20"), "a larger sample has the smaller one in it"
    # A fair choice omits some item of 60 from all 20 samples with a probability of 2.6 percent.
    assert len(set.union(*samples)) > 50
    assert len({frozenset(each) for each in samples}) == 20
