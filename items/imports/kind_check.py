"""Reject a file whose kind does not match its import_format, and say what to do."""

from items.imports.errors import file_error
from items.imports.file_kinds import Kind

# The kinds that each format's reader accepts.
READABLE = {
    "jsonl": {Kind.EMPTY, Kind.TEXT, Kind.JSON_LINES},
    "json": {Kind.EMPTY, Kind.TEXT, Kind.JSON_ARRAY},
    "csv": {Kind.EMPTY, Kind.TEXT},
    "parquet": {Kind.PARQUET},
    "xlsx": {Kind.WORKBOOK},
}
FORMAT_BY_KIND = {
    Kind.PARQUET: "parquet",
    Kind.WORKBOOK: "xlsx",
    Kind.JSON_LINES: "jsonl",
    Kind.JSON_ARRAY: "json",
}
EXTRACT = "Extract the file inside and send that, perhaps compressed with gzip or Zstandard."
DECOMPRESS = "Decompress it and send the file, perhaps compressed with gzip or Zstandard."
AS_TABLE = "Convert its table to Parquet, CSV or JSON Lines and send that."
SAVE_AS_XLSX = "Save it as .xlsx without a password and send it as import_format=xlsx."
SAVE_AS_UTF8 = 'Save it as UTF-8; in Excel, choose "CSV UTF-8".'
ADVICE = {
    Kind.EMPTY: "There is nothing to import.",
    Kind.TEXT: "Send it as import_format=csv, jsonl or json.",
    Kind.JSON_SPREAD: "Write each object on one line, or send an array of the objects as import_format=json.",
    Kind.BINARY_WORKBOOK: SAVE_AS_XLSX,
    Kind.OLD_WORKBOOK: SAVE_AS_XLSX,
    Kind.OPEN_DOCUMENT: SAVE_AS_XLSX,
    Kind.WORD: AS_TABLE,
    Kind.ZIP: EXTRACT,
    Kind.TAR: EXTRACT,
    Kind.SEVEN_ZIP: EXTRACT,
    Kind.RAR: EXTRACT,
    Kind.XZ: DECOMPRESS,
    Kind.BZIP2: DECOMPRESS,
    Kind.LZ4: DECOMPRESS,
    Kind.GZIP: "It is compressed more than twice. Decompress it before sending it.",
    Kind.ZSTD: "It is compressed more than twice. Decompress it before sending it.",
    Kind.ENCRYPTED_PARQUET: "Save it without encryption.",
    Kind.UTF16: SAVE_AS_UTF8,
    Kind.UTF32: SAVE_AS_UTF8,
    Kind.HTML: "The download may have required signing in, or its URL may be that of a page about the file.",
    Kind.LFS: 'It is only a reference to the file. Fetch the file with "git lfs pull" and send that.',
    Kind.BINARY: "This kind cannot be imported. Send JSON Lines, JSON, CSV, Parquet or .xlsx.",
}


def check_kind(kind: Kind, import_format: str) -> None:
    """Raises ValidationError."""
    if kind in READABLE[import_format]:
        return
    if kind == Kind.EMPTY and import_format in {"parquet", "xlsx"}:
        raise file_error(f"The file is empty. {ADVICE[kind]}")
    suggested = FORMAT_BY_KIND.get(kind)
    advice = f"Send it as import_format={suggested}." if suggested else ADVICE.get(kind, AS_TABLE)
    raise file_error(f"This is {kind}. {advice}")


NOT_UTF8 = f"The file is not UTF-8. It may be Latin-1 (Windows-1252). {SAVE_AS_UTF8}"
