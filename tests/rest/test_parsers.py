"""The JSON parser compared with the standard library's."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, JSONParser

from rest.parsers import ExactJSONParser, JSONObject, parse_json
from tests.json_strategies import json_texts

BROKEN = [
    "", " ", "nope", "{", "{,}", "{a", '{"a"', '{"a" 1}', '{"a":', '{"a":}', '{"a":1', '{"a":1 x', '{"a":1} x',
    '{"a":1,x', '{"a":1,"b"}', '{"a":[1,}', '{"a":tru}', '{"a":-}', '{"a":01}', '{"a":"\n"}', '{"a":"', '{"\\q":1}',
    '{"a":"\\ud8"}', "[1,", "dataset=string", "{'a':1}",
]  # fmt: skip


def parse(body: bytes, **context: Any) -> Any:
    return ExactJSONParser().parse(io.BytesIO(body), "application/json", context)


@pytest.mark.parametrize("text", BROKEN)
def test_errors_match_the_standard_library(text: str) -> None:
    with pytest.raises(json.JSONDecodeError) as expected:
        json.loads(text)

    with pytest.raises(ParseError) as refused:
        parse(text.encode())

    assert str(refused.value.detail) == f"JSON parse error - {expected.value}"


@given(st.dictionaries(st.text(alphabet=st.characters(exclude_categories=["Cs"])), json_texts(), max_size=5))
def test_members_keep_their_value_and_text(members: dict[str, str]) -> None:
    text = "{ " + " , ".join(f"{json.dumps(name)} : {value}" for name, value in members.items()) + "\n}"

    found = parse_json(text)

    assert found == json.loads(text)
    assert found.texts == members


def outcome(parse: Callable[[str], Any], text: str) -> tuple[str, Any]:
    try:
        return "read", parse(text)
    except json.JSONDecodeError as error:
        return "refused", str(error)


@given(st.text(alphabet='{}[]",:0129.eE+-\\ntrufalsb \n', max_size=40))
def test_any_text_gives_the_same_result_as_the_standard_library(text: str) -> None:
    assert outcome(parse_json, text) == outcome(json.loads, text)


def test_the_last_of_equal_keys_wins() -> None:
    found = parse(b'{"a":1,"a":{"b":2}}')

    assert found == {"a": {"b": 2}}
    assert found.texts == {"a": '{"b":2}'}


def test_a_number_of_5000_digits_keeps_its_text() -> None:
    digits = "9" * 5000

    found = parse(f'{{"a":{digits},"b":[{digits}.5]}}'.encode())

    assert found.texts["a"] == digits
    assert found.has_extreme_numbers


def test_plain_numbers_are_not_extreme() -> None:
    found = parse(b'{"a":[1,2.5,1e2,-3,123456789012345678901234567890]}')

    assert not found.has_extreme_numbers


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e20000", "1e-20000", "9" * 5000, "0." + "1" * 400])
def test_extreme_numbers_are_detected(number: str) -> None:
    assert parse(f'{{"a":[{number}]}}'.encode()).has_extreme_numbers


def test_a_body_is_decoded_with_its_charset() -> None:
    assert parse('{"a":"é"}'.encode("latin-1"), encoding="latin-1") == {"a": "é"}


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b'{"a":"\xc3', "utf-8"),
        (b'{"a":1}\xc3', "utf-8"),
        (b"\xe5", "utf-8"),
        (b'{"a":"\xe5"}', "utf-8"),
        (b'{"a":"\xff"}', "utf-8"),
        (b"\xef\xbb\xbf{}", "utf-8"),
        (b"{}", "utf-16"),
        ('{"a":"é"}'.encode("utf-16"), "utf-16"),
        (b"{\0}\0 ", "utf-16-le"),
    ],
)
def test_bodies_are_decoded_as_in_v1(body: bytes, encoding: str) -> None:
    def outcome(parser: BaseParser) -> Any:
        try:
            return parser.parse(io.BytesIO(body), "application/json", {"encoding": encoding})
        except ParseError as error:
            return str(error.detail)

    assert outcome(ExactJSONParser()) == outcome(JSONParser())


def test_no_encoding_can_produce_a_lone_surrogate() -> None:
    with pytest.raises(ParseError):
        parse(b'{"a":"+2AA-"}', encoding="utf-7")


def test_a_body_nested_too_deeply_is_a_parse_error() -> None:
    with pytest.raises(ParseError):
        parse(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}")


def test_values_other_than_objects_are_parsed() -> None:
    assert parse(b"[1]") == [1]
    assert parse(b"null") is None
    assert isinstance(parse(b"{}"), JSONObject)
