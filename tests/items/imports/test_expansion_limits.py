"""Small files that become large are rejected before decompression, or as soon as they exceed a limit."""

import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from items.imports.errors import UnreadableFile
from items.imports.parquet_pages import DICTIONARY_PAGE, read_pages
from tests.dataset_client import DatasetClient
from tests.items.imports.files import error, file_rejection, gzipped, imported, lines, parquet, preview, send

pytestmark = pytest.mark.django_db

RATIO = "The file decompresses to more than 2,000 times its size, the limit."


def compressed(table: pa.Table, **options: Any) -> bytes:
    return parquet(table, compression="brotli", store_schema=False, write_statistics=False, **options)


def repeated(text: str, rows: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([text]))


def peak(client: DatasetClient, file: bytes) -> tuple[Any, int]:
    """Return the response to a dry run, and the peak growth of this process in MiB."""
    Path("/proc/self/clear_refs").write_text("5")  # reset the peak of memory
    before = highest_memory()
    response = send(client, file, "parquet", dry_run=True)
    return response, (highest_memory() - before) // 1024


def highest_memory() -> int:
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])


def test_a_too_long_row_is_rejected_by_the_footer(client: DatasetClient) -> None:
    file = compressed(pa.table({"input": ["y" * 300_000_000]}), use_dictionary=False)

    response, memory = peak(client, file)

    assert response.json()["detail"].startswith("The rows of a row group have 300,000,0")
    assert memory < 30


def test_a_long_string_shared_by_many_rows_is_bounded(client: DatasetClient) -> None:
    file = compressed(pa.table({"input": repeated("x" * 19_000_000, 2000)}), dictionary_pagesize_limit=1 << 30)

    body = send(client, file, "parquet", dry_run=True).json()

    assert body["rows"] < 10
    assert body["errors"][0]["detail"] == RATIO


def test_a_long_string_repeated_in_a_list_is_bounded(client: DatasetClient) -> None:
    values = pa.ListArray.from_arrays([0, 2000], repeated("x" * 1_000_000, 2000))
    file = compressed(pa.table({"input": values}), dictionary_pagesize_limit=1 << 30)

    assert error(client, file, "parquet")[3] == "The row exceeds the limit of 20971520 bytes."


def test_empty_rows_cost_a_bounded_time(client: DatasetClient) -> None:
    file = compressed(pa.table({"input": pa.nulls(3_000_000, pa.int32())}))

    assert len(file) < 10_000
    assert file_rejection(client, file, "parquet")[2] == RATIO


def test_short_rows_count_with_their_cost(client: DatasetClient) -> None:
    detail = errors_of(client, gzipped(b"{}\n" * 700_000))

    assert detail == RATIO


def errors_of(client: DatasetClient, file: bytes) -> str:
    return str(send(client, file).json()["errors"][0]["detail"])


def test_staged_rows_count_toward_the_limit_of_a_file(client: DatasetClient, settings: Any) -> None:
    settings.IMPORT_LIMIT_BYTES = 5_000

    body = preview(client, lines(*({"input": 1} for _ in range(60))))

    assert body["errors"][0]["detail"] == "The decompressed file exceeds the limit of 5000 bytes."


# --- Page headers


def pages(file: bytes) -> list[Any]:
    source = io.BytesIO(file)
    chunk = pq.ParquetFile(source).metadata.row_group(0).column(0)
    start = chunk.dictionary_page_offset if chunk.has_dictionary_page else chunk.data_page_offset
    return list(read_pages(source, start, chunk.total_compressed_size))


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("has_checksum", [True, False])
def test_headers_of_pages_are_read(version: str, has_checksum: bool, client: DatasetClient) -> None:
    file = parquet(
        {"input": [f"text {n % 50}" for n in range(20_000)]}, data_page_version=version,
        write_page_checksum=has_checksum,
        data_page_size=2_000,
    )  # fmt: skip

    dictionary, *others = pages(file)

    assert (dictionary.type, dictionary.values) == (DICTIONARY_PAGE, 50)
    assert len(others) > 1
    assert sum(page.values for page in others) == 20_000


