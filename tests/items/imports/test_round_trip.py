"""Export, import and export: the same dataset in every format."""

import csv
import io
import json
from typing import Any
from uuid import UUID

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from items.json_text import normalize
from items.writes.bulk_insert import NewItem, create_items
from tests.dataset_client import CONTENT, Body, DatasetClient
from tests.history_check import assert_history_holds
from tests.items.imports.files import gzipped, send
from tests.json_strategies import CHARACTERS, json_texts

pytestmark = pytest.mark.django_db

FORMATS = ["jsonl", "csv", "parquet"]
TEXTS = [
    "null", '""', '"4"', "4", "1.50", "-0.0", "1E400", "true", '"true"', '"null"', "[]", "{}", '" "', '" padded "',
    '{"b":1,"a":2,"b":3}', '"=1+1"', '"+1"', '"-1"', '"@SUM(A1)"', "\"'=1\"", '"a,b"', '"a;b"', '"she said \\"so\\""',
    '"first\\nsecond\\r\\nthird\\rfourth"', '"\\t\\\\"', '"é😀\u2028\u0085\ufeff"', "[[[[1.0]]]]", "9" * 400,
    '"NaN"', '"\\u0001\\u001f"', '{"":{"a.b":null}}',
]  # fmt: skip
REFS = [None, "", "007", "=1+1", "null", '"quoted"', "a,b", "first\nsecond\r\nthird", "é😀", "{}", "4"]


def exported(client: DatasetClient, import_format: str, of: Body) -> Any:
    response = client.api.get(client.path(f"export/?export_format={import_format}", of))
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def content(file: bytes, import_format: str) -> list[tuple[Any, ...]]:
    """Return the six fields of each row of an export, as written."""
    if import_format == "jsonl":
        between = (line.partition(b',"input":')[2].rpartition(b',"created_at":')[0] for line in file.split(b"\n"))
        return [(each,) for each in between]
    if import_format == "csv":
        rows: Any = csv.DictReader(io.StringIO(file.decode(), newline=""))
    else:
        rows = pq.read_table(io.BytesIO(file)).to_pylist()
    return [tuple(row[name] for name in CONTENT) for row in rows]


def filled(client: DatasetClient, items: list[NewItem]) -> Body:
    made = client.new_dataset("Whence")
    ids = {"project_id": client.project_id, "user_id": client.people.owner.id, "dataset_id": UUID(made["id"])}
    create_items(**ids, rows=items)
    return made


def check(client: DatasetClient, items: list[NewItem], import_format: str) -> None:
    source, target = filled(client, items), client.new_dataset("Whither")
    first = exported(client, import_format, source)

    response = send(client, first, import_format, of=target)

    assert response.status_code == 201, response.content
    assert response.json()["created"] == len(items)
    assert content(exported(client, import_format, target), import_format) == content(first, import_format)
    stored = [{name: each[name] for name in CONTENT} for each in client.results("&limit=1000", of=target)]
    assert stored == [{name: each[name] for name in CONTENT} for each in client.results("&limit=1000", of=source)]


@pytest.mark.parametrize("import_format", FORMATS)
def test_every_value_comes_back_as_spelled(import_format: str, client: DatasetClient) -> None:
    values = [None if text == "null" else text for text in TEXTS]
    items = [
        NewItem(input=value, output=values[-number], metadata=value, ref_trace_id=REFS[number % len(REFS)],
                ref_source_id=REFS[-number % len(REFS)])
        for number, value in enumerate(values)
    ]  # fmt: skip

    check(client, items, import_format)
    assert_history_holds()


@pytest.mark.parametrize("import_format", FORMATS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(json_texts(), min_size=1, max_size=6), refs=st.lists(st.text(CHARACTERS, max_size=9), min_size=6))
def test_any_value_comes_back(import_format: str, texts: list[str], refs: list[str], client: DatasetClient) -> None:
    stored = [normalize(text) for text in texts]
    items = [
        NewItem(input=None if text == "null" else text, ref_trace_id=ref.strip())
        for text, ref in zip(stored, refs, strict=False)
    ]

    check(client, items, import_format)


@pytest.mark.parametrize("import_format", FORMATS)
def test_a_compressed_export_is_imported_in_order_into_another_dataset(
    import_format: str, client: DatasetClient
) -> None:
    source, target = filled(client, [NewItem(input=str(n)) for n in range(300)]), client.new_dataset()

    assert send(client, gzipped(exported(client, import_format, source)), import_format, of=target).status_code == 201

    numbers = [item["input"] for item in client.results("&limit=1000", of=target)]
    assert numbers == list(range(299, -1, -1))
    assert json.dumps(numbers) == json.dumps([item["input"] for item in client.results("&limit=1000", of=source)])
