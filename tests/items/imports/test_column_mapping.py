"""The mapping of columns to fields."""

from typing import Any

import pytest

from tests.dataset_client import DatasetClient
from tests.items.imports.files import contents, error, file_rejection, imported, lines, parquet, texts

pytestmark = pytest.mark.django_db

ROW = {"question": "2+2?", "context": ["sum"], "answer": 4, "level": 1, "output": "own", "input": "own"}


@pytest.mark.parametrize(
    ("mapping", "given", "made", "rest"),
    [
        ({"question": "input"}, "2+2?", "own", None),
        ({"question": "input.q"}, {"q": "2+2?"}, "own", None),
        ({"question": "input.q", "context": "input.c"}, {"q": "2+2?", "c": ["sum"]}, "own", None),
        ({"context": "input.c", "question": "input.q"}, {"c": ["sum"], "q": "2+2?"}, "own", None),
        ({"question": "input.a.b", "level": "input.a.c"}, {"a": {"b": "2+2?", "c": 1}}, "own", None),
        ({"answer": "output"}, "own", 4, None),
        ({"input": "output", "output": "input"}, "own", "own", None),
        ({"input": "input.raw"}, {"raw": "own"}, "own", None),
        ({"*": "metadata"}, "own", "own", {"question": "2+2?", "context": ["sum"], "answer": 4, "level": 1}),
        ({"*": "metadata.row", "question": "input"}, "2+2?", "own",
         {"row": {"context": ["sum"], "answer": 4, "level": 1, "input": "own"}}),
        ({"*": "input"}, ROW | {}, "own", None),
        ({"*": "metadata", "level": "metadata.difficulty"}, "own", "own",
         {"difficulty": 1, "question": "2+2?", "context": ["sum"], "answer": 4}),
    ],
)  # fmt: skip
def test_columns_fill_their_mapped_targets(
    mapping: Any, given: Any, made: Any, rest: Any, client: DatasetClient
) -> None:
    if mapping == {"*": "input"}:
        given = {name: value for name, value in ROW.items() if name != "output"}

    [actual] = contents(imported(client, lines(ROW), mapping=mapping))

    assert actual[:3] == (given, made, rest)


def test_members_come_in_the_order_of_the_mapping_and_then_of_the_file(client: DatasetClient) -> None:
    mapping = {"c": "input.third", "a": "input.first", "*": "input"}

    assert texts(imported(client, lines('{"z":0,"a":1,"b":2.50,"c":3}'), mapping=mapping)) == [
        '{"third":3,"first":1,"z":0,"b":2.50}'
    ]


def test_a_mapping_works_for_every_format(client: DatasetClient) -> None:
    mapping = {"question": "input.q", "trace": "ref_trace_id", "*": "metadata"}
    expected = [({"q": "2+2?"}, "4", {"level": 1, "note": None}, "t", None, None)]

    of_lines = imported(client, lines({"question": "2+2?", "trace": "t", "output": "4", "level": 1, "note": None}),
                        mapping=mapping)  # fmt: skip
    of_cells = imported(client, b'question,trace,output,level,note\n2+2?,t,"""4""",1,\n', "csv", mapping=mapping)
    file = parquet({"question": ["2+2?"], "trace": ["t"], "output": ["4"], "level": [1], "note": [None]})
    of_columns = imported(client, file, "parquet", mapping=mapping)

    assert contents(of_lines) == contents(of_cells) == contents(of_columns) == expected


def test_lines_may_lack_columns(client: DatasetClient) -> None:
    mapping = {"q": "input.q", "a": "output.text", "*": "metadata"}

    assert [each[:3] for each in contents(imported(client, lines({"q": 1}, {"a": 2, "x": 3}), mapping=mapping))] == [
        ({"q": 1}, None, None),
        (None, {"text": 2}, {"x": 3}),
    ]


@pytest.mark.parametrize("import_format", ["jsonl", "csv", "parquet"])
def test_a_mapped_column_that_is_absent_is_rejected(import_format: str, client: DatasetClient) -> None:
    file = {"jsonl": lines({"input": 1}), "csv": b"input\n1\n", "parquet": parquet({"input": [1]})}[import_format]

    actual = file_rejection(client, file, import_format, mapping={"quesiton": "input.q"})

    assert actual == ("mapping", "invalid_input", 'There is no column "quesiton". The file has "input".')


