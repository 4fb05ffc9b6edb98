"""The ways to send a file: compressed, with any media type, in a form, beyond the limit."""

import gzip
import json
import zlib
from typing import Any

import pytest

from tests.dataset_client import DatasetClient, created
from tests.items.imports.files import BYTES, error, file_rejection, gzipped, imported, lines, parquet, send

pytestmark = pytest.mark.django_db

ROWS = lines(*({"input": n} for n in range(50)))
CELLS = b"input\n1\n2\n"


@pytest.mark.parametrize(
    ("file", "headers"),
    [
        pytest.param(gzipped(ROWS), {}, id="by its first bytes"),
        pytest.param(gzipped(ROWS), {"Content-Encoding": "gzip"}, id="by the header"),
        pytest.param(gzipped(ROWS), {"Content-Encoding": "X-GZIP"}, id="by its old name"),
        pytest.param(ROWS, {"Content-Encoding": "identity"}, id="identity"),
        pytest.param(gzipped(gzipped(ROWS)), {"Content-Encoding": "gzip"}, id="packed again on its way"),
        pytest.param(gzipped(ROWS[:200]) + gzipped(ROWS[200:]), {}, id="several members"),
        pytest.param(gzipped(ROWS) + b"\0" * 100, {}, id="padded with zeros"),
        pytest.param(gzipped(b"\xef\xbb\xbf" + ROWS), {}, id="byte order mark"),
    ],
)
def test_gzip_is_decompressed(file: bytes, headers: dict[str, str], client: DatasetClient) -> None:
    assert [item["input"] for item in imported(client, file, headers=headers)] == list(range(50))


def test_a_gzip_file_without_rows(client: DatasetClient) -> None:
    assert send(client, gzipped(b"")).json()["rows"] == 0


def test_a_wrong_content_encoding_is_rejected(client: DatasetClient) -> None:
    assert file_rejection(client, ROWS, headers={"Content-Encoding": "gzip"}) == (
        "Content-Encoding", "invalid_input", "The body is not gzip, as its Content-Encoding says.",
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, br"])
def test_other_content_encodings_are_rejected(encoding: str, client: DatasetClient) -> None:
    response = send(client, zlib.compress(ROWS), headers={"Content-Encoding": encoding})

    assert response.status_code == 415
    assert response.json()["detail"] == f'A file may be compressed with gzip or zstd, but not with "{encoding}".'


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_truncated_gzip_file_is_rejected(kept: float, client: DatasetClient) -> None:
    file = gzipped(lines(*({"input": n} for n in range(20_000))))

    row, attr, _, detail = error(client, file[: int(len(file) * kept)])

    assert row > 100
    assert (attr, detail) == (None, "The gzip file is cut short.")


@pytest.mark.parametrize("length", [2, 3, 9, 10, 12])
@pytest.mark.parametrize("import_format", ["jsonl", "csv", "parquet"])
def test_a_gzip_file_truncated_in_its_header_is_rejected(
    length: int, import_format: str, client: DatasetClient
) -> None:
    """The header has a file name, as the program gzip writes it."""
    file = b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\xffrows.jsonl\x00"

    response = send(client, file[:length], import_format)

    assert response.status_code == 400
    assert response.json()["detail"].endswith("The gzip file is cut short.")


@pytest.mark.parametrize("place", [0.5, 0.999])
def test_a_damaged_gzip_file_is_rejected(place: float, client: DatasetClient) -> None:
    file = bytearray(gzip.compress(ROWS * 500))
    file[int(len(file) * place)] ^= 0xFF

    assert send(client, bytes(file)).status_code == 400
    assert client.head() == 0


def test_bytes_after_a_gzip_file_are_rejected(client: DatasetClient) -> None:
    assert error(client, gzipped(ROWS) + b"more")[3] == "The gzip file is damaged."


def test_a_small_file_that_decompresses_to_a_large_one_is_rejected(client: DatasetClient, settings: Any) -> None:
    settings.IMPORT_LIMIT_BYTES = 50_000_000
    file = gzipped((b'{"input":"' + b" " * 1_000_000 + b'"}\n') * 60)
    assert len(file) < 500_000

    row, _, _, detail = error(client, file)

    assert row == pytest.approx(50, abs=2)
    assert detail == "The decompressed file exceeds the limit of 50000000 bytes."


def test_an_endless_compressed_line_is_rejected(client: DatasetClient) -> None:
    assert error(client, gzipped(b" " * 100_000_000))[3] == "The row exceeds the limit of 20971520 bytes."


def test_blank_lines_count_as_part_of_the_next_row(client: DatasetClient, settings: Any) -> None:
    settings.BODY_LIMIT_BYTES = 1000
    blank = b"\n" * 900

    for head, row, import_format in ((b"", b'{"input": 1}\n', "jsonl"), (b"input\n", b"1\n", "csv")):
        assert send(client, head + blank + row + blank + row + blank, import_format).json()["created"] == 2
        assert error(client, gzipped(head + row + blank + blank), import_format) == (
            2, None, "invalid_input", "The row exceeds the limit of 1000 bytes.",
        )  # fmt: skip


def test_a_large_compressed_parquet_file_is_rejected(client: DatasetClient, settings: Any) -> None:
    settings.IMPORT_LIMIT_BYTES = 100_000
    file = parquet({"input": ["x" * 100] * 5_000}, compression="none", use_dictionary=False)

    for sent in (gzipped(file), parquet({"input": ["x" * 100] * 5_000}, compression="zstd", use_dictionary=False)):
        detail = file_rejection(client, sent, "parquet")[2]
        assert detail == "The decompressed file exceeds the limit of 100000 bytes."


def test_a_body_beyond_the_limit_is_rejected(client: DatasetClient, settings: Any) -> None:
    settings.IMPORT_LIMIT_BYTES = len(ROWS) - 1

    response = send(client, ROWS)

    assert (response.status_code, response.json()["code"]) == (413, "request_too_large")
    assert response.json()["detail"] == f"Request body exceeds the limit of {len(ROWS) - 1} bytes."


def test_the_limit_of_other_bodies_does_not_apply(client: DatasetClient) -> None:
    file = lines(*({"input": "x" * 1_000_000} for _ in range(25)))

    assert send(client, file).json()["created"] == 25


# --- Which format ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "media_type"),
    [
        (ROWS, "application/x-ndjson"),
        (ROWS, "application/jsonl; charset=utf-8"),
        (CELLS, "text/csv"),
        (CELLS, "Text/CSV; header=present"),
        (parquet({"input": [1]}), "application/vnd.apache.parquet"),
    ],
)
def test_the_media_type_determines_the_format(file: bytes, media_type: str, client: DatasetClient) -> None:
    assert send(client, file, None, media_type=media_type).status_code == 201


