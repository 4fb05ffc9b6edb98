"""Send files to import over HTTP, and read the results."""

import gzip
import io
import json
from typing import Any
from urllib.parse import urlencode

import pyarrow as pa
import pyarrow.parquet as pq

from items.imports.column_mapping import FIELDS
from items.models import DatasetItem
from tests.dataset_client import Body, DatasetClient, created, ok
from tests.history_check import assert_history_holds

BYTES = "application/octet-stream"


def lines(*rows: Any) -> bytes:
    """Build JSON Lines; a string is a line as it is."""
    return b"".join((row if isinstance(row, str) else json.dumps(row)).encode() + b"\n" for row in rows)


def parquet(columns: dict[str, Any] | pa.Table, **options: Any) -> bytes:
    table = columns if isinstance(columns, pa.Table) else pa.table(columns)
    buffer = io.BytesIO()
    pq.write_table(table, buffer, **options)
    return buffer.getvalue()


def send(client: DatasetClient, file: bytes, import_format: str | None = "jsonl", **query: Any) -> Any:
    """Send the file; query parameters other than strings are sent as JSON.

    `headers`, `media_type`, `of` and `by` are not query parameters.
    """
    headers, media_type = query.pop("headers", None), query.pop("media_type", BYTES)
    of, by = query.pop("of", None), query.pop("by", client.api)
    named = {"import_format": import_format} if import_format else {}
    params = named | {name: value if isinstance(value, str) else json.dumps(value) for name, value in query.items()}
    path = client.path(f"import/?{urlencode(params)}", of)
    return by.post(path, file, content_type=media_type, headers=headers)


def imported(client: DatasetClient, file: bytes, import_format: str = "jsonl", **query: Any) -> list[Body]:
    """Return the items created from the file, in its order; the history must be consistent afterwards."""
    before = client.head()
    body = created(send(client, file, import_format, **query))
    assert (body["dataset_revision"], body["errors"], body["preview"]) == (before + 1, [], [])
    assert body["rows"] == body["created"]
    items = client.results("&limit=1000")[: body["rows"]]
    assert_history_holds()
    return items[::-1]


def contents(items: list[Body]) -> list[tuple[Any, ...]]:
    """Return input, output, metadata, ref_trace_id, ref_timestamp, ref_source_id."""
    return [tuple(item[name] for name in FIELDS) for item in items]


def texts(items: list[Body], name: str = "input") -> list[str | None]:
    """Return the JSON texts as stored."""
    rows = dict(DatasetItem.objects.filter(id__in=[item["id"] for item in items]).values_list("id", name))
    return [rows[key] for key in sorted(rows)]


def preview(client: DatasetClient, file: bytes, import_format: str = "jsonl", **query: Any) -> Body:
    """Return the preview of a dry run, which stores nothing."""
    before = client.head(), len(client.results("&limit=1000"))
    body = ok(send(client, file, import_format, dry_run=True, **query))
    assert (client.head(), len(client.results("&limit=1000"))) == before
    assert (body["dry_run"], body["dataset_revision"]) == (True, before[0])
    assert body["created"] == (0 if body["errors"] else body["rows"])
    return body


def errors(client: DatasetClient, file: bytes, import_format: str = "jsonl", **query: Any) -> list[Body]:
    """Return the errors of a file rejected by rows; the envelope has the first one, and nothing is stored."""
    before = client.head()
    response = send(client, file, import_format, **query)
    assert response.status_code == 400, response.content
    error = response.json()
    assert list(error) == ["type", "code", "detail", "attr", "errors"]
    first = error["errors"][0]
    expected = ("validation_error", first["code"], f"Row {first['row']}: {first['detail']}", first["attr"])
    assert (error["type"], error["code"], error["detail"], error["attr"]) == expected
    assert client.head() == before
    return error["errors"]  # type: ignore[no-any-return]


def error(client: DatasetClient, file: bytes, import_format: str = "jsonl", **query: Any) -> tuple[Any, ...]:
    """Return row, attr, code and detail of the only error."""
    [only] = errors(client, file, import_format, **query)
    return tuple(only[name] for name in ("row", "attr", "code", "detail"))


def file_rejection(
    client: DatasetClient, file: bytes, import_format: str | None = "jsonl", **query: Any
) -> tuple[Any, ...]:
    """Return attr, code and detail for a file, or parameters, rejected before any row is read."""
    response = send(client, file, import_format, **query)
    assert response.status_code == 400, response.content
    body = response.json()
    members = ["ignored_columns", "hints"] if "ignored_columns" in body else []
    assert list(body) == ["type", "code", "detail", "attr", *members]
    return body["attr"], body["code"], body["detail"]


def gzipped(file: bytes) -> bytes:
    """Compress to the same bytes at any time: some are names of tests, which parallel runs compare."""
    return gzip.compress(file, compresslevel=1, mtime=0)
