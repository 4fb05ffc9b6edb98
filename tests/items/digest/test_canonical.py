"""The canonical form, checked with the test vectors that all implementations share."""

import json
from pathlib import Path
from typing import Any

import pytest

from items.digest.canonical import CanonicalWriter, ItemContent

VECTORS = Path(__file__).parents[3] / "clients" / "python" / "tests" / "vectors" / "digest.json"
VALUES: list[dict[str, Any]] = json.loads(VECTORS.read_text(encoding="utf-8"))["values"]
NO_CONTENT = ItemContent(*[None] * 6)


@pytest.mark.parametrize("vector", VALUES, ids=[each["text"][:40] for each in VALUES])
def test_values_have_their_canonical_form(vector: dict[str, str]) -> None:
    assert CanonicalWriter().value(vector["text"]) == vector["canonical"]


def test_a_writer_writes_one_value_after_another() -> None:
    writer = CanonicalWriter()

    written = [writer.value(vector["text"]) for vector in [*VALUES, *reversed(VALUES)]]

    assert written == [vector["canonical"] for vector in [*VALUES, *reversed(VALUES)]]


def test_an_item_has_all_six_fields_in_order() -> None:
    item = ItemContent('{"b": 1, "a": 2.50}', None, '"x"', 'say "hi"', "2025-01-01T00:00:00.000000Z", "é\n")

    assert CanonicalWriter().item(item) == (
        '{"input":{"a":25e-1,"b":1},"metadata":null,"output":"x","ref_source_id":"say \\"hi\\"",'
        '"ref_timestamp":"2025-01-01T00:00:00.000000Z","ref_trace_id":"é\\n"}'
    )


def test_deep_values_and_long_numbers_are_written() -> None:
    deep = "[" * 250 + "9" * 131_072 + "]" * 250

    assert CanonicalWriter().value(deep) == deep


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_invalid_json_is_rejected(text: str) -> None:
    with pytest.raises(ValueError, match="JSON"):
        CanonicalWriter().value(text)


def test_an_erased_item_has_six_nulls() -> None:
    assert CanonicalWriter().item(NO_CONTENT).count(":null") == 6
