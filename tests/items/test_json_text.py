"""JSON values that can be stored, and their text, compared with what PostgreSQL accepts."""

import json
from decimal import Decimal

import pytest
from django.db import DataError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from items.json_text import MAX_DEPTH, InvalidJSONValue, normalize, normalize_form_text
from tests.json_strategies import json_texts


def exact(text: str) -> object:
    """Parse without loss: spelling of numbers, repeated keys and order of keys."""
    return json.loads(text, parse_int=str, parse_float=Decimal, object_pairs_hook=tuple)


def takes(text: str) -> bool:
    """Whether PostgreSQL's json and jsonb both accept the text."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT %s::json, %s::jsonb", [text, text])
    except DataError:
        return False
    return True


@given(json_texts())
def test_a_stored_text_is_the_same_value_on_one_line(text: str) -> None:
    stored = normalize(text)

    assert exact(stored) == exact(text)
    assert "\n" not in stored
    assert "\t" not in stored


@given(json_texts())
def test_text_without_escapes_and_line_breaks_is_kept_exactly(text: str) -> None:
    text = text.replace("\n", "").replace("\t", "")
    if "\\u" not in text:
        assert normalize(text) == text


@given(json_texts())
def test_normalizing_again_changes_nothing(text: str) -> None:
    normalized = normalize(text)

    assert normalize(normalized) == normalized


def test_unicode_escapes_become_plain_text() -> None:
    assert normalize(r'{"k\u00e9":"caf\u00e9 \ud83d\ude00 \u2028 \\u0041","b":"a\/b"}') == (
        '{"ké":"café 😀 \u2028 \\\\u0041","b":"a\\/b"}'
    )


def test_an_escaped_backslash_before_u0000_is_not_a_null_character() -> None:
    assert normalize(r'"\\u0000"') == r'"\\u0000"'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (r'"\u0000"', "null_characters_not_allowed"),
        (r'{"a\u0000":1}', "null_characters_not_allowed"),
        (r'["\ud800"]', "surrogate_characters_not_allowed"),
        (r'["\udc00\ud800"]', "surrogate_characters_not_allowed"),
        ("NaN", "invalid"),
        ("[-Infinity]", "invalid"),
        ("1e200000", "invalid"),
        ("1e-20000", "invalid"),
        ("1e" + "9" * 50, "invalid"),
        ("1e-" + "9" * 50, "invalid"),
        ("[" * 251 + "]" * 251, "max_depth"),
        ('{"a":' * 251 + "1" + "}" * 251, "max_depth"),
        # The first of two equal keys counts too: it is stored.
        ('{"a":' + "[" * 250 + "]" * 250 + ',"a":1}', "max_depth"),
    ],
)
def test_text_that_cannot_be_stored_is_rejected(text: str, code: str) -> None:
    with pytest.raises(InvalidJSONValue) as refused:
        normalize(text)

    assert refused.value.code == code


def test_the_surrogate_is_named() -> None:
    with pytest.raises(InvalidJSONValue, match=r"Surrogate characters are not allowed: U\+D800\."):
        normalize(r'"a\ud800b"')


def test_brackets_in_strings_are_not_nesting() -> None:
    text = json.dumps("[" * 1000 + '"' + "{" * 1000)

    assert normalize(text) == text


def test_nesting_up_to_the_limit_is_stored() -> None:
    text = "[" * MAX_DEPTH + "]" * MAX_DEPTH

    assert normalize(text) == text


@pytest.mark.parametrize("text", ["", " ", "hello", "{", "'a'", "[1,]", "1 2", "[" * 5000])
def test_form_text_must_be_json(text: str) -> None:
    with pytest.raises(InvalidJSONValue, match="Value must be valid JSON"):
        normalize_form_text(text)


def test_form_text_may_have_white_space_around_it() -> None:
    assert normalize_form_text(' {"a": 1}\n') == '{"a": 1}'


@pytest.mark.django_db
@pytest.mark.parametrize(
    "number",
    [
        "1e131071", "9e131071", "1e131072", "0.1e131072", "0.1e131073", "10e131071", "1" + "0" * 131_071,
        "1" + "0" * 131_072, "1e-16383", "1e-16384", "1.5e-16382", "1.5e-16383", "0e131073", "0e-16384", "0e-16383",
        "0.000", "-0", "-0.0e5", "0." + "0" * 16_382 + "1", "0." + "0" * 16_383 + "1", "1e400", "123456789012345678901",
    ],
)  # fmt: skip
def test_numbers_have_the_limits_of_postgresql(number: str) -> None:
    try:
        stored = normalize(number)
    except InvalidJSONValue:
        assert not takes(number)
    else:
        assert stored == number
        assert takes(number)


@pytest.mark.django_db
@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**6), st.integers(-140_000, 140_000), st.integers(0, 30))
def test_postgresql_accepts_every_stored_text(mantissa: int, exponent: int, zeros: int) -> None:
    number = f"{mantissa}.{'0' * zeros}1e{exponent}"
    try:
        normalize(number)
    except InvalidJSONValue:
        assert not takes(number)
    else:
        assert takes(number)
