"""Refuses a file that is of another kind than its import_format says, by name and with what to do."""

from items.imports.errors import file_error
from items.imports.file_kinds import Kind

# The kinds that each format's reader takes.
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
UNPACK = "Unpack it and send the file inside, as it is or packed with gzip or Zstandard."
REPACK = "Unpack it, and send the file as it is or packed with gzip or Zstandard."
AS_TABLE = "Write its table as Parquet, CSV or JSON Lines, and send that."
SAVE_AS_XLSX = "Save it as .xlsx without a password, and send it as import_format=xlsx."
SAVE_AS_UTF8 = 'Save it as UTF-8; in Excel, choose "CSV UTF-8".'
ADVICE = {
    Kind.EMPTY: "There is nothing to import.",
    Kind.TEXT: "Send it as import_format=csv, jsonl or json.",
    Kind.JSON_SPREAD: ("Write each object on one line, or send an array of the objects as import_format=json."),
    Kind.BINARY_WORKBOOK: SAVE_AS_XLSX,
    Kind.OLD_WORKBOOK: SAVE_AS_XLSX,
    Kind.OPEN_DOCUMENT: SAVE_AS_XLSX,
    Kind.WORD: AS_TABLE,
    Kind.ZIP: UNPACK,
    Kind.TAR: UNPACK,
    Kind.SEVEN_ZIP: UNPACK,
    Kind.RAR: UNPACK,
    Kind.XZ: REPACK,
    Kind.BZIP2: REPACK,
    Kind.LZ4: REPACK,
    Kind.GZIP: "It is packed more than twice. Unpack it before sending it.",
    Kind.ZSTD: "It is packed more than twice. Unpack it before sending it.",
    Kind.ENCRYPTED_PARQUET: "Write it without encryption.",
    Kind.UTF16: SAVE_AS_UTF8,
    Kind.UTF32: SAVE_AS_UTF8,
    Kind.HTML: "Perhaps the download needed a sign-in, or its address is that of a page about the file.",
    Kind.LFS: 'It stands for the file and is not the file. Fetch the file with "git lfs pull", and send that.',
    Kind.BINARY: "It is of no kind that can be imported: send JSON Lines, JSON, CSV, Parquet or .xlsx.",
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
