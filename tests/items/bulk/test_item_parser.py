"""Common values bypass the serializer's fields and come out the same."""

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rest_framework.exceptions import APIException

from items.bulk.item_parser import ItemParser
from items.json_text import InvalidJSONValue, is_normalized, normalize
from tests.json_strategies import containers, json_texts, numbers, strings

DATASET = UUID("01990000-0000-7000-8000-000000000001")
READER = ItemParser(DATASET)

NAMES = st.sampled_from(
    ["input", "output", "metadata", "ref_trace_id", "ref_timestamp", "ref_source_id", "deleted", "dataset", "other"]
)
TIMES = st.one_of(
    st.datetimes(timezones=st.timezones()).map(lambda time: json.dumps(time.isoformat())),
    st.sampled_from(
        [
            '"2026-01-05"', '"2026-01-05T10:00Z"', '"2026-01-05 10:00:00.1234567+01:00"', '"20260105T100000Z"',
            '"0001-01-01T00:00:00+02:00"', '"9999-12-31T23:59:59-02:00"', '"2026-W02-1"', '"2026-01-05T10:00:00z"',
            '"2026-01-05T24:00:00Z"', '"2026-01-05T10:00:00,5Z"', '"\\u0032026-01-05T10:00:00Z"', '""', "0",
            '"2026-01-05T10:00:00+05:30:15"',
        ]
    ),
)  # fmt: skip
TEXTS = st.one_of(
    strings(),
    st.text(st.characters(exclude_categories=[]), max_size=4).map(json.dumps),
    st.sampled_from(
        ['""', '" x"', '"x "', '"\\u00a0x"', '"\xa0"', '"\\n"', f'"{"ü" * 255}"', f'"{"x" * 256}"', '"\\u0000"', "1",
         "1.50", "true", "null", '"\\ud83d\\ude00"', '"\\ud800"']
    ),
)  # fmt: skip
ODD = st.sampled_from(
    ["NaN", "-Infinity", "1e400", "1e200000", "1e-20000", "-0.0", "9" * 400, "[" * 251 + "]" * 251, '"\\u0000"',
     "01", "1.", "+1", "tru", '"\x01"', "[1,]", '{"a":1,}', '"\\x"', "[1", "1e99999", "1E+131080", "1e-16390",
     '"e12345"',     f'{{"e00000":{"9" * 6001}e9999}}', "[" * 3000 + "]" * 3000, '{"a":"\\ud800"}']
)  # fmt: skip
VALUES = st.one_of(
    json_texts(), containers(json_texts()), TEXTS, TIMES, ODD, st.sampled_from(["true", "false", "null"])
)
KEYS = st.one_of(NAMES.map(json.dumps), NAMES.map(lambda name: f'"\\u00{ord(name[0]):02x}{name[1:]}"'), strings())
MEMBERS = st.one_of(
    st.tuples(KEYS, VALUES),
    st.tuples(st.just('"ref_timestamp"'), TIMES),
    st.tuples(st.sampled_from(['"ref_trace_id"', '"ref_source_id"']), TEXTS),
    st.tuples(st.just('"dataset"'), st.sampled_from([json.dumps(str(DATASET)), json.dumps(DATASET.hex), '"x"'])),
)
WHITESPACE = st.sampled_from(["", " ", "\n", "\t "])


@st.composite
def items(draw: st.DrawFn) -> str:
    blank = draw(WHITESPACE)
    members = draw(st.lists(MEMBERS, max_size=5))
    inside = f"{blank},".join(f"{name}{blank}:{blank}{value}" for name, value in members)
    return f"{blank}{{{inside}}}{draw(WHITESPACE)}"


def outcome(read: Any, text: bytes) -> Any:
    try:
        return read(text)
    except APIException as error:
        return error.status_code, error.get_full_details()


@given(st.one_of(items(), json_texts()))
@example('{"input":1,"input":2}')
@example('{"input":{"e":"e12345"}}')
@settings(max_examples=500)
def test_an_item_is_parsed_like_the_fields_parse_it(text: str) -> None:
    try:
        body = text.encode()
    except UnicodeEncodeError:
        return

    assert outcome(READER.parse, body) == outcome(READER.parse_with_fields, body)


@given(st.one_of(json_texts(), containers(st.one_of(json_texts(), numbers(), ODD))))
@settings(max_examples=300)
def test_normalized_json_is_stored_unchanged(text: str) -> None:
    try:
        json.loads(text, parse_int=len, parse_float=len, parse_constant=int)
    except (ValueError, RecursionError):
        return
    if not is_normalized(text.encode()):
        return

    try:
        assert normalize(text) == text
    except InvalidJSONValue as refused:
        pytest.fail(f"not plain: {refused}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a":[1.5,"b"]}', True),
        ('{"id":"3e123456"}', False),  # may be a large exponent, so it takes the slow path
        ('"trace-1234"', True),
        ("1e-9999", True),
        ("1e-99999", False),
        ("1E+99999", False),
        ('"\\\\n"', True),
        ('"\\u00e9"', False),
        ("[1,\n2]", False),
        ("[" * 250 + "]" * 250, True),
        ("[" * 251 + "]" * 251, False),
        ("9" * 6001, False),
    ],
)
def test_plain_texts(text: str, expected: bool) -> None:
    assert is_normalized(text.encode()) == expected


def test_common_items_bypass_the_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ItemParser, "parse_with_fields", lambda *_: pytest.fail("read by the fields"))
    text = (
        '{"dataset":"01990000-0000-7000-8000-000000000001","input":{"a":"\\u00fc\\n"},"output":[1.5],"metadata":null,'
        '"ref_trace_id":"t","ref_timestamp":"2026-01-05T10:00:00+01:00","ref_source_id":null,"deleted":false,"id":1}'
    )

    values = READER.parse(text.encode())

    assert values["input"] == '{"a":"ü\\n"}'
    assert values["ref_timestamp"].isoformat() == "2026-01-05T09:00:00+00:00"
    assert list(values) == [
        "input", "output", "metadata", "ref_trace_id", "ref_timestamp", "ref_source_id", "deleted",
    ]  # fmt: skip
