"""A JSON array of objects, read one element at a time."""

import codecs
from collections.abc import Iterator
from json.decoder import JSONDecoder
from typing import Any

from django.conf import settings

from items.imports.column_mapping import ColumnMapping
from items.imports.errors import UnreadableFile
from items.imports.json_rows import JSONRows
from items.imports.kind_check import NOT_UTF8
from items.imports.lines import row_too_long_error
from rest.parsers import skip_whitespace

BLOCK_BYTES = 64 * 1024
NOT_AN_ARRAY = "The file is not one JSON array of objects, which import_format=json requires."


class Window:
    """The part of a text that is held in memory."""

    def __init__(self, file: Any) -> None:
        self.file = file
        self.decode = codecs.getincrementaldecoder("utf-8-sig")("strict").decode
        self.text = ""
        self.position = 0
        self.line = 1
        self.is_at_end = False

    def grow(self) -> None:
        """Double the window, so that a long element is scanned only a few times."""
        self.line += self.text.count("\n", 0, self.position)
        rest = self.text[self.position :]
        block = self.file.read1(max(BLOCK_BYTES, len(rest)))
        self.is_at_end = not block
        try:
            self.text, self.position = rest + self.decode(block, self.is_at_end), 0
        except UnicodeDecodeError:
            raise UnreadableFile(NOT_UTF8) from None

    def line_at(self, position: int) -> int:
        return self.line + self.text.count("\n", 0, position)

    def peek(self) -> str:
        """Return the next character that is not white space, or "" at the end."""
        blank = 0
        while True:
            start = skip_whitespace(self.text, self.position)
            blank += start - self.position
            self.position = start
            if start < len(self.text) or self.is_at_end:
                return self.text[start : start + 1]
            if blank > settings.BODY_LIMIT_BYTES:
                raise row_too_long_error()
            self.grow()


class JSONArrayFile(JSONRows):
    def __init__(self, file: Any, mapping: ColumnMapping) -> None:
        super().__init__(mapping)
        self.window = Window(file)
        self.scan = JSONDecoder(parse_float=len, parse_int=len, parse_constant=len).scan_once  # type: ignore[attr-defined]
        self.scanned_line = 0

    def rows(self) -> Iterator[bytes]:
        window = self.window
        if window.peek() != "[":
            self.line = window.line_at(window.position)
            raise UnreadableFile("The file is empty." if not window.peek() else NOT_AN_ARRAY)
        window.position += 1
        if window.peek() == "]":
            window.position += 1
        else:
            yield from self.elements()
        if window.peek():
            self.line = window.line_at(window.position)
            raise UnreadableFile("The file continues after the end of the array.")

    def elements(self) -> Iterator[bytes]:
        window = self.window
        while True:
            window.peek()
            end = self.end_of_element()
            self.line = window.line_at(window.position)
            yield window.text[window.position : end].encode()
            window.position = end
            separator = window.peek()
            window.position += 1
            if separator == "]":
                return
            if separator != ",":
                self.line = window.line_at(window.position - 1)
                raise UnreadableFile("A comma or the end of the array is missing after this element.")

    def end_of_element(self) -> int:
        """Return the end of the element at the current position, reading more until it is complete."""
        window = self.window
        while True:
            try:
                _, end = self.scan(window.text, window.position)
                # A number may continue beyond the window, and a separator must follow anyway.
                if end < len(window.text) or window.is_at_end:
                    return self.checked(end)
            except RecursionError:
                raise self.unreadable("JSON nesting is too deep.") from None
            except (StopIteration, ValueError):
                if window.is_at_end:
                    raise self.unreadable("The element is not valid JSON, or the file is cut short.") from None
            if len(window.text) - window.position > settings.BODY_LIMIT_BYTES:
                raise self.unreadable(row_too_long_error().detail)
            window.grow()

    def checked(self, end: int) -> int:
        if end - self.window.position > settings.BODY_LIMIT_BYTES:
            raise self.unreadable(row_too_long_error().detail)
        return end

    def unreadable(self, detail: str) -> UnreadableFile:
        self.line = self.window.line_at(self.window.position)
        return UnreadableFile(detail)
