"""Parameters of an import: delimiter, cells, and form fields, which count as query parameters."""

from typing import Any

import pytest

from tests.dataset_client import DatasetClient, created
from tests.items.imports.files import contents, errors, file_rejection, imported, lines, send
from tests.items.imports.test_import_bodies import FORM, form

pytestmark = pytest.mark.django_db

TEXTS = ["007", "1e5", "42", "true", "null", '{"a": 1}', "[1]", "1.50", "plain", '"quoted"', " "]


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@pytest.mark.parametrize(("delimiter", "sent"), [(";", ";"), ("\t", "tab"), ("\t", "\t"), ("|", "|"), ("^", "^")])
def test_a_delimiter(delimiter: str, sent: str, client: DatasetClient) -> None:
    file = f'input{delimiter}output\n"a{delimiter}""b"{delimiter}2,5\n'.encode()

    assert [row[:2] for row in contents(imported(client, file, "csv", delimiter=sent))] == [(f'a{delimiter}"b', "2,5")]


def test_tabs_are_detected(client: DatasetClient) -> None:
    assert [row[:2] for row in contents(imported(client, b"input\toutput\n1\t2\n", "csv"))] == [(1, 2)]


def test_empty_quotes_are_an_empty_reference_after_any_delimiter(client: DatasetClient) -> None:
    file = b'ref_trace_id;input\n"";1\n;2\n'

    assert [row[3] for row in contents(imported(client, file, "csv", delimiter=";"))] == ["", None]


@pytest.mark.parametrize("delimiter", ["ab", '"', "\n", " ", "a", "7", "é"])
def test_invalid_delimiters_are_rejected(delimiter: str, client: DatasetClient) -> None:
    assert file_rejection(client, b"input\n1\n", "csv", delimiter=delimiter)[0] == "delimiter"


def test_text_cells(client: DatasetClient) -> None:
    cells = "".join(f"{quoted(text)},{quoted(text)}\r\n" for text in TEXTS)
    file = f'question,answer\r\n{cells}"",x\r\n'.encode()
    mapping = {"question": "input", "answer": "output:text"}

    assert [row[1] for row in contents(imported(client, file, "csv", mapping=mapping))] == [*TEXTS, "x"]
    all_texts = imported(client, file, "csv", mapping=mapping, cells="text")
    assert [row[0] for row in contents(all_texts)] == [*TEXTS, None]


def test_the_rest_as_strings(client: DatasetClient) -> None:
    [item] = imported(client, b"input,a,b\n1,2,true\n", "csv", mapping={"*": "metadata:text"})

    assert (item["input"], item["metadata"]) == (1, {"a": "2", "b": "true"})


@pytest.mark.parametrize(
    ("import_format", "query", "attr"),
    [
        ("jsonl", {"delimiter": ";"}, "delimiter"),
        ("jsonl", {"cells": "text"}, "cells"),
        ("csv", {"cells": "none"}, "cells"),
        ("csv", {"sheet": "x"}, "sheet"),
        ("jsonl", {"mapping": {"input": "output:text"}}, "mapping"),
        ("csv", {"mapping": {"input": "output:number"}}, "mapping"),
        ("csv", {"dryrun": True}, "dryrun"),
    ],
)
def test_a_parameter_without_effect_is_rejected(
    import_format: str, query: dict[str, Any], attr: str, client: DatasetClient
) -> None:
    assert file_rejection(client, b"input\n1\n", import_format, **query)[0] == attr


def test_fields_of_a_form_are_parameters(client: DatasetClient) -> None:
    sent = form(("x", b"question;x\n1;2\n"), import_format="csv", delimiter=";", mapping='{"question": "input"}')

    assert created(send(client, sent, None, media_type=FORM))["ignored_columns"] == ["x"]
    dry = form(("x", lines({"input": 1})), import_format="jsonl", dry_run="true")
    assert send(client, dry, None, media_type=FORM).status_code == 200
    assert len(client.results()) == 1


def test_a_field_and_the_query_must_agree(client: DatasetClient) -> None:
    file = ("x", lines({"input": 1}))

    assert send(client, form(file, import_format="jsonl"), "jsonl", media_type=FORM).status_code == 201
    assert file_rejection(client, form(file, import_format="csv"), "jsonl", media_type=FORM) == (
        "import_format", "invalid_input", "This parameter is given more than once, with different values.",
    )  # fmt: skip


def test_an_unknown_field_is_rejected(client: DatasetClient) -> None:
    response = file_rejection(client, form(("a.jsonl", lines({"input": 1})), note="x"), None, media_type=FORM)

    assert response[:2] == ("note", "unknown_parameter")


def test_errors_have_the_line_of_the_file(client: DatasetClient) -> None:
    file = b'input,ref_timestamp\r\n"two\r\nlines",\r\n\r\n1,soon\r\n1,2,3\r\n'

    assert [(each["row"], each["line"]) for each in errors(client, file, "csv")] == [(2, 5), (3, 6)]
    file = b'\n{"input": 1}\n\n{"ref_timestamp": "soon"}\noops\n'
    assert [(each["row"], each["line"]) for each in errors(client, file)] == [(2, 4), (3, 5)]
