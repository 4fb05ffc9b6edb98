"""JSON texts: nothing is lost when they are taken apart and put together."""

import json
from datetime import date, datetime, timezone
from decimal import Decimal
from uuid import UUID

import pytest

from datasets_client._json_text import RawJSON, read_json, split_array, split_object, write_json


def test_an_object_is_split_into_the_texts_of_its_members() -> None:
    text = ' { "a" : 1.50 , "b":{"z":1,"y":[1e2]} ,"c\\u00e9":"\\u2028", "d" : [ ] } '

    assert split_object(text) == {"a": "1.50", "b": '{"z":1,"y":[1e2]}', "cé": '"\\u2028"', "d": "[ ]"}
    assert split_object("{}") == split_object(" { } ") == {}


def test_an_array_is_split_into_the_texts_of_its_elements() -> None:
    assert list(split_array(' [1.0, {"a":[2]} ,"x"] ')) == ["1.0", '{"a":[2]}', '"x"']
    assert list(split_array("[]")) == []


@pytest.mark.parametrize("text", ["{", '{"a"}', '{"a":1,}', "[1", "{a:1}", '{"a":NaN}', "[1,]"])
def test_broken_texts_are_refused(text: str) -> None:
    with pytest.raises((ValueError, StopIteration)):
        split_object(text) if text.startswith("{") else list(split_array(text))


def test_numbers_keep_their_digits_where_they_are_asked_for() -> None:
    text = "[0.10000000000000000001, 1e400, 12345678901234567890123]"

    assert read_json(text, "decimal") == [Decimal("0.10000000000000000001"), Decimal("1e400"), 12345678901234567890123]
    assert read_json(text) == [0.1, Decimal("1e400"), 12345678901234567890123]


def test_an_integer_longer_than_python_reads_is_a_decimal() -> None:
    assert read_json("1" * 5000) == Decimal("1" * 5000)


def test_values_are_written_exactly() -> None:
    value = {
        "raw": RawJSON('{"z":1.50}'),
        "decimal": [Decimal("1.50"), Decimal("1E+400")],
        "time": datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc),
        "day": date(2026, 1, 2),
        "id": UUID(int=0),
        "tuple": ("é", None, True),
    }

    assert write_json(value) == (
        '{"raw":{"z":1.50},"decimal":[1.50,1E+400],"time":"2026-01-02T03:04:05+00:00","day":"2026-01-02",'
        '"id":"00000000-0000-0000-0000-000000000000","tuple":["é",null,true]}'
    )
    json.loads(write_json(value))


@pytest.mark.parametrize(
    "value", [float("nan"), [float("inf")], {"a": Decimal("NaN")}, {1: 2, "x": Decimal(1)}, object()]
)
def test_what_json_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        write_json(value)


def test_a_value_that_contains_itself_is_refused() -> None:
    loop: list[object] = []
    loop.append(loop)

    with pytest.raises(ValueError, match="contains itself"):
        write_json(loop)