def test_invalid_page_headers_mean_a_damaged_file() -> None:
    for content in (b"", b"\x00", b"\xff" * 100, b"\x15", b"\x1c" * 100, b"\x15\x01\x15\x01\x15\x01\x00"):
        with pytest.raises(UnreadableFile):
            list(read_pages(io.BytesIO(content), 0, 100))


def test_a_wrong_footer_does_not_help(client: DatasetClient) -> None:
    """A footer for short rows follows the page of a long one."""
    long = compressed(pa.table({"input": ["y" * 30_000_000]}), use_dictionary=False)
    length = int.from_bytes(long[-8:-4], "little")
    footer = long[-8 - length : -8]
    size = pq.ParquetFile(io.BytesIO(long)).metadata.row_group(0).total_byte_size
    lying = footer.replace(varint(2 * size), padded_varint(2 * 1000, len(varint(2 * size))))

    assert lying != footer
    file = long[: -8 - length] + lying + long[-8:]

    assert pq.ParquetFile(io.BytesIO(file)).metadata.row_group(0).total_byte_size == 1000
    assert "bytes each on average" in error(client, file, "parquet")[3]


def varint(number: int) -> bytes:
    parts = []
    while number >= 128:
        parts.append(number & 127 | 128)
        number >>= 7
    return bytes([*parts, number])


def padded_varint(number: int, length: int) -> bytes:
    """Encode the number in more bytes than necessary."""
    parts = [number >> 7 * place & 127 | 128 for place in range(length)]
    return bytes([*parts[:-1], parts[-1] & 127])


# --- Numbers of 32 bits, checksums


def test_narrow_floats_have_their_own_shortest_digits(client: DatasetClient) -> None:
    values = [0.1, 3.4028234663852886e38, 1.4e-45, 16777216.0, -0.0, 1.5]
    table = {
        "input": pa.array(values, pa.float32()),
        "output": pa.array([[value] for value in values], pa.list_(pa.float32())),
        "metadata": pa.array([0.1, 1.0, 65504.0, 6e-8, -2.5, None], pa.float16()),
    }

    items = imported(client, parquet(table), "parquet")

    assert [item["input"] for item in items] == [0.1, 3.4028235e38, 1e-45, 16777216.0, -0.0, 1.5]
    assert [item["output"] for item in items] == [[each["input"]] for each in items]
    assert [item["metadata"] for item in items] == [0.1, 1.0, 65500.0, 6e-08, -2.5, None]


def test_a_page_with_a_wrong_checksum_is_rejected(client: DatasetClient) -> None:
    table = {"input": [f"{number} the capital of Peru is Lima" for number in range(50)]}
    options = {"compression": "none", "use_dictionary": False, "write_statistics": False}
    file = parquet(table, write_page_checksum=True, **options)
    place = file.index(b"7 the capital") + 4
    damaged = file[:place] + bytes([file[place] ^ 1]) + file[place + 1 :]

    assert error(client, damaged, "parquet") == (
        1, None, "invalid_input", "The Parquet file is damaged: a page does not match its checksum.",
    )  # fmt: skip
    assert len(imported(client, file, "parquet")) == 50
    assert len(imported(client, parquet(table, write_page_checksum=False, **options), "parquet")) == 50


# --- The folder


def test_a_missing_folder_is_a_503_with_the_reason(client: DatasetClient, settings: Any, tmp_path: Path) -> None:
    settings.IMPORT_DIR = str(tmp_path / "none")

    response = send(client, lines({"input": 1}))

    assert (response.status_code, response.json()["code"]) == (503, "import_storage_unavailable")
    assert "folder for imported files" in response.json()["detail"]


def test_a_full_disk_is_a_503_with_the_reason(
    client: DatasetClient, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """/dev/full accepts no bytes."""
    monkeypatch.setattr("items.imports.staging.temporary_file", lambda: Path("/dev/full").open("wb", buffering=0))  # noqa: SIM115

    response = send(client, lines({"input": 1}))

    assert (response.status_code, response.json()["code"]) == (503, "import_storage_full")
