"""Texts in cells that may be JSON. Pure."""

import json
from json.decoder import JSONDecoder

from rest.parsers import JSONObject

WHITESPACE = " \t\n\r"
# What a JSON value may begin with.
FIRST_CHARACTERS = frozenset('{["-0123456789tfn')


class CellParser:
    """Reads the JSON in the cells of a row; `seen` is told of their odd numbers."""

    def __init__(self) -> None:
        self.numbers = JSONObject()
        self.decoder = self.make_decoder(None)
        self.exact_decoder = self.make_decoder(self.numbers.parse_long_int)

    def make_decoder(self, parse_int: object) -> JSONDecoder:
        numbers = self.numbers
        return JSONDecoder(parse_float=numbers.parse_float, parse_constant=reject_constant, parse_int=parse_int)  # type: ignore[arg-type]

    def reset(self) -> None:
        """For the next row."""
        self.numbers.has_extreme_numbers = False

    def is_json(self, text: str) -> bool:
        """Whether this is one JSON value, blanks around it aside. NaN and Infinity are none."""
        if text.lstrip(WHITESPACE)[:1] not in FIRST_CHARACTERS:
            return False
        for decoder in (self.decoder, self.exact_decoder):
            try:
                decoder.decode(text)
            except json.JSONDecodeError:
                return False
            except RecursionError:
                return True  # too deep to be stored, which the check of its text will say
            except ValueError:
                continue  # an integer of more digits than int() takes: once more, with care
            return True
        return False

    def json_or_string(self, text: str) -> str:
        """The JSON text of a cell: of the value that it holds, or else of a string."""
        return text.strip(WHITESPACE) if self.is_json(text) else self.string(text)

    def string(self, text: str) -> str:
        """The JSON text of a cell that stays the text it is."""
        return json.dumps(text, ensure_ascii=False)


class NonFiniteNumber(json.JSONDecodeError):
    pass


def reject_constant(constant: str) -> None:
    raise NonFiniteNumber("NaN and Infinity are no JSON", constant, 0)
