"""Strategies for JSON texts with any escapes, notations of numbers, whitespace and repeated keys."""

import json

from hypothesis import strategies as st

CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


@st.composite
def strings(draw: st.DrawFn) -> str:
    return json.dumps(draw(st.text(CHARACTERS, max_size=12)), ensure_ascii=draw(st.booleans()))


@st.composite
def numbers(draw: st.DrawFn) -> str:
    whole = str(draw(st.integers(-(10**40), 10**40)))
    fraction = draw(st.from_regex(r"(\.[0-9]{1,30})?", fullmatch=True))
    exponent = draw(st.from_regex(r"([eE][+-]?[0-9]{1,3})?", fullmatch=True))
    return whole + fraction + exponent


def json_texts() -> st.SearchStrategy[str]:
    scalars = st.one_of(st.sampled_from(["null", "true", "false"]), numbers(), strings())
    return st.recursive(scalars, containers, max_leaves=12)


def containers(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    comma = st.sampled_from([",", ", ", ",\n\t"])
    members = st.tuples(strings(), inner).map(lambda pair: f"{pair[0]}:{pair[1]}")
    arrays = st.tuples(comma, st.lists(inner, max_size=4)).map(lambda parts: f"[{parts[0].join(parts[1])}]")
    objects = st.tuples(comma, st.lists(members, max_size=4)).map(lambda parts: f"{{{parts[0].join(parts[1])}}}")
    return st.one_of(arrays, objects)
