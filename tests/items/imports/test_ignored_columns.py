"""Nothing in a file is ignored silently: ignored columns, hints, and names that match except for spelling."""

import json

import pytest

from tests.dataset_client import DatasetClient, created
from tests.items.imports.files import contents, file_rejection, imported, lines, parquet, preview, send
from tests.items.imports.workbooks import workbook

pytestmark = pytest.mark.django_db

PEERS = ["expectedOutput", "expected_output", "Expected Output", "expected", "reference", "answer", "target", "label"]


def files(*names: str) -> list[tuple[str, bytes]]:
    """Return one row with these names in every format."""
    row = dict.fromkeys(names, "a")
    return [
        ("jsonl", lines(row)),
        ("json", json.dumps([row]).encode()),
        ("csv", (",".join(names) + "\r\n" + ",".join(row.values()) + "\r\n").encode()),
        ("xlsx", workbook(list(names), list(row.values()))),
        ("parquet", parquet({name: [value] for name, value in row.items()})),
    ]


@pytest.mark.parametrize("name", PEERS)
def test_a_column_with_another_tools_name_gets_a_hint(name: str, client: DatasetClient) -> None:
    for import_format, file in files("input", name):
        for body in (preview(client, file, import_format), created(send(client, file, import_format))):
            assert body["ignored_columns"] == [name], import_format
            assert body["hints"] == [{"column": name, "target": "output"}]
            assert body["matched_columns"] == []


def test_a_filled_field_gets_no_hint(client: DatasetClient) -> None:
    body = preview(client, b"input,output,answer,id\n1,2,3,4\n", "csv")

    assert (body["ignored_columns"], body["hints"]) == (["answer", "id"], [])


def test_input_and_metadata_have_hints_too(client: DatasetClient) -> None:
    body = preview(client, b"question,output,Tags\n1,2,3\n", "csv")

    assert body["hints"] == [{"column": "question", "target": "input"}, {"column": "Tags", "target": "metadata"}]


def test_strict_rejects_ignored_columns(client: DatasetClient) -> None:
    for import_format, file in files("input", "expected"):
        response = send(client, file, import_format, strict=True)

        assert (response.status_code, response.json()["code"]) == (400, "ignored_columns")
        assert response.json()["ignored_columns"] == ["expected"]
        assert response.json()["hints"] == [{"column": "expected", "target": "output"}]
    assert client.results() == []
    assert send(client, b"input,x\n1,2\n", "csv", strict=True, mapping={"*": "metadata"}).status_code == 201


def test_the_rest_leaves_nothing_ignored(client: DatasetClient) -> None:
    assert preview(client, b"input,a,b\n1,2,3\n", "csv", mapping={"*": "metadata"})["ignored_columns"] == []


@pytest.mark.parametrize("import_format", ["csv", "parquet"])
def test_a_file_without_a_known_column_names_its_columns(import_format: str, client: DatasetClient) -> None:
    file = {"csv": b"question,level\n1,2\n", "parquet": parquet({"question": [1], "level": [2]})}[import_format]

    body = send(client, file, import_format).json()

    assert body["detail"].startswith("No column is named input")
    assert body["ignored_columns"] == ["question", "level"]
    assert body["hints"] == [{"column": "question", "target": "input"}]


def test_the_list_of_ignored_columns_is_bounded(client: DatasetClient) -> None:
    file = lines(*({"input": 1, f"column_{number}": 1} for number in range(1100)))

    ignored = preview(client, file)["ignored_columns"]

    assert ignored[:2] == ["column_0", "column_1"]
    assert len(ignored) == 1001
    assert ignored[-1] == "… and others: only 1000 are listed"


@pytest.mark.parametrize("name", ["Input", "INPUT", " input ", "input\u200b", "\ufeffinput", "in put", "ｉｎｐｕｔ"])
def test_a_name_matches_except_for_spelling(name: str, client: DatasetClient) -> None:
    file = lines({name: 1})
    assert preview(client, file)["matched_columns"] == [{"column": name, "target": "input"}]
    assert [row[0] for row in contents(imported(client, file))] == [1]


def test_a_mapped_name_matches_except_for_spelling(client: DatasetClient) -> None:
    file = b"Ref Source ID,The Question\n7,why\n"
    mapping = {"the_question": "input"}

    body = preview(client, file, "csv", mapping=mapping)

    assert body["matched_columns"] == [
        {"column": "Ref Source ID", "target": "ref_source_id"},
        {"column": "The Question", "target": "the_question"},
    ]
    assert (body["preview"][0]["input"], body["preview"][0]["ref_source_id"]) == ("why", "7")


def test_the_exact_name_wins_and_two_similar_names_are_rejected(client: DatasetClient) -> None:
    body = preview(client, b"Input,input\n1,2\n", "csv")
    assert (body["preview"][0]["input"], body["ignored_columns"]) == (2, ["Input"])
    assert file_rejection(client, b"Input,INPUT\n1,2\n", "csv")[2] == (
        'Several columns could be "input": "Input", "INPUT". Rename all but one.'
    )


def test_columns_without_a_name_are_ignored(client: DatasetClient) -> None:
    body = preview(client, b",input,output, ,\t\n0,q,a,,note\n", "csv", mapping={"*": "metadata"})

    assert body["ignored_columns"] == [f"column {number}, without a name" for number in (1, 4, 5)]
    assert body["preview"][0]["metadata"] is None or body["preview"][0]["metadata"] == {}


def test_a_file_without_known_columns_gets_a_mapping_to_copy(client: DatasetClient) -> None:
    detail = file_rejection(client, b"Question,Expected Answer\n1,2\n", "csv")[2]

    assert detail.endswith('Example: mapping={"Question": "input"}')