@pytest.mark.parametrize(
    "media_type", ["", BYTES, "application/gzip", "application/json", "application/x-www-form-urlencoded", "text/plain"]
)
def test_any_media_type_is_accepted_with_a_format(media_type: str, client: DatasetClient) -> None:
    assert send(client, ROWS, "jsonl", media_type=media_type).status_code == 201
    assert file_rejection(client, ROWS, None, media_type=media_type) == (
        "import_format", "required", "The format of the file is unknown. Use jsonl, json, csv, xlsx or parquet.",
    )  # fmt: skip


def test_an_unknown_format_is_rejected(client: DatasetClient) -> None:
    assert file_rejection(client, ROWS, "ods")[:2] == ("import_format", "invalid_choice")


def test_the_named_format_wins(client: DatasetClient) -> None:
    assert send(client, CELLS, "csv", media_type="application/x-ndjson").status_code == 201


@pytest.mark.parametrize("value", ["yes", "2", "null"])
def test_a_dry_run_is_true_or_false(value: str, client: DatasetClient) -> None:
    assert file_rejection(client, ROWS, dry_run=value)[:2] == ("dry_run", "invalid_input")


# --- Forms -----------------------------------------------------------------------------------------------------------


def form(*files: tuple[str, bytes], **fields: str) -> bytes:
    parts = [
        f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {BYTES}\r\n\r\n'.encode()
        + data
        for name, data in files
    ] + [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    return b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + b"--x--\r\n"


FORM = "multipart/form-data; boundary=x"


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("rows.jsonl", ROWS),
        ("ROWS.NDJSON.GZ", gzipped(ROWS)),
        ("cells.csv", CELLS),
        ("table.parquet", parquet({"input": [1]})),
        ("long.jsonl", lines(*({"input": "x" * 1_000_000} for _ in range(5)))),
    ],
)
def test_a_form_with_a_file(name: str, file: bytes, client: DatasetClient) -> None:
    response = send(client, form((name, file)), None, media_type=FORM)

    assert created(response)["rows"] >= 1


@pytest.mark.parametrize("files", [[], [("a.jsonl", ROWS), ("b.jsonl", ROWS)]])
def test_a_form_must_have_exactly_one_file(files: Any, client: DatasetClient) -> None:
    assert file_rejection(client, form(*files), media_type=FORM) == (
        "file", "invalid_input", f"A form must have one file, not {len(files)}.",
    )  # fmt: skip


def test_a_malformed_form_is_rejected(client: DatasetClient) -> None:
    response = send(client, b"nonsense", media_type="multipart/form-data")

    assert (response.status_code, response.json()["type"]) == (400, "invalid_request")


def test_a_missing_body_is_rejected(client: DatasetClient) -> None:
    response = client.api.ask("POST", client.path("import/?import_format=jsonl"))

    assert (response.status_code, json.loads(response.content)["rows"]) == (201, 0)
