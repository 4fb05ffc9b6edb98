"""File kinds detected by the first bytes: each is read, or rejected by name with advice."""

import bz2
import gzip
import io
import json
import lzma
import pickle
import sqlite3
import tarfile
import zipfile

import pyarrow as pa
import pyarrow.feather
import pyarrow.orc
import pytest

from items.imports.file_kinds import Kind, detect_kind, has_cr_line_ends
from tests.dataset_client import DatasetClient
from tests.items.imports.files import contents, file_rejection, imported, parquet, send
from tests.items.imports.workbooks import workbook

TABLE = b"input,output\r\n1,2\r\n"
LINES = b'{"input": 1, "output": 2}\n'
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"4d7a2146" * 8 + b"\nsize 48213\n"
FORMATS = ["jsonl", "json", "csv", "xlsx", "parquet"]


def zipped(name: str, content: bytes = TABLE) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def tarred() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo("cases.csv")
        member.size = len(TABLE)
        archive.addfile(member, io.BytesIO(TABLE))
    return file.getvalue()


def arrow_stream() -> bytes:
    table = pa.table({"input": [1]})
    file = io.BytesIO()
    with pa.ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table)
    return file.getvalue()


def feather() -> bytes:
    file = io.BytesIO()
    pyarrow.feather.write_feather(pa.table({"input": [1]}), file)
    return file.getvalue()


def orc() -> bytes:
    file = io.BytesIO()
    pyarrow.orc.write_table(pa.table({"input": [1]}), file)
    return file.getvalue()


def database() -> bytes:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE cases (input text)")
        content = connection.serialize()
    connection.close()
    return content


REFUSED = {
    "a ZIP archive": zipped("cases.csv"),
    "a tar archive": tarred(),
    "an xz file": lzma.compress(TABLE),
    "a bzip2 file": bz2.compress(TABLE * 100),
    "a 7z archive": b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(40),
    "a RAR archive": b"Rar!\x1a\x07\x01\x00" + bytes(40),
    "an LZ4 file": b"\x04\x22\x4d\x18\x64\x40\xa7" + bytes(20),
    "a Word document": zipped("word/document.xml"),
    "an OpenDocument file": zipped("mimetype") + b"application/vnd.oasis.opendocument.spreadsheet",
    "a binary Excel workbook (.xlsb)": zipped("xl/workbook.bin"),
    "an old or a protected Excel workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "an Arrow (Feather) file": feather(),
    "an ORC file": orc(),
    "an SQLite database": database(),
    "a Python pickle": pickle.dumps({"input": 1}),
    "a PDF document": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\x00",
    "UTF-16 text": TABLE.decode().encode("utf-16"),
    "UTF-32 text": TABLE.decode().encode("utf-32"),
    "a web page (HTML)": b"\n<!DOCTYPE html>\n<html><body>Sign in</body></html>",
    "a Git LFS pointer": POINTER,
    "a binary file": bytes(range(256)) * 4,
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_unreadable_kind_is_named(name: str) -> None:
    content = REFUSED[name]

    assert detect_kind(content[:4096], content[-66_000:]).value == name


def test_an_arrow_stream_and_utf16_without_a_byte_order_mark_are_named() -> None:
    assert detect_kind(arrow_stream()) == Kind.ARROW
    assert detect_kind(TABLE.decode().encode("utf-16-le")) == Kind.UTF16
    assert detect_kind(TABLE.decode().encode("utf-16-be")) == Kind.UTF16
    assert detect_kind(POINTER.replace(b"\n", b"\r\n")) == Kind.LFS


@pytest.mark.parametrize(
    "text",
    [
        b"ORCID,input\n1,2\n",
        b"PAR1,input\n",
        b"Rar!,x\n",
        b"BZh,x\n",
        b"%PDF-,x\n",
        b"PKZ,input\n",
        "é,ö\n".encode(),
        b"<a>,b\n",
    ],
)
def test_a_text_is_not_mistaken_for_a_binary_with_the_same_start(text: bytes) -> None:
    assert detect_kind(text) == Kind.TEXT


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (LINES, Kind.JSON_LINES),
        (b"\xef\xbb\xbf" + LINES, Kind.JSON_LINES),
        (b'{"input": 1}', Kind.JSON_LINES),
        (b'{"input": "' + b"x" * 9000, Kind.JSON_LINES),
        (b'{"input": oops}\n{"input": 2}\n', Kind.JSON_LINES),
        (b'{\n  "input": 1\n}\n', Kind.JSON_SPREAD),
        (b'{"input": {\n  "q": 1}}\n', Kind.JSON_SPREAD),
        (b'[{"input": 1}]', Kind.JSON_ARRAY),
        (b"\n[\n  {\n", Kind.JSON_ARRAY),
        (b"[]", Kind.JSON_ARRAY),
        (b"[x],input\n", Kind.TEXT),
        (b"", Kind.EMPTY),
        (b"input\n1\n", Kind.TEXT),
    ],
)
def test_kinds_of_text(text: bytes, kind: Kind) -> None:
    assert detect_kind(text[:4096]) == kind


