"""Import of Excel workbooks: the values of cells, and limits on everything in the archive."""

import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook

from tests.dataset_client import DatasetClient
from tests.items.imports.files import contents, error, file_rejection, gzipped, imported, preview, send, texts
from tests.items.imports.workbooks import HEAD, with_part, with_sheet_xml, workbook

pytestmark = pytest.mark.django_db

# Excel has no time zones.
MIDNIGHT = dt.datetime(2025, 1, 2)  # noqa: DTZ001
TIME = dt.datetime(2025, 1, 2, 3, 4, 5)  # noqa: DTZ001


def test_the_six_fields(client: DatasetClient) -> None:
    file = workbook(
        ["input", "output", "metadata", "ref_trace_id", "ref_timestamp", "ref_source_id", "note"],
        ['{"q": "2+2?"}', 4, "some text", "t", TIME, 17, "ignored"],
        [],
        [None, True, None, None, None, None, None],
    )

    assert contents(imported(client, file, "xlsx")) == [
        ({"q": "2+2?"}, 4, "some text", "t", "2025-01-02T03:04:05Z", "17"),
        (None, True, None, None, None, None),
    ]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (4, "4"),
        (4.5, "4.5"),
        (True, "true"),
        ("four", '"four"'),
        ("42", "42"),
        ("007", '"007"'),
        ("[1, 2]", "[1, 2]"),
        (dt.date(2025, 1, 2), '"2025-01-02"'),
        (MIDNIGHT, '"2025-01-02T00:00:00Z"'),
        (TIME, '"2025-01-02T03:04:05Z"'),
        (dt.time(3, 4, 5), '"03:04:05"'),
        (dt.timedelta(hours=30, minutes=1), '"30:01:00"'),
    ],
)
def test_cells_become_values(cell: Any, text: str, client: DatasetClient) -> None:
    assert texts(imported(client, workbook(["input"], [cell]), "xlsx")) == [text]


def test_cells_that_stay_strings(client: DatasetClient) -> None:
    file = workbook(["question", "answer"], ["42", "true"], ["[1]", 4.5])

    mapped = imported(client, file, "xlsx", mapping={"question": "input:text", "answer": "output"})
    assert [row[:2] for row in contents(mapped)] == [("42", True), ("[1]", 4.5)]
    both = imported(client, file, "xlsx", mapping={"question": "input", "answer": "output"}, cells="text")
    assert [row[:2] for row in contents(both)] == [("42", "true"), ("[1]", "4.5")]


def test_a_sheet_by_its_name(client: DatasetClient) -> None:
    file = workbook(sheets={"Notes": [["input"], [1]], "Cases": [["input"], [2]]})

    assert [row[0] for row in contents(imported(client, file, "xlsx", sheet="Cases"))] == [2]
    assert [row[0] for row in contents(imported(client, file, "xlsx"))] == [1]
    assert file_rejection(client, file, "xlsx", sheet="cases") == (
        "sheet", "does_not_exist", 'There is no sheet "cases". The workbook has "Notes", "Cases".',
    )  # fmt: skip


def test_a_compressed_workbook_and_its_media_type(client: DatasetClient) -> None:
    file = workbook(["input"], [1])

    assert len(imported(client, gzipped(file), "xlsx")) == 1
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert send(client, file, None, media_type=media_type).status_code == 201


def test_errors_name_the_row_of_the_sheet(client: DatasetClient) -> None:
    file = workbook(["input", "ref_timestamp"], [1, None], [], [2, "soon"])
    body = send(client, file, "xlsx").json()

    assert [(each["row"], each["line"], each["attr"]) for each in body["errors"]] == [(2, 4, "ref_timestamp")]


def test_cells_without_a_value_are_errors(client: DatasetClient) -> None:
    assert error(client, workbook(["input"], ["=1+1"]), "xlsx")[3].startswith("The cell contains a formula without a")
    failed = with_sheet_xml(HEAD + '<row r="2"><c r="A2" t="e"><v>#REF!</v></c></row>')
    assert error(client, failed, "xlsx")[3] == "The cell contains the error #REF!."
    assert error(client, workbook(["input"], [1, 2]), "xlsx")[3].startswith("Column 2 has a value, but no name")


def test_the_result_of_a_formula_is_read(client: DatasetClient) -> None:
    file = with_sheet_xml(HEAD + '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c></row>')

    assert contents(imported(client, file, "xlsx"))[0][0] == 2


def test_columns_without_a_name_are_ignored(client: DatasetClient) -> None:
    body = preview(client, workbook(["input", None, " ", "output"], [1, "x", None, 2]), "xlsx")

    assert body["ignored_columns"] == ["column 2, without a name", "column 3, without a name"]
    assert [(each["input"], each["output"]) for each in body["preview"]] == [(1, 2)]


@pytest.mark.parametrize("file", [workbook(), workbook([])], ids=["no rows", "a row of nothing"])
def test_an_empty_sheet(file: bytes, client: DatasetClient) -> None:
    assert file_rejection(client, file, "xlsx")[2] == "The sheet is empty; its first row must name the columns."


def test_damaged_workbooks_are_a_400(client: DatasetClient) -> None:
    file = workbook(["input"], ["x" * 100])

    for place in range(0, len(file), 97):
        for damaged in (file[:place], file[:place] + b"\x5a" + file[place + 1 :]):
            assert send(client, damaged, "xlsx").status_code in {201, 400}, place
    for part in ("xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "xl/worksheets/sheet1.xml"):
        for content in (b"", b"<x/>", b"<x", b"\xff"):
            assert send(client, with_part(file, part, content), "xlsx").status_code in {201, 400}, (part, content)


# --- Bounds


def test_two_cells_in_far_corners_need_no_memory_between_them(client: DatasetClient) -> None:
    book = Workbook()
    book.active["A1"], book.active["B1048576"] = "input", "far"
    file = io.BytesIO()
    book.save(file)

    response = send(client, file.getvalue(), "xlsx")

    assert response.json()["errors"][0]["line"] == 1_048_576


@pytest.mark.parametrize(
    ("rows", "detail"),
    [
        ('<row r="1">' + '<c r="A1"/>' * 500_000 + "</row>", "A row of the sheet has more than 4 MiB."),
        ("<x/>" * 2_000_000, "A row of the sheet has more than 4 MiB."),
        (
            '<row r="99999999999"><c t="inlineStr"><is><t>input</t></is></c></row>',
            "A sheet has at most 1,048,576 rows.",
        ),
    ],
)
def test_a_sheet_that_is_not_a_table_is_rejected(rows: str, detail: str, client: DatasetClient) -> None:
    assert file_rejection(client, with_sheet_xml(rows), "xlsx")[2].startswith(detail)


def test_parts_that_the_library_keeps_in_memory_are_bounded(client: DatasetClient) -> None:
    file = workbook(["input"], [1])

    assert (
        "decompresses to more than 8 MiB"
        in file_rejection(client, with_part(file, "xl/styles.xml", b" " * 9_000_000), "xlsx")[2]
    )
    assert (
        "decompress to more than 64 MiB"
        in file_rejection(client, with_part(file, "xl/sharedStrings.xml", b" " * 70_000_000), "xlsx")[2]
    )


def test_an_archive_of_too_many_parts_is_rejected(client: DatasetClient) -> None:
    file = io.BytesIO(workbook(["input"], [1]))
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(10_001):
            archive.writestr(f"x{number}", b"")

    assert "the limit is 10,000" in file_rejection(client, file.getvalue(), "xlsx")[2]
