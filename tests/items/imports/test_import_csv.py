"""Import of CSV: the values of cells, and malformed files."""

import csv
import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from items.models import DatasetItem
from tests.dataset_client import DatasetClient
from tests.items.imports.files import contents, error, errors, file_rejection, imported, preview, send, texts
from tests.json_strategies import CHARACTERS

pytestmark = pytest.mark.django_db


def rows(*cells: list[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(cells)
    return text.getvalue().encode()


def test_cells_become_values(client: DatasetClient) -> None:
    file = rows(
        ["id", "input", "output", "metadata", "ref_trace_id", "ref_timestamp", "ref_source_id", "created_at"],
        ["1", '{"q": "2+2?"}', "4", "some text", "t", "2025-01-01T00:00:00Z", "17", "ignored"],
        ["2", "", "", "", "", "", "", ""],
    )

    assert contents(imported(client, file, "csv")) == [
        ({"q": "2+2?"}, 4, "some text", "t", "2025-01-01T00:00:00Z", "17"),
        (None,) * 6,
    ]


CELLS = [
    ("4", "4"),
    (" 4.50 ", "4.50"),
    ('"4"', '"4"'),
    ("true", "true"),
    ("True", '"True"'),
    ("null", None),
    ('""', '""'),
    (" ", '" "'),
    ("NaN", '"NaN"'),
    ("-Infinity", '"-Infinity"'),
    ("=1+1", '"=1+1"'),
    ("'=1+1", '"\'=1+1"'),
    ("01", '"01"'),
    ("1,5", '"1,5"'),
    ('{"a":1, "a":2}', '{"a":1, "a":2}'),
    ('{\r\n\t"a": 1\r\n}', '{"a": 1}'),
    ("{'a': 1}", "\"{'a': 1}\""),
    ("[1, 2", '"[1, 2"'),
    ("first\nsecond\r\nthird\rfourth", '"first\\nsecond\\r\\nthird\\rfourth"'),
    ('she said "so"', '"she said \\"so\\""'),
    ("é\u2028😀\ufeff", '"é\u2028😀\ufeff"'),
    ("tab\there \\n", '"tab\\there \\\\n"'),
    ("9" * 4500, "9" * 4500),
    ("1e400", "1e400"),
]


@pytest.mark.parametrize(("cell", "text"), CELLS, ids=lambda value: repr(value)[:24])
def test_a_cell_is_json_if_it_can_be(cell: str, text: str | None, client: DatasetClient) -> None:
    response = send(client, rows(["input", "output"], [cell, cell]), "csv")

    assert response.status_code == 201
    assert DatasetItem.objects.get(dataset_id=client.dataset["id"]).input == text


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(st.text(CHARACTERS, min_size=1, max_size=20), min_size=1, max_size=5))
def test_strings_that_are_not_json_are_kept(cells: list[str], client: DatasetClient) -> None:
    marked = [f"~{cell}" for cell in cells]

    assert [
        item["input"] for item in imported(client, rows(["input", "x"], *([m, ""] for m in marked)), "csv")
    ] == marked


def test_reference_cells_are_kept_as_strings(client: DatasetClient) -> None:
    file = rows(["ref_trace_id", "ref_source_id", "input"], ["007", "=1+1", "x"], ['"a"', "null", "x"], ["", "", "x"])

    actual = [(item["ref_trace_id"], item["ref_source_id"]) for item in imported(client, file, "csv")]
    assert actual == [("007", "=1+1"), ('"a"', "null"), (None, None)]


def test_empty_quotes_are_an_empty_reference(client: DatasetClient) -> None:
    """As an export writes it; elsewhere such a cell is null, like one without quotes."""
    file = (
        b'ref_trace_id,input,ref_source_id,ref_timestamp\r\n"","",,""\r\n\r\n,"a,"",""\n""b","",""\n"","x","a",\n'
        b',"[1,"""",2]",,'
    )

    actual = contents(imported(client, file, "csv"))

    assert [(trace, value, source, time) for value, _, _, trace, time, source in actual] == [
        ("", None, None, None), (None, 'a,","\n"b', "", None), ("", "x", "a", None), (None, [1, "", 2], None, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "file",
    [
        b"input,output\r\n1,2\r\n3,4\r\n",
        b"input,output\n1,2\n3,4",
        b"\xef\xbb\xbfinput,output\n1,2\n3,4\n",
        b'\n\r\n"input", output \n\n"1",2\n\n3,"4"\n\n',
    ],
)
def test_all_forms_of_csv_are_read(file: bytes, client: DatasetClient) -> None:
    assert [each[:2] for each in contents(imported(client, file, "csv"))] == [(1, 2), (3, 4)]


def test_a_large_cell(client: DatasetClient) -> None:
    text = "x" * 5_000_000

    assert imported(client, rows(["input", "output"], [text, text]), "csv")[0]["input"] == text


def test_a_row_of_many_lines_is_bounded(client: DatasetClient) -> None:
    file = b'input\n1\n"' + b"line\n" * 5_000_000 + b'"\n'

    assert error(client, file, "csv") == (2, None, "invalid_input", "The row exceeds the limit of 20971520 bytes.")


def test_rows_with_too_many_or_too_few_cells_are_errors(client: DatasetClient) -> None:
    actual = errors(client, b"input,output\n1,2\n1,2,3\n1\n1,2\n", "csv")

    assert [(each["row"], each["detail"]) for each in actual] == [
        (2, "The row has 3 cells, but there are 2 columns."),
        (3, "The row has 1 cells, but there are 2 columns."),
    ]


@pytest.mark.parametrize(
    ("cell", "attr", "code"),
    [
        ("[" * 251 + "]" * 251, "input", "max_depth"),
        ("[" * 100_000 + "]" * 100_000, "input", "max_depth"),
        ("1e200000", "input", "invalid_input"),
        ('"\\ud800"', "input", "surrogate_characters_not_allowed"),
        ("a\0b", "input", "null_characters_not_allowed"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_json_that_cannot_be_stored_is_an_error(cell: str, attr: str, code: str, client: DatasetClient) -> None:
    assert error(client, rows(["input", "x"], ["fine", ""], [cell, ""]), "csv")[:3] == (2, attr, code)


def test_errors_name_the_column(client: DatasetClient) -> None:
    actual = error(client, b"when,input\nsoon,1\n", "csv", mapping={"when": "ref_timestamp"})

    assert actual[:3] == (1, "when", "invalid_input")


@pytest.mark.parametrize(
    ("file", "detail"),
    [
        (b"", "The file is empty; its first row must name the columns."),
        (b"\n\n", "The file is empty; its first row must name the columns."),
        (b"input,output,input\n", 'The file has two columns named "input".'),
        (
            b"input;output\n1;2\n",
            'The cells of the first row are separated by semicolons, not commas: "input;output". Add delimiter=;.',
        ),
        (b"inp\xfct,output\n", "The file is not UTF-8. It may be Latin-1 (Windows-1252)."),
        ("input\n1\n".encode("utf-16"), 'This is UTF-16 text. Save it as UTF-8; in Excel, choose "CSV UTF-8".'),
        (b'"input\n1\n', "A quoted cell begins on line 1 or later and is never closed."),
        (b"question,answer\n1,2\n", "No column is named input, output, "),
    ],
)
def test_an_unusable_header_is_rejected(file: bytes, detail: str, client: DatasetClient) -> None:
    attr, code, message = file_rejection(client, file, "csv")

    assert (attr, code) == (None, "invalid_input")
    assert message.startswith(detail)


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        (b'"open', "A quoted cell begins on line 4 or later and is never closed."),
        (
            b'"a"b',
            "The row is not valid CSV: inside quotes, a quote must be doubled, and a closing quote ends the cell.",
        ),
        (b"caf\xe9", "The file is not UTF-8. It may be Latin-1 (Windows-1252)."),
    ],
)
def test_a_malformed_row_ends_reading(line: bytes, detail: str, client: DatasetClient) -> None:
    [actual] = errors(client, b"input\n1\n2\n" + line + b"\n", "csv")

    assert actual["row"] == 3
    assert actual["detail"].startswith(detail)


def test_a_file_without_rows_makes_no_revision(client: DatasetClient) -> None:
    response = send(client, b"input,output\n", "csv")

    assert (response.status_code, response.json()["rows"], client.head()) == (201, 0, 0)


def test_ten_thousand_columns(client: DatasetClient) -> None:
    names = ["input", *(f"c{n}" for n in range(9_999))]

    [item] = imported(client, rows(names, ["1"] * 10_000), "csv", mapping={"*": "metadata"})

    assert (item["input"], len(item["metadata"])) == (1, 9_999)


def test_a_preview_of_cells(client: DatasetClient) -> None:
    body: dict[str, Any] = preview(client, b'input,output\n"{""a"": 1}",4\n,four\n', "csv")

    assert [(each["input"], each["output"]) for each in body["preview"]] == [({"a": 1}, 4), (None, "four")]


def test_json_is_stored_as_spelled(client: DatasetClient) -> None:
    assert texts(imported(client, rows(["input", "x"], ['{"b": 1.0, "a": 2}', ""]), "csv")) == ['{"b": 1.0, "a": 2}']