def test_cr_is_a_line_end_if_the_first_line_ends_in_it() -> None:
    assert has_cr_line_ends(b"input\r1\r")
    assert not has_cr_line_ends(b"input\r\n1\r")
    assert not has_cr_line_ends(b"input\n1\r")
    assert not has_cr_line_ends(b"input\r")


@pytest.mark.django_db
@pytest.mark.parametrize("import_format", FORMATS)
def test_every_format_rejects_other_kinds_with_advice(import_format: str, client: DatasetClient) -> None:
    for name, content in REFUSED.items():
        attr, code, detail = file_rejection(client, content, import_format)

        assert (attr, code) == (None, "invalid_input")
        assert detail.startswith(f"This is {name}. "), detail
        assert len(detail) > len(f"This is {name}. ") + 10
    assert client.results() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "named", "right"),
    [
        (workbook(["input"], [1]), "csv", "xlsx"),
        (parquet({"input": [1]}), "xlsx", "parquet"),
        (b'[{"input": 1}]', "jsonl", "json"),
        (b'[{"input": 1}]', "csv", "json"),
        (LINES, "csv", "jsonl"),
        (LINES, "json", "jsonl"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_the_message_names_the_right_format(content: bytes, named: str, right: str, client: DatasetClient) -> None:
    assert file_rejection(client, content, named)[2].endswith(f"Send it as import_format={right}.")
    assert send(client, content, right).status_code == 201


@pytest.mark.django_db
def test_pretty_printed_json_is_not_json_lines(client: DatasetClient) -> None:
    text = json.dumps({"input": 1}, indent=2).encode()

    assert file_rejection(client, text)[2].startswith(
        "This is JSON spread over several lines. Write each object on one"
    )


@pytest.mark.django_db
def test_a_compressed_file_is_detected_by_its_content(client: DatasetClient) -> None:
    assert file_rejection(client, gzip.compress(tarred()), "csv")[2].startswith("This is a tar archive. ")
    assert file_rejection(client, gzip.compress(gzip.compress(gzip.compress(TABLE))), "csv")[2].startswith(
        "This is a gzip file. It is compressed more than twice."
    )


def zstd(content: bytes) -> bytes:
    return pa.Codec("zstd").compress(content, asbytes=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("file", "headers"),
    [
        (zstd(TABLE), {}),
        (zstd(TABLE), {"Content-Encoding": "zstd"}),
        (zstd(TABLE[:10]) + zstd(TABLE[10:]), {}),
        (gzip.compress(zstd(TABLE)), {"Content-Encoding": "gzip"}),
    ],
    ids=["as it is", "by its header", "two frames", "packed again"],
)
def test_zstandard_is_decompressed(file: bytes, headers: dict[str, str], client: DatasetClient) -> None:
    assert [row[:2] for row in contents(imported(client, file, "csv", headers=headers))] == [(1, 2)]


@pytest.mark.django_db
def test_a_truncated_zstandard_file_is_rejected(client: DatasetClient) -> None:
    response = send(client, zstd(b"".join(b'{"input": %d}\n' % n for n in range(99_999)))[:-20]).json()

    assert response["detail"].endswith("The Zstandard file is cut short."), response


@pytest.mark.django_db
@pytest.mark.parametrize("file", [b'{"input":1}\r{"input":2}\r', b'\xef\xbb\xbf{"input":1}\r\r{"input":2}'])
def test_json_lines_may_end_in_cr(file: bytes, client: DatasetClient) -> None:
    assert [row[0] for row in contents(imported(client, file))] == [1, 2]
