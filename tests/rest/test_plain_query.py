"""Plain queries are parsed as Django parses them, and all others are left to it."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from rest.plain_query import MAX_PAIRS, parse_plain


@given(st.text("aZ09_.-=&%+;/é", max_size=30))
def test_what_is_parsed_is_what_django_makes_of_it(query: str) -> None:
    parsed = parse_plain(query)

    assert parsed is None or dict(parsed.lists()) == dict(QueryDict(query).lists())


@pytest.mark.parametrize("query", ["", "limit=10", "dataset=0190-a&limit=10", "name=", "limit=1&limit=2", "a=1&"])
def test_plain(query: str) -> None:
    parsed = parse_plain(query)

    assert parsed is not None
    assert parsed.urlencode() == QueryDict(query).urlencode()


@pytest.mark.parametrize("query", ["name=a%20b", "name=a+b", "flag", "=1", "a=b=c", "&a=1", "na%6De=1", "a=1;b=2"])
def test_left_to_django(query: str) -> None:
    assert parse_plain(query) is None


def test_many_pairs_are_left_to_django_which_limits_them() -> None:
    assert parse_plain("&".join(["a=1"] * MAX_PAIRS)) is not None
    assert parse_plain("&".join(["a=1"] * (MAX_PAIRS + 1))) is None


def test_the_result_cannot_be_changed() -> None:
    parsed = parse_plain("limit=10")

    with pytest.raises(AttributeError, match="immutable"):
        parsed["limit"] = "20"  # type: ignore[index]
