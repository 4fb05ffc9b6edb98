"""The digest of a dataset's content, against the vectors that every implementation shares."""

import json
import random
from decimal import Decimal
from pathlib import Path

import pytest

from datasets_client._canonical import canonical_item, canonical_number, canonical_value
from datasets_client._digest import Digest, digest_rows, item_hash

VECTORS = json.loads((Path(__file__).parent / "vectors" / "digest.json").read_text())


@pytest.mark.parametrize("case", VECTORS["values"], ids=lambda case: case["text"][:40])
def test_a_value_has_the_canonical_form_of_the_vectors(case: dict[str, str]) -> None:
    assert canonical_value(case["text"]) == case["canonical"]


@pytest.mark.parametrize("case", VECTORS["values"], ids=lambda case: case["text"][:40])
def test_a_canonical_form_is_json_and_its_own_canonical_form(case: dict[str, str]) -> None:
    json.loads(case["canonical"])

    assert canonical_value(case["canonical"]) == case["canonical"]


@pytest.mark.parametrize("case", VECTORS["items"], ids=lambda case: case["hash"][:8])
def test_an_item_has_the_hash_of_the_vectors(case: dict[str, str]) -> None:
    assert canonical_item(case["row"]) == case["canonical"]
    assert item_hash(case["row"]) == case["hash"]


@pytest.mark.parametrize("case", VECTORS["datasets"], ids=lambda case: case["name"])
def test_a_dataset_has_the_digest_of_the_vectors(case: dict[str, str | list[str]]) -> None:
    digest = Digest()
    for row in case["rows"]:
        digest.add(row)

    assert b"".join(digest.manifest()).decode() == case["manifest"]
    assert digest.result() == case["digest"]


def test_numbers_agree_with_decimal_arithmetic() -> None:
    chance = random.Random(7)  # noqa: S311
    for _ in range(5000):
        whole, fraction = str(chance.randrange(10 ** chance.randrange(1, 30))), f".{chance.randrange(1000):03}"
        text = chance.choice(["", "-"]) + whole + chance.choice(["", fraction])
        text += chance.choice(["", f"e{chance.randrange(-400, 400)}", f"E+{chance.randrange(40)}"])

        assert canonical_number(text) == by_decimal(text)


def by_decimal(text: str) -> str:
    """Spell the number by another way than the package does."""
    sign, digits, exponent = Decimal(text).as_tuple()
    assert isinstance(exponent, int)
    number = int("".join(map(str, digits)))
    if number == 0:
        return "0"
    while number % 10 == 0:
        number, exponent = number // 10, exponent + 1
    return ("-" if sign else "") + str(number) + (f"e{exponent}" if exponent else "")


def test_order_does_not_count_and_repetition_does() -> None:
    rows = [json.dumps({"input": number}) for number in range(1000)]

    assert digest_rows(rows) == digest_rows(reversed(rows))
    assert digest_rows(rows) != digest_rows([*rows, rows[0]])


@pytest.mark.parametrize("text", ["NaN", "Infinity", "[1,]", "01", "1e9999999999999999999", ""])
def test_what_is_no_stored_value_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical_value(text)
