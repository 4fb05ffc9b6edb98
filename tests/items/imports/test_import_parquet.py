"""Import of Parquet: the exact values of each type."""

import uuid
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from items.imports.arrow_values import is_temporal
from items.models import DatasetItem
from tests.dataset_client import DatasetClient
from tests.items.imports.files import (
    contents,
    error,
    errors,
    file_rejection,
    gzipped,
    imported,
    parquet,
    preview,
    send,
    texts,
)

pytestmark = pytest.mark.django_db

BERLIN = timezone(timedelta(hours=2))
ID = uuid.UUID("01990000-0000-7000-8000-00000000dead")
VALUES: list[tuple[str, Any, Any, str]] = [
    ("text", pa.string(), "4", '"4"'),
    ("JSON in a text stays a text", pa.string(), '{"a": 1}', '"{\\"a\\": 1}"'),
    ("large text", pa.large_string(), "é😀\n", '"é😀\\n"'),
    ("text view", pa.string_view(), "a" * 20, f'"{"a" * 20}"'),
    ("empty text", pa.string(), "", '""'),
    ("int64", pa.int64(), -(2**63), str(-(2**63))),
    ("uint64", pa.uint64(), 2**64 - 1, str(2**64 - 1)),
    ("int8", pa.int8(), -1, "-1"),
    ("double", pa.float64(), 0.1, "0.1"),
    ("large double", pa.float64(), 1e300, "1e+300"),
    ("float", pa.float32(), 0.1, "0.1"),
    ("half float", pa.float16(), 1.5, "1.5"),
    ("bool", pa.bool_(), True, "true"),
    ("decimal", pa.decimal128(38, 10), Decimal("12345678901234567890.1000000000"), "12345678901234567890.1000000000"),
    ("wide decimal", pa.decimal256(76, 2), Decimal("9" * 70 + ".10"), "9" * 70 + ".10"),
    ("small decimal", pa.decimal128(20, 12), Decimal("0.000000000001"), "0.000000000001"),
    ("date", pa.date32(), date(2025, 1, 2), '"2025-01-02"'),
    ("time", pa.time64("us"), time(1, 2, 3, 450000), '"01:02:03.450"'),
    ("time in ns", pa.time64("ns"), 1, '"00:00:00.000000001"'),
    ("timestamp", pa.timestamp("us"), datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC), '"2025-01-02T03:04:05"'),
    (
        "timestamp in ms",
        pa.timestamp("ms"),
        datetime(2025, 1, 2, microsecond=6000, tzinfo=UTC),
        '"2025-01-02T00:00:00.006"',
    ),
    (
        "timestamp with zone",
        pa.timestamp("us", "+02:00"),
        datetime(2025, 1, 2, 3, tzinfo=BERLIN),
        '"2025-01-02T01:00:00Z"',
    ),
    ("timestamp in ns", pa.timestamp("ns"), 1, '"1970-01-01T00:00:00.000000001"'),
    (
        "before the epoch",
        pa.timestamp("us"),
        datetime(1900, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
        '"1900-01-01T00:00:00.000001"',
    ),
    ("bytes", pa.binary(), b"\x00\xff", '"AP8="'),
    ("fixed bytes", pa.binary(2), b"ab", '"YWI="'),
    ("uuid", pa.uuid(), ID.bytes, f'"{ID}"'),
    ("list", pa.list_(pa.int64()), [1, None, 3], "[1,null,3]"),
    ("large list", pa.large_list(pa.string()), ["a"], '["a"]'),
    ("fixed list", pa.list_(pa.float64(), 2), [0.5, 1.0], "[0.5,1.0]"),
    (
        "list of timestamps",
        pa.list_(pa.timestamp("s")),
        [datetime(2025, 1, 1, tzinfo=UTC), None],
        '["2025-01-01T00:00:00",null]',
    ),
    ("struct", pa.struct([("b", pa.int64()), ("a", pa.string())]), {"b": 1}, '{"b":1,"a":null}'),
    (
        "messages",
        pa.list_(pa.struct([("role", pa.string()), ("at", pa.date32())])),
        [{"role": "user", "at": date(2025, 1, 2)}, None],
        '[{"role":"user","at":"2025-01-02"},null]',
    ),
    ("map", pa.map_(pa.string(), pa.int64()), [("b", 1), ("a", None)], '{"b":1,"a":null}'),
    ("map of numbers", pa.map_(pa.int64(), pa.string()), [(2, "b")], '[[2,"b"]]'),
    ("dictionary", pa.dictionary(pa.int32(), pa.string()), "red", '"red"'),
    ("JSON", pa.json_(), ' {"b": 1.0, "a": [1E2]} ', '{"b": 1.0, "a": [1E2]}'),
    ("long number in JSON", pa.json_(), "9" * 4500, "9" * 4500),
    ("list of JSON", pa.list_(pa.json_()), ["[1]", "2.50"], "[[1],2.50]"),
    ("struct of bytes", pa.struct([("bytes", pa.binary())]), {"bytes": b"ab"}, '{"bytes":"YWI="}'),
]


