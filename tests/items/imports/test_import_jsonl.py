"""Import of JSON Lines: what is stored, to the character, and what is rejected."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dataset_client import DatasetClient
from tests.items.imports.files import contents, error, errors, file_rejection, imported, lines, preview, send, texts
from tests.json_strategies import json_texts

pytestmark = pytest.mark.django_db


def test_rows_become_items_in_their_order(client: DatasetClient) -> None:
    client.new_item()

    items = imported(
        client,
        lines(
            {"input": {"q": "2+2?"}, "output": 4, "metadata": [1], "ref_trace_id": "t", "ref_source_id": "s"},
            {"output": None, "ref_timestamp": "2025-01-01T02:00:00+02:00", "ref_trace_id": None},
            {"input": False, "other": 1, "id": "ignored", "deleted": True, "dataset": "ignored"},
        ),
    )

    assert contents(items) == [
        ({"q": "2+2?"}, 4, [1], "t", None, "s"),
        (None, None, None, None, "2025-01-01T00:00:00Z", None),
        (False, None, None, None, None, None),
    ]
    assert [item["id"] for item in items] == sorted(item["id"] for item in items)
    assert [item["deleted"] for item in items] == [False] * 3
    assert {item["created_by"]["id"] for item in items} == {client.people.owner.id}


def test_one_file_is_one_revision(client: DatasetClient) -> None:
    response = send(client, lines(*({"input": n} for n in range(250))))

    assert response.json() == {
        "dry_run": False, "rows": 250, "created": 250,
            "updated": 0, "unchanged": 0, "skipped": 0, "archived": 0,
            "errors": [], "examples": [], "preview": [], "dataset_revision": 1,
        "ignored_columns": [], "hints": [], "matched_columns": [],
    }  # fmt: skip
    assert response.headers["Dataset-Revision"] == "1"
    newest = client.revisions()[0]
    assert (newest["revision"], newest["created"], newest["created_by"]["id"]) == (1, 250, client.people.owner.id)
    assert [entry["item"]["input"] for entry in client.feed()] == list(range(250))


EXACT = [
    '{"b": 1.0, "a": [1e2, 0.10],  "b": 123456789012345678901234567890}',
    '"\\/ \\t \\" é 😀"',
    "-0.0",
    "[[],{}]",
    "1E400",
    "9" * 4000,
]


@pytest.mark.parametrize("text", EXACT, ids=lambda text: text[:20])
def test_json_text_is_kept(text: str, client: DatasetClient) -> None:
    items = imported(client, lines(f'{{"input" : {text} }}'))

    assert texts(items) == [text]


def test_escapes_become_plain_text_as_in_single_writes(client: DatasetClient) -> None:
    assert texts(imported(client, lines('{"input":"\\u00e9\\u0009"}'))) == ['"é\\t"']


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(json_texts(), min_size=1, max_size=8))
def test_an_import_stores_what_single_writes_store(values: list[str], client: DatasetClient) -> None:
    one_by_one = [
        client.api.post(client.items, f'{{"dataset":"{client.dataset["id"]}","input":{value}}}').json()
        for value in values
    ]
    # A line cannot contain the line ends that a body may have.
    file = lines(*(f'{{"input":{value}}}'.replace("\n", " ").replace("\t", " ") for value in values))

    assert [json.dumps(item["input"]) for item in imported(client, file)] == [
        json.dumps(item["input"]) for item in one_by_one
    ]


@pytest.mark.parametrize(
    ("file", "count"),
    [
        pytest.param(b'{"input":1}\r\n{"input":2}\r\n', 2, id="CRLF"),
        pytest.param(b'{"input":1}\n{"input":2}', 2, id="no end"),
        pytest.param(b'\n  \n{"input":1}\n\r\n\t\n{"input":2}\n\n', 2, id="blank lines"),
        pytest.param(b'\xef\xbb\xbf{"input":1}\n{"input":2}\n', 2, id="byte order mark"),
        pytest.param('{"input":"a\u2028b\u0085c"}\n'.encode(), 1, id="separators of Unicode"),
    ],
)
def test_line_ends(file: bytes, count: int, client: DatasetClient) -> None:
    assert len(imported(client, file)) == count


def test_rows_count_from_one_without_blank_lines(client: DatasetClient) -> None:
    assert error(client, b'{"input":1}\n\n\n{"ref_timestamp":"soon","input":2}\n') == (
        2,
        "ref_timestamp",
        "invalid_input",
        "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].",
    )


@pytest.mark.parametrize(
    ("row", "attr"),
    [
        ('{"input": 1', None),
        ('{"input": NaN}', "input"),
        ('{"input": 1e200000}', "input"),
        ('{"metadata": "a\\u0000b"}', "metadata"),
        ('{"output": ["\\ud800"]}', "output"),
        ('{"input": ' + "[" * 251 + "]" * 251 + "}", "input"),
        ('{"input": ' + "[" * 100_000 + "]" * 100_000 + "}", None),
        ('{"ref_trace_id": "' + "x" * 256 + '"}', "ref_trace_id"),
        ('{"ref_source_id": {"a": 1}}', "ref_source_id"),
        ('{"ref_source_id": "a\\u0000b"}', "ref_source_id"),
        ('{"ref_source_id": "\\udfff"}', "ref_source_id"),
        ('{"ref_timestamp": 5}', "ref_timestamp"),
        ("17", None),
        ("null", None),
        ('"text"', None),
        ("[1]", None),
    ],
    ids=lambda value: str(value)[:30],
)
def test_errors_are_those_of_single_writes(row: str, attr: str | None, client: DatasetClient) -> None:
    single = client.api.post(client.items, row.replace("{", f'{{"dataset":"{client.dataset["id"]}",', 1)).json()

    actual = error(client, lines({"input": "fine"}, row))

    assert actual[:3] == (2, attr, single["code"])
    # Errors in invalid JSON have messages of their own.
    assert actual[3] == single["detail"] or single["code"] == "parse_error"
    assert not actual[3].startswith("JSON parse error")
    assert single["attr"] == attr


def test_invalid_utf_8_is_rejected(client: DatasetClient) -> None:
    row, attr, code, detail = error(client, b'{"input":1}\n{"input":"\xe9"}\n')

    assert (row, attr, code) == (2, None, "parse_error")
    assert detail.startswith("The file is not UTF-8. It may be Latin-1 (Windows-1252).")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf16_is_rejected(encoding: str, client: DatasetClient) -> None:
    text = "\ufeff" + '{"input":1}\n' if encoding.endswith("be") else '{"input":1}\n'

    detail = 'This is UTF-16 text. Save it as UTF-8; in Excel, choose "CSV UTF-8".'
    assert file_rejection(client, text.encode(encoding)) == (None, "invalid_input", detail)


@pytest.mark.parametrize("file", [b'[{"input":1},\n{"input":2}]', b'[\n  {"input": 1}\n]'])
def test_an_array_is_rejected(file: bytes, client: DatasetClient) -> None:
    detail = "This is a JSON array. Send it as import_format=json."
    assert file_rejection(client, file) == (None, "invalid_input", detail)


def test_all_errors_are_reported_and_nothing_is_stored(client: DatasetClient) -> None:
    file = lines({"input": 1}, "oops", {"input": 2}, {"ref_timestamp": "x"}, "[]")

    actual = errors(client, file)

    assert [(each["row"], each["attr"]) for each in actual] == [(2, None), (4, "ref_timestamp"), (5, None)]
    assert client.results() == []


def test_reading_ends_at_the_hundredth_error(client: DatasetClient) -> None:
    actual = errors(client, lines({"input": 1}, *["{"] * 150))

    assert [each["row"] for each in actual] == list(range(2, 102))


def test_an_empty_file_makes_no_revision(client: DatasetClient) -> None:
    for file in (b"", b"\n\n", b"\xef\xbb\xbf"):
        response = send(client, file)

        assert response.status_code == 201, response.content
        assert response.json() == {
            "dry_run": False, "rows": 0, "created": 0,
            "updated": 0, "unchanged": 0, "skipped": 0, "archived": 0,
            "errors": [], "examples": [], "preview": [], "dataset_revision": 0,
            "ignored_columns": [], "hints": [], "matched_columns": [],
        }  # fmt: skip
    assert client.head() == 0


def test_a_file_without_any_readable_column_is_rejected(client: DatasetClient) -> None:
    assert file_rejection(client, lines({"question": "?", "answer": 4}, {"question": "!"}))[1:] == (
        "invalid_input",
        "No column is named input, output, metadata, ref_trace_id, ref_timestamp or ref_source_id, and no mapping was "
        'given. The file has "question". Example: mapping={"question": "input"}',
    )


def test_a_row_without_columns_is_an_empty_item(client: DatasetClient) -> None:
    assert contents(imported(client, lines({}, {"input": 1}))) == [(None,) * 6, (1, *(None,) * 5)]


def test_a_line_of_100_megabytes(client: DatasetClient) -> None:
    detail = "The row exceeds the limit of 20971520 bytes."

    assert error(client, b'{"input":1}\n{"input":"' + b"x" * 10**8 + b'"}\n') == (2, None, "invalid_input", detail)


def test_ten_thousand_columns(client: DatasetClient) -> None:
    row = {f"column_{n}": n for n in range(10_000)} | {"input": 1}

    assert contents(imported(client, lines(row, row)))[0][0] == 1
    assert len(imported(client, lines(row), mapping={"*": "metadata"})[0]["metadata"]) == 10_000


def test_a_dry_run_shows_the_first_rows_and_stores_nothing(client: DatasetClient) -> None:
    body = preview(
        client, lines({"input": {"a": 1.50}, "ref_timestamp": "2025-01-01T02:00+02:00"}, *[{"input": 2}] * 20)
    )

    assert (body["rows"], body["errors"]) == (21, [])
    assert body["preview"][0] == {
        "input": {"a": 1.5},
        "output": None,
        "metadata": None,
        "ref_trace_id": None,
        "ref_timestamp": "2025-01-01T00:00:00Z",
        "ref_source_id": None,
    }
    assert len(body["preview"]) == 10


def test_a_dry_run_of_long_rows_shows_fewer(client: DatasetClient) -> None:
    assert len(preview(client, lines(*[{"input": "x" * 700_000}] * 5))["preview"]) == 2


def test_a_dry_run_reports_errors_beside_valid_rows(client: DatasetClient) -> None:
    body = preview(client, lines({"input": 1}, {"ref_timestamp": "x"}, {"input": 3}))

    assert [each["row"] for each in body["errors"]] == [2]
    assert [each["input"] for each in body["preview"]] == [1, 3]
    assert body["rows"] == 3
