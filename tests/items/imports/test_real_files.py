"""Files in the form of GSM8K as other programs write them: imported, exported, edited, matched by id, mirrored."""

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pandas as pd
import pytest
from datasets import Dataset, Features, Sequence, Value
from openpyxl import load_workbook

from tests.dataset_client import DatasetClient, created
from tests.history_check import assert_history_holds
from tests.items.imports.files import send

pytestmark = pytest.mark.django_db

ROWS = [
    {
        "question": f"Natalia sold {n} clips in April, and half as many in May. How many altogether?",
        "answer": f"She sold {n}/2 = <<{n}/2={n // 2}>>{n // 2} in May.\nAltogether {n + n // 2}.\n#### {n + n // 2}",
        "case": f"case-{n}",
        "level": n % 5,
        "score": n / 3,
    }
    for n in range(40, 160, 2)
]
MAPPING = {"question": "input.question", "answer": "output:text", "case": "ref_source_id", "*": "metadata"}
TYPED = MAPPING | {"answer": "output"}


def by_pandas_csv(folder: Path) -> bytes:
    pd.DataFrame(ROWS).to_csv(folder / "rows.csv", index=False)
    return (folder / "rows.csv").read_bytes()


def by_pandas_csv_with_index(folder: Path) -> bytes:
    return pd.DataFrame(ROWS).to_csv().encode()


def by_pandas_jsonl(folder: Path) -> bytes:
    return str(pd.DataFrame(ROWS).to_json(orient="records", lines=True, double_precision=15)).encode()


def by_pandas_json(folder: Path) -> bytes:
    return str(pd.DataFrame(ROWS).to_json(orient="records", indent=2, double_precision=15)).encode()


def by_pandas_parquet(folder: Path) -> bytes:
    pd.DataFrame(ROWS).to_parquet(folder / "rows.parquet")
    return (folder / "rows.parquet").read_bytes()


def by_excel(folder: Path) -> bytes:
    pd.DataFrame(ROWS).to_excel(folder / "rows.xlsx", index=False)
    return (folder / "rows.xlsx").read_bytes()


def by_duckdb(folder: Path, options: str) -> bytes:
    frame = pd.DataFrame(ROWS)
    with duckdb.connect() as connection:
        connection.register("frame", frame)
        connection.execute(f"COPY (SELECT * FROM frame) TO '{folder / 'rows'}' ({options})")
    return (folder / "rows").read_bytes()


def by_duckdb_parquet(folder: Path) -> bytes:
    return by_duckdb(folder, "FORMAT parquet, COMPRESSION zstd")


def by_duckdb_csv(folder: Path) -> bytes:
    return by_duckdb(folder, "FORMAT csv, COMPRESSION zstd")


def by_datasets_parquet(folder: Path) -> bytes:
    Dataset.from_list(ROWS).to_parquet(folder / "rows.parquet")
    return (folder / "rows.parquet").read_bytes()


def by_datasets_jsonl(folder: Path) -> bytes:
    Dataset.from_list(ROWS).to_json(folder / "rows.jsonl.gz", compression="gzip")
    return (folder / "rows.jsonl.gz").read_bytes()


WRITERS: list[tuple[Callable[[Path], bytes], str]] = [
    (by_pandas_csv, "csv"),
    (by_pandas_csv_with_index, "csv"),
    (by_pandas_jsonl, "jsonl"),
    (by_pandas_json, "json"),
    (by_pandas_parquet, "parquet"),
    (by_excel, "xlsx"),
    (by_duckdb_parquet, "parquet"),
    (by_duckdb_csv, "csv"),
    (by_datasets_parquet, "parquet"),
    (by_datasets_jsonl, "jsonl"),
]


