"""Texts in cells that may be JSON. Pure."""

import json
from json.decoder import JSONDecoder

from rest.parsers import JSONObject

BLANKS = " \t\n\r"
# What a JSON value may begin with.
BEGINNINGS = frozenset('{["-0123456789tfn')


class CellReader:
    """Reads the JSON in the cells of a row; `seen` is told of their odd numbers."""

    def __init__(self) -> None:
        self.seen = JSONObject()
        self.decoder = self.decoder_with(None)
        self.careful_decoder = self.decoder_with(self.seen.parse_long_int)

    def decoder_with(self, parse_int: object) -> JSONDecoder:
        seen = self.seen
        return JSONDecoder(parse_float=seen.parse_float, parse_constant=refuse, parse_int=parse_int)  # type: ignore[arg-type]

    def forget(self) -> None:
        """For the next row."""
        self.seen.has_odd_numbers = False

    def is_json(self, text: str) -> bool:
        """Whether this is one JSON value, blanks around it aside. NaN and Infinity are none."""
        if text.lstrip(BLANKS)[:1] not in BEGINNINGS:
            return False
        for decoder in (self.decoder, self.careful_decoder):
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
        return text.strip(BLANKS) if self.is_json(text) else json.dumps(text, ensure_ascii=False)


class NotANumber(json.JSONDecodeError):
    pass


def refuse(constant: str) -> None:
    raise NotANumber("NaN and Infinity are no JSON", constant, 0)
