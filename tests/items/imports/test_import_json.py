"""Import of a JSON array of objects, read one element at a time."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from items.imports.column_mapping import ColumnMapping
from items.imports.errors import UnreadableFile
from items.imports.json_file import JSONArrayFile
from tests.dataset_client import DatasetClient
from tests.items.imports.files import contents, error, errors, file_rejection, gzipped, imported, preview, texts

pytestmark = pytest.mark.django_db


class Slow(io.BytesIO):
    """Returns a few bytes at a time, so that every position is once the end of the available data."""

    def read1(self, size: int | None = -1, /) -> bytes:
        return super().read1(3)


def rows(text: str) -> list[Any]:
    return [json.loads(row) for row in JSONArrayFile(Slow(text.encode()), ColumnMapping()).rows()]


@given(st.lists(st.dictionaries(st.text(max_size=5), st.integers() | st.floats(allow_nan=False) | st.text(max_size=9))))
def test_elements_are_read_wherever_blocks_end(values: list[Any]) -> None:
    for indent in (None, 1):
        assert rows(json.dumps(values, indent=indent, ensure_ascii=False)) == values


@pytest.mark.parametrize("text", ["[", "[1", "[1,", "[1,]", "[1 2]", "[1]x", "{}", "", "  ", "nul", '["', "[1]]"])
def test_other_json_than_an_array_is_rejected(text: str) -> None:
    with pytest.raises(UnreadableFile):
        rows(text)


def test_an_array_of_objects(client: DatasetClient) -> None:
    file = b'\xef\xbb\xbf [ {"input": {"b": 1.0, "a": 2}, "output": "x"},\n\n{"input": 1e400} ] \n'

    assert texts(imported(client, file, "json")) == ['{"b": 1.0, "a": 2}', "1e400"]
    assert len(imported(client, gzipped(file), "json")) == 2
    assert preview(client, b"[]", "json")["rows"] == 0


def test_errors_have_the_line_on_which_the_element_begins(client: DatasetClient) -> None:
    file = b'[\n  {"input": 1},\n  {\n    "ref_timestamp": "soon"\n  },\n  7\n]'

    actual = errors(client, file, "json")

    assert [(each["row"], each["line"], each["attr"]) for each in actual] == [(2, 3, "ref_timestamp"), (3, 6, None)]


def test_a_truncated_array_still_reports_the_rows_before(client: DatasetClient) -> None:
    assert error(client, b'[{"input": 1},\n{"input": ', "json") == (
        2, None, "invalid_input", "The element is not valid JSON, or the file is cut short.",
    )  # fmt: skip
    assert error(client, b'[{"input": 1}\n{"input": 2}]', "json")[3].startswith("A comma or the end of the array is")
    assert error(client, '[{"input": "é"}]'.encode("latin-1"), "json")[3].startswith("The file is not UTF-8.")


def test_too_deep_and_too_long_elements_are_rejected(client: DatasetClient) -> None:
    assert error(client, b'[{"input": ' + b"[" * 100_000 + b"]" * 100_000 + b"}]", "json")[3].startswith("JSON nesting")
    long = b'[{"input": "' + b"x" * 21_000_000 + b'"}]'
    assert error(client, long, "json")[3] == "The row exceeds the limit of 20971520 bytes."


def test_a_single_object_is_rejected(client: DatasetClient) -> None:
    assert file_rejection(client, b'{"data": []}', "json")[2] == "This is JSON Lines. Send it as import_format=jsonl."


def test_a_long_array(client: DatasetClient) -> None:
    file = json.dumps([{"input": number, "output": "x" * 100} for number in range(3_000)]).encode()

    assert [row[0] for row in contents(imported(client, file, "json"))][:3] == [2000, 2001, 2002]