def column(type_: Any, *values: Any) -> Any:
    if isinstance(type_, pa.ListType) and isinstance(type_.value_type, pa.BaseExtensionType):
        stored = pa.array([*values], pa.list_(type_.value_type.storage_type))
        return stored.cast(type_)
    if isinstance(type_, pa.BaseExtensionType):
        return pa.ExtensionArray.from_storage(type_, pa.array([*values], type_.storage_type))
    if is_temporal(type_) and any(isinstance(each, int) for each in values):
        return pa.array([*values], pa.int32() if pa.types.is_date32(type_) else pa.int64()).cast(type_)
    return pa.array([*values], type_)


@pytest.mark.parametrize(("type_", "value", "text"), [pytest.param(*each[1:], id=each[0]) for each in VALUES])
def test_values_of_types(type_: Any, value: Any, text: str, client: DatasetClient) -> None:
    response = send(client, parquet({"input": column(type_, None, value)}), "parquet")

    assert response.status_code == 201, response.content
    stored = DatasetItem.objects.filter(dataset_id=client.dataset["id"]).order_by("id")
    assert [each.input for each in stored] == [None, text]


@pytest.mark.parametrize(("type_", "value", "text"), [pytest.param(*each[1:], id=each[0]) for each in VALUES])
def test_values_inside_a_struct(type_: Any, value: Any, text: str, client: DatasetClient) -> None:
    mapping = {"x": "input.deep.x"}

    response = send(client, parquet({"x": column(type_, value)}), "parquet", mapping=mapping)

    assert response.status_code == 201, response.content
    assert DatasetItem.objects.get(dataset_id=client.dataset["id"]).input == f'{{"deep":{{"x":{text}}}}}'


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (pa.float64(), float("nan")),
        (pa.float32(), float("-inf")),
        (pa.list_(pa.float64()), [1.0, float("nan")]),
        (pa.struct([("a", pa.float64()), ("b", pa.date32())]), {"a": float("inf")}),
        (pa.date32(), 2**31 - 1),
        (pa.timestamp("ms"), 2**60),
        (pa.json_(), "{"),
        (pa.json_(), "NaN"),
        (pa.string(), "a\0b"),
    ],
    ids=str,
)
def test_values_without_json_are_errors(type_: Any, value: Any, client: DatasetClient) -> None:
    row, attr, *_ = error(client, parquet({"input": column(type_, None, value, None)}), "parquet")

    assert (row, attr) == (2, "input")


def test_a_type_without_json_is_rejected_at_once(client: DatasetClient) -> None:
    file = parquet({"input": pa.array([timedelta(1)], pa.duration("us"))})

    assert file_rejection(client, file, "parquet") == (
        "input", "invalid_input", "Values of type duration[us] have no JSON representation.",
    )  # fmt: skip


def test_invalid_utf_8_is_an_error(client: DatasetClient) -> None:
    raw = pa.array([b"fine", b"\xff"], pa.binary())
    broken = pa.Array.from_buffers(pa.string(), 2, raw.buffers())

    row, attr, _, detail = error(client, parquet({"input": broken}), "parquet")

    assert (row, attr) == (2, "input")
    assert detail == "The text is not UTF-8."


def test_references(client: DatasetClient) -> None:
    file = parquet(
        {
            "ref_trace_id": pa.array(["007", None]),
            "ref_source_id": pa.array([17, None]),
            "ref_timestamp": pa.array([1_735_689_600_123_456_789, None], pa.timestamp("ns", "UTC")),
        }
    )

    assert [each[3:] for each in contents(imported(client, file, "parquet"))] == [
        ("007", "2025-01-01T00:00:00.123456Z", "17"),
        (None, None, None),
    ]