@pytest.mark.parametrize(("write", "import_format"), WRITERS, ids=lambda value: getattr(value, "__name__", None))
def test_round_trip(write: Callable[[Path], bytes], import_format: str, client: DatasetClient, tmp_path: Path) -> None:
    file = write(tmp_path)
    mapping = MAPPING if import_format in {"csv", "xlsx"} else TYPED

    def bring(content: bytes, name: str, **query: Any) -> dict[str, int]:
        body = created(send(client, content, name, on_conflict="update", **query))
        return {each: body[each] for each in ("created", "updated", "unchanged", "archived") if body[each]}

    assert bring(file, import_format, mapping=mapping, match_on="ref_source_id") == {"created": len(ROWS)}
    items = client.results("&limit=1000")[::-1]
    assert [item["input"] for item in items] == [{"question": row["question"]} for row in ROWS]
    assert [item["output"] for item in items] == [row["answer"] for row in ROWS]
    assert [item["ref_source_id"] for item in items] == [row["case"] for row in ROWS]
    assert [item["metadata"]["level"] for item in items] == [row["level"] for row in ROWS]
    # Some programs write ten digits.
    assert [item["metadata"]["score"] for item in items] == pytest.approx([row["score"] for row in ROWS], abs=1e-9)
    head = client.head()
    again = {"mapping": mapping, "match_on": "ref_source_id", "mirror": True}
    assert bring(file, import_format, **again) == {"unchanged": len(ROWS)}
    assert client.head() == head

    for export_format in ("jsonl", "csv", "parquet"):
        exported = b"".join(client.api.get(client.path(f"export/?export_format={export_format}")).streaming_content)
        assert bring(exported, export_format, match_on="id", mirror=True) == {"unchanged": len(ROWS)}
    assert client.head() == head
    assert_history_holds()


def test_the_published_file_is_edited_and_mirrored(client: DatasetClient) -> None:
    name = os.environ.get("REAL_DATA_JSONL")
    if not name:
        pytest.skip("REAL_DATA_JSONL names no file: the set is not in the repository; .ci/run names it where it is")
    file = Path(name).read_bytes()
    rows = [json.loads(line) for line in file.splitlines()]
    created(send(client, file, mapping={"question": "input.question", "answer": "output"}))
    exported = b"".join(client.api.get(client.path("export/?export_format=jsonl")).streaming_content)
    items = [json.loads(line) for line in exported.splitlines()]
    assert [(item["input"]["question"], item["output"]) for item in items] == [
        (r["question"], r["answer"]) for r in rows
    ]

    items[0]["output"] = items[-1]["metadata"] = {"reviewed": True}
    del items[1]
    # Values are compared as they are written: exports leave no space after commas and colons.
    edited = b"".join(orjson.dumps(item) + b"\n" for item in items)
    back = {"match_on": "id", "on_conflict": "update", "mirror": True}
    body = created(send(client, edited, **back))

    counts = [body[each] for each in ("created", "updated", "unchanged", "archived")]
    assert counts == [0, 2, len(rows) - 3, 1]
    head = client.head()
    assert created(send(client, edited, **back))["unchanged"] == len(rows) - 1
    assert client.head() == head
    assert_history_holds()


def test_an_export_edited_in_excel_comes_back(client: DatasetClient) -> None:
    created(send(client, "".join(json.dumps({"input": n, "output": f"a{n}"}) + "\n" for n in range(5)).encode()))
    exported = b"".join(client.api.get(client.path("export/?export_format=csv")).streaming_content)
    workbook = io.BytesIO()
    pd.read_csv(io.BytesIO(exported)).to_excel(workbook, index=False)
    book = load_workbook(workbook)
    book.active["C3"] = "better"
    book.active.delete_rows(6)
    edited = io.BytesIO()
    book.save(edited)

    body = created(send(client, edited.getvalue(), "xlsx", match_on="id", mirror=True))

    assert [body[name] for name in ("created", "updated", "unchanged", "archived")] == [0, 1, 3, 1]
    assert [item["output"] for item in client.results()[::-1]] == ["a0", "better", "a2", "a3"]


def test_floats_of_32_bits_in_lists(client: DatasetClient, tmp_path: Path) -> None:
    features = Features({"input": Value("string"), "metadata": Sequence(Value("float32"))})
    Dataset.from_dict({"input": ["q"], "metadata": [[0.1, 0.2]]}, features=features).to_parquet(tmp_path / "rows")

    created(send(client, (tmp_path / "rows").read_bytes(), "parquet"))

    assert client.results()[0]["metadata"] == [0.1, 0.2]
