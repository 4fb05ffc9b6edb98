"""Parse cells of text that may be JSON. Pure."""

import json
from json.decoder import JSONDecoder

from rest.parsers import JSONObject

WHITESPACE = " \t\n\r"
# The first characters of JSON values.
FIRST_CHARACTERS = frozenset('{["-0123456789tfn')


class CellParser:
    """Parses JSON in the cells of a row; `numbers` records whether it has extreme numbers."""

    def __init__(self) -> None:
        self.numbers = JSONObject()
        self.decoder = self.make_decoder(None)
        self.exact_decoder = self.make_decoder(self.numbers.parse_long_int)

    def make_decoder(self, parse_int: object) -> JSONDecoder:
        numbers = self.numbers
        return JSONDecoder(parse_float=numbers.parse_float, parse_constant=reject_constant, parse_int=parse_int)  # type: ignore[arg-type]

    def reset(self) -> None:
        """Prepare for the next row."""
        self.numbers.has_extreme_numbers = False

    def is_json(self, text: str) -> bool:
        """Whether the text is one JSON value, ignoring surrounding blanks. NaN and Infinity are not JSON."""
        if text.lstrip(WHITESPACE)[:1] not in FIRST_CHARACTERS:
            return False
        for decoder in (self.decoder, self.exact_decoder):
            try:
                decoder.decode(text)
            except json.JSONDecodeError:
                return False
            except RecursionError:
                return True  # too deep to store, which validation reports later
            except ValueError:
                continue  # an integer with more digits than int() takes: use the exact decoder
            return True
        return False

    def json_or_string(self, text: str) -> str:
        """Return the JSON text of a cell: of the JSON value in it, otherwise of a string."""
        return text.strip(WHITESPACE) if self.is_json(text) else self.string(text)

    def string(self, text: str) -> str:
        """Return the JSON text of a cell that is always a string."""
        return json.dumps(text, ensure_ascii=False)


class NonFiniteNumber(json.JSONDecodeError):
    pass


def reject_constant(constant: str) -> None:
    raise NonFiniteNumber("NaN and Infinity are not JSON", constant, 0)