def test_references_that_are_decimals_keep_their_digits(client: DatasetClient) -> None:
    file = parquet({"ref_source_id": pa.array([Decimal(12345678901234567890), Decimal(100), None])})

    actual = [item["ref_source_id"] for item in imported(client, file, "parquet")]
    assert actual == ["12345678901234567890", "100", None]


def test_references_of_other_types(client: DatasetClient) -> None:
    file = parquet({"ref_trace_id": pa.array([[1]]), "input": pa.array([1])})
    assert error(client, file, "parquet")[:3] == (1, "ref_trace_id", "invalid_input")

    file = parquet({"ref_source_id": pa.array([float("nan")])})
    assert error(client, file, "parquet")[:2] == (1, "ref_source_id")


def test_many_row_groups_keep_their_order(client: DatasetClient) -> None:
    file = parquet({"input": pa.array(range(900)), "unused": pa.array(["x"] * 900)}, row_group_size=70)

    assert [item["input"] for item in imported(client, file, "parquet")] == list(range(900))


@pytest.mark.parametrize("compression", ["none", "snappy", "gzip", "zstd", "brotli", "lz4"])
def test_parquets_own_compressions_are_read(compression: str, client: DatasetClient) -> None:
    assert texts(imported(client, parquet({"input": ["x"] * 10}, compression=compression), "parquet")) == ['"x"'] * 10


def test_a_compressed_parquet_file_is_read(client: DatasetClient) -> None:
    assert texts(imported(client, gzipped(parquet({"input": [1, 2]})), "parquet")) == ["1", "2"]


def test_columns_with_dots_and_odd_names(client: DatasetClient) -> None:
    table = pa.table([pa.array([1]), pa.array([{"b": 2}]), pa.array([3])], names=["a.b", "a", ""])

    [item] = imported(client, parquet(table), "parquet", mapping={"*": "input"})

    assert item["input"] == {"a.b": 1, "a": {"b": 2}}


def test_ten_thousand_columns(client: DatasetClient) -> None:
    file = parquet({f"column_{n}": [n] for n in range(10_000)} | {"input": [1]})

    assert len(imported(client, file, "parquet", mapping={"*": "metadata"})[0]["metadata"]) == 10_000


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (b"", "The file is empty. There is nothing to import."),
        (b"PAR1", "This is a text file. Send it as import_format=csv, jsonl or json."),
        (b"input\n1\n", "This is a text file. Send it as import_format=csv, jsonl or json."),
        (b"PAR1" + b"\0" * 100 + b"PAR1", "The Parquet file is damaged, cut short"),
    ],
)
def test_other_files_are_rejected(file: bytes, message: str, client: DatasetClient) -> None:
    attr, code, detail = file_rejection(client, file, "parquet")

    assert (attr, code) == (None, "invalid_input")
    assert detail.startswith(message)


def test_a_damaged_file_is_always_rejected(client: DatasetClient) -> None:
    file = parquet({"input": [f"{n}" * 50 for n in range(2_000)]}, row_group_size=500, compression="zstd")

    for place in range(4, len(file), max(1, len(file) // 60)):
        damaged = file[:place] + bytes([file[place] ^ 0x5A]) + file[place + 1 :]
        response = send(client, damaged, "parquet")
        assert response.status_code in {201, 400}, place


def test_a_truncated_file_is_rejected(client: DatasetClient) -> None:
    file = parquet({"input": list(range(1000))})

    assert file_rejection(client, file[: len(file) // 2], "parquet")[2].startswith(
        "The Parquet file is damaged, cut short"
    )


def test_columns_with_the_same_name_are_rejected(client: DatasetClient) -> None:
    table = pa.table([pa.array([1]), pa.array([2])], names=["input", "input"])

    assert file_rejection(client, parquet(table), "parquet")[2] == 'The file has two columns named "input".'


def test_no_rows_make_no_revision(client: DatasetClient) -> None:
    response = send(client, parquet({"input": pa.array([], pa.string())}), "parquet")

    assert (response.status_code, response.json()["rows"], client.head()) == (201, 0, 0)


def test_a_row_beyond_the_limit_is_rejected(client: DatasetClient) -> None:
    file = parquet({"input": ["x", "y" * 21_000_000]})

    assert errors(client, file, "parquet")[0]["detail"] == "The row exceeds the limit of 20971520 bytes."


def test_a_preview(client: DatasetClient) -> None:
    body = preview(client, parquet({"input": [1, 2]}), "parquet")

    assert [each["input"] for each in body["preview"]] == [1, 2]
