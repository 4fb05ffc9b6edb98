"""Import of JSON Lines: what is stored, to the character, and what is refused."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.history.scene import Scene
from tests.json_strategies import json_texts
from tests.transfer.files import contents, error, errors, imported, lines, preview, refusal, send, texts

pytestmark = pytest.mark.django_db


def test_rows_become_items_in_their_order(scene: Scene) -> None:
    scene.new_item()

    items = imported(
        scene,
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
    assert {item["created_by"]["id"] for item in items} == {scene.people.owner.id}


def test_one_file_is_one_revision(scene: Scene) -> None:
    answer = send(scene, lines(*({"input": n} for n in range(250))))

    assert answer.json() == {
        "dry_run": False, "rows": 250, "created": 250, "errors": [], "preview": [], "dataset_revision": 2,
    }  # fmt: skip
    assert answer.headers["Dataset-Revision"] == "2"
    newest = scene.revisions()[0]
    assert (newest["revision"], newest["created"], newest["created_by"]["id"]) == (2, 250, scene.people.owner.id)
    assert [entry["item"]["input"] for entry in scene.feed(1)] == list(range(250))


EXACT = [
    '{"b": 1.0, "a": [1e2, 0.10],  "b": 123456789012345678901234567890}',
    '"\\/ \\t \\" é 😀"',
    "-0.0",
    "[[],{}]",
    "1E400",
    "9" * 4000,
]


@pytest.mark.parametrize("text", EXACT, ids=lambda text: text[:20])
def test_the_text_is_kept(text: str, scene: Scene) -> None:
    items = imported(scene, lines(f'{{"input" : {text} }}'))

    assert texts(items) == [text]


def test_escapes_become_plain_text_as_in_single_writes(scene: Scene) -> None:
    assert texts(imported(scene, lines('{"input":"\\u00e9\\u0009"}'))) == ['"é\\t"']


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(json_texts(), min_size=1, max_size=8))
def test_an_import_stores_what_single_writes_store(values: list[str], scene: Scene) -> None:
    one_by_one = [
        scene.api.post(scene.items, f'{{"dataset":"{scene.dataset["id"]}","input":{value}}}').json() for value in values
    ]
    # A line of a file cannot hold the line ends that a body may have.
    file = lines(*(f'{{"input":{value}}}'.replace("\n", " ").replace("\t", " ") for value in values))

    assert [json.dumps(item["input"]) for item in imported(scene, file)] == [
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
def test_what_is_a_line(file: bytes, count: int, scene: Scene) -> None:
    assert len(imported(scene, file)) == count


def test_rows_count_from_one_without_blank_lines(scene: Scene) -> None:
    assert error(scene, b'{"input":1}\n\n\n{"ref_timestamp":"soon","input":2}\n') == (
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
def test_errors_are_those_of_single_writes(row: str, attr: str | None, scene: Scene) -> None:
    single = scene.api.post(scene.items, row.replace("{", f'{{"dataset":"{scene.dataset["id"]}",', 1)).json()

    found = error(scene, lines({"input": "fine"}, row))

    assert found[:3] == (2, attr, single["code"])
    # Places in a text that cannot be parsed differ, as the texts do.
    assert found[3].split(":")[0] == single["detail"].split(":")[0]
    assert single["attr"] == attr


def test_bytes_that_are_not_utf8(scene: Scene) -> None:
    row, attr, code, detail = error(scene, b'{"input":1}\n{"input":"\xe9"}\n')

    assert (row, attr, code) == (2, None, "parse_error")
    assert "'utf-8' codec can't decode byte 0xe9" in detail


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf16_is_refused(encoding: str, scene: Scene) -> None:
    text = "\ufeff" + '{"input":1}\n' if encoding.endswith("be") else '{"input":1}\n'

    assert error(scene, text.encode(encoding)) == (1, None, "invalid_input", "The file is UTF-16; it must be UTF-8.")


@pytest.mark.parametrize("file", [b'[{"input":1},\n{"input":2}]', b'[\n  {"input": 1}\n]'])
def test_an_array_is_no_file_of_lines(file: bytes, scene: Scene) -> None:
    detail = "The file begins with [. JSON Lines are one object a line, without an array."
    assert error(scene, file) == (1, None, "invalid_input", detail)


def test_all_errors_are_told_and_nothing_is_stored(scene: Scene) -> None:
    file = lines({"input": 1}, "oops", {"input": 2}, {"ref_timestamp": "x"}, "[]")

    found = errors(scene, file)

    assert [(each["row"], each["attr"]) for each in found] == [(2, None), (4, "ref_timestamp"), (5, None)]
    assert scene.results() == []


def test_reading_ends_with_the_hundredth_error(scene: Scene) -> None:
    found = errors(scene, lines({"input": 1}, *["{"] * 150))

    assert [each["row"] for each in found] == list(range(2, 102))


def test_an_empty_file_makes_no_revision(scene: Scene) -> None:
    for file in (b"", b"\n\n", b"\xef\xbb\xbf"):
        answer = send(scene, file)

        assert answer.status_code == 201
        assert answer.json() == {
            "dry_run": False, "rows": 0, "created": 0, "errors": [], "preview": [], "dataset_revision": 1,
        }  # fmt: skip
    assert scene.head() == 1


def test_rows_of_which_nothing_is_read_cannot_be_meant(scene: Scene) -> None:
    assert refusal(scene, lines({"question": "?", "answer": 4}, {"question": "!"}))[1:] == (
        "invalid_input",
        "None of the columns is input, output, metadata, ref_trace_id, ref_timestamp or ref_source_id, and no mapping "
        'names others. The file has "question".',
    )


def test_a_row_without_columns_is_an_empty_item(scene: Scene) -> None:
    assert contents(imported(scene, lines({}, {"input": 1}))) == [(None,) * 6, (1, *(None,) * 5)]


def test_a_line_of_100_megabytes(scene: Scene) -> None:
    detail = "The row exceeds the limit of 20971520 bytes."

    assert error(scene, b'{"input":1}\n{"input":"' + b"x" * 10**8 + b'"}\n') == (2, None, "invalid_input", detail)


def test_ten_thousand_columns(scene: Scene) -> None:
    row = {f"column_{n}": n for n in range(10_000)} | {"input": 1}

    assert contents(imported(scene, lines(row, row)))[0][0] == 1
    assert len(imported(scene, lines(row), mapping={"*": "metadata"})[0]["metadata"]) == 10_000


def test_a_dry_run_shows_the_first_rows_and_stores_nothing(scene: Scene) -> None:
    body = preview(
        scene, lines({"input": {"a": 1.50}, "ref_timestamp": "2025-01-01T02:00+02:00"}, *[{"input": 2}] * 20)
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


def test_a_dry_run_of_long_rows_shows_fewer(scene: Scene) -> None:
    assert len(preview(scene, lines(*[{"input": "x" * 700_000}] * 5))["preview"]) == 2


def test_a_dry_run_tells_errors_beside_the_rows_that_are_right(scene: Scene) -> None:
    body = preview(scene, lines({"input": 1}, {"ref_timestamp": "x"}, {"input": 3}))

    assert [each["row"] for each in body["errors"]] == [2]
    assert [each["input"] for each in body["preview"]] == [1, 3]
    assert body["rows"] == 3