@pytest.mark.parametrize(
    ("mapping", "code", "detail"),
    [
        ('{"a": "inptu"}', "invalid_choice", '"inptu" is not a target. '),
        ('{"a": "dataset"}', "invalid_choice", '"dataset" is not a target. '),
        ('{"a": ""}', "invalid_choice", '"" is not a target. '),
        ('{"a": "input."}', "invalid_choice", '"input." is not a target. '),
        ('{"a": "input..b"}', "invalid_choice", '"input..b" is not a target. '),
        ('{"a": ".input"}', "invalid_choice", '".input" is not a target. '),
        ('{"a": "ref_trace_id.b"}', "invalid_choice", '"ref_trace_id.b" is not a target. '),
        ('{"a": 7}', "invalid_choice", '"7" is not a target. '),
        ('{"a": ["input"]}', "invalid_choice", ""),
        ('{"a": null}', "invalid_choice", ""),
        ('{"*": "ref_trace_id"}', "invalid_input", "The remaining columns cannot be mapped to ref_trace_id."),
        ('{"a": "input", "b": "input"}', "conflict", "A mapping cannot fill input twice."),
        ('{"a": "input", "b": "input.q"}', "conflict", "A mapping cannot fill input and input.q."),
        ('{"a": "input.q.r", "b": "input.q"}', "conflict", "A mapping cannot fill input.q and input.q.r."),
        ('{"a": "metadata", "*": "metadata"}', "conflict", "A mapping cannot fill metadata twice."),
        ('{"a": "metadata", "*": "metadata.rest"}', "conflict", "A mapping cannot fill metadata and metadata.rest."),
        ('{"a": "input", "a": "output"}', "invalid_input", 'The mapping names column "a" twice.'),
        ("{", "invalid_input", "The mapping is not valid JSON."),
        ("[" * 9_000, "invalid_input", "The mapping is not valid JSON."),
        ("[]", "invalid_input", "The mapping must be a JSON object of columns and their targets."),
        ('[["a", "input"]]', "invalid_input", "The mapping must be a JSON object of columns and their targets."),
        ("null", "invalid_input", "The mapping must be a JSON object of columns and their targets."),
        ('"input"', "invalid_input", "The mapping must be a JSON object of columns and their targets."),
    ],
    ids=lambda value: value[:40],
)
def test_invalid_mappings_are_rejected(mapping: str, code: str, detail: str, client: DatasetClient) -> None:
    actual = file_rejection(client, lines({"a": 1, "b": 2}), mapping=mapping)

    assert actual[:2] == ("mapping", code)
    assert actual[2].startswith(detail)


def test_the_rest_must_not_conflict_with_mapped_columns(client: DatasetClient) -> None:
    mapping = {"a": "metadata.level", "*": "metadata"}

    assert file_rejection(client, b"a,level\n1,2\n", "csv", mapping=mapping)[2] == (
        "Two columns would be stored at metadata.level."
    )
    assert error(client, lines({"a": 1}, {"a": 1, "level": 2}), mapping=mapping)[:2] == (2, "mapping")


def test_names_of_columns_become_keys_unchanged(client: DatasetClient) -> None:
    row = {'a.b"\\\n': 1, "é😀": 2, "": 3, "*": 4}

    [item] = imported(client, lines(row), mapping={"*": "input"})

    assert item["input"] == row


@pytest.mark.parametrize("key", ['"a\\u0000b"', '"\\ud800"'])
def test_names_that_cannot_be_stored_are_rejected(key: str, client: DatasetClient) -> None:
    assert error(client, lines(f"{{{key}:1}}"), mapping={"*": "input"})[:2] == (1, "input")


def test_an_empty_mapping_is_ignored(client: DatasetClient) -> None:
    assert imported(client, lines({"input": 1}), mapping="")[0]["input"] == 1
    assert imported(client, lines({"input": 1}), mapping={})[0]["input"] == 1
