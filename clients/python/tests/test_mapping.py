"""Columns become fields, and none is dropped silently."""

from pathlib import Path
from typing import Any

import pandas
import pytest

from datasets_client import InvalidRow
from datasets_client._json_text import write_json
from datasets_client._mapping import RowMapping
from datasets_client._rows import read_rows


def item(row: dict[str, Any], mapping: dict[str, str] | None = None, key: str | None = None) -> str:
    return write_json(RowMapping(mapping, key).item(row, 1))


def test_the_six_fields_need_no_mapping() -> None:
    row = {"input": {"q": 1}, "output": "x", "metadata": None, "ref_source_id": "a"}

    assert item(row) == '{"input":{"q":1},"output":"x","metadata":null,"ref_source_id":"a"}'


def test_columns_become_objects_in_the_order_of_the_row_and_the_rest_goes_where_it_is_sent() -> None:
    row = {"question": "2+2?", "context": "sums", "answer": "4", "level": 1}
    mapping = {"question": "input.question", "context": "input.context", "answer": "output", "*": "metadata"}

    assert item(row, mapping) == ('{"input":{"question":"2+2?","context":"sums"},"output":"4","metadata":{"level":1}}')


def test_the_key_becomes_the_ref_source_id() -> None:
    assert item({"case_id": 7, "input": 1}, key="case_id") == '{"input":1,"ref_source_id":"7"}'


@pytest.mark.parametrize("value", [None, "", 1.5, True, ["a"], {}])
def test_a_key_is_a_text_or_a_whole_number(value: object) -> None:
    with pytest.raises(InvalidRow, match="Row 1: The key column"):
        item({"case_id": value, "input": 1}, key="case_id")


def test_a_column_that_goes_nowhere_is_an_error_with_a_hint() -> None:
    with pytest.raises(InvalidRow, match="Did you mean output"):
        item({"input": 1, "expected_output": 2})
    with pytest.raises(InvalidRow, match=r"input\.colour"):
        item({"input": 1, "colour": 2})


def test_what_an_export_shows_besides_is_no_column() -> None:
    assert item({"id": "x", "input": 1, "created_at": "2026-01-01", "updated_at": "2026-01-01"}) == '{"input":1}'


@pytest.mark.parametrize(
    "mapping", [{"a": "inputs"}, {"a": "ref_source_id.b"}, {"a": "input", "b": "input.c"}, {"a": "input", "b": "input"}]
)
def test_a_mapping_that_cannot_be_meant_is_refused(mapping: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="mapp"):
        RowMapping(mapping)


def test_a_field_that_a_mapping_fills_is_a_column_like_any_other() -> None:
    assert item({"input": 1, "x": 2}, {"x": "input", "*": "metadata"}) == '{"metadata":{"input":1},"input":2}'


def test_json_lines_keep_every_digit(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('\ufeff{"input": {"z": 1.50, "a": 1e2}, "output": 12345678901234567890.0}\r\n\n', encoding="utf-8")

    (row,) = read_rows(path)

    assert item(dict(row)) == '{"input":{"z": 1.50, "a": 1e2},"output":12345678901234567890.0}'


def test_cells_of_csv_are_json_where_they_can_be(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('input,output,metadata,ref_source_id\n4,True,"{""a"":1.0}",007\n"""4""",NaN,,\n', encoding="utf-8")

    first, second = [item(dict(row)) for row in read_rows(path)]

    assert first == '{"input":4,"output":"True","metadata":{"a":1.0},"ref_source_id":"007"}'
    assert second == '{"input":"4","output":"NaN","metadata":null,"ref_source_id":null}'


def test_cells_stay_texts_where_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "rows.tsv"
    path.write_text("input\toutput\n4\t\n", encoding="utf-8")

    assert [item(dict(row)) for row in read_rows(path, "text")] == ['{"input":"4","output":null}']


def test_missing_values_of_a_frame_are_null_and_numbers_plain() -> None:
    frame = pandas.DataFrame({"input": [1, 2], "output": [0.5, float("nan")], "ref_source_id": ["a", None]})

    assert [item(dict(row)) for row in read_rows(frame)] == [
        '{"input":1,"output":0.5,"ref_source_id":"a"}',
        '{"input":2,"output":null,"ref_source_id":null}',
    ]


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.jsonl", b'{"input": 1}\n[2]\n', "line 2"),
        ("a.jsonl", b"\xff\xfe", "not UTF-8"),
        ("a.json", b'{"input": 1}', "JSON array"),
        ("a.csv", b"input,output\n1\n", "line 2 has 1 cells"),
        ("a.csv", b"input,input\n1,2\n", "twice"),
        ("a.csv", b'input\n"1\n', "line"),
        ("a.jsonl.gz", b"\x1f\x8b\x08\x00", "gzip"),
        ("a.xlsx", b"PK", "name a file"),
    ],
)
def test_files_that_cannot_be_read_say_where(tmp_path: Path, name: str, content: bytes, text: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(InvalidRow, match=text):
        list(read_rows(path))


def test_one_dict_is_not_rows() -> None:
    with pytest.raises(TypeError, match="not one dict"):
        read_rows({"input": 1})
