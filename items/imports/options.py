"""Parse the parameters of an import: the query, and the form fields beside the file."""

from collections.abc import Mapping

from django.http import QueryDict
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request

from items.imports.column_mapping import ColumnMapping, parse_mapping
from items.imports.decompression import ENCODINGS
from items.imports.errors import file_error
from items.imports.formats import ImportOptions, detect_format
from items.imports.matching import parse_match_options
from rest.headers import get_header
from rest.operations import Operation, repeated_param_error
from rest.query_params import parse_boolean
from rest.uploads import Upload

TAB = "tab"
CELLS = ("json", "text")
# Parameters that apply only to these formats.
FORMATS_OF = {"delimiter": {"csv"}, "cells": {"csv", "xlsx"}, "sheet": {"xlsx"}}

Params = Mapping[str, str]


def collect_params(request: Request, operation: Operation) -> dict[str, str]:
    """Merge form fields into the query parameters. Raises ValidationError."""
    params = {name: str(value) for name, value in request.query_params.items()}
    data = request.data
    fields = data if isinstance(data, QueryDict) else QueryDict()
    for name in fields:
        if name in request.FILES:
            continue
        values = {*fields.getlist(name), *([params[name]] if name in params else [])}
        if len(values) > 1:
            raise repeated_param_error(name)
        params[name] = values.pop()
    operation.check_query(params)
    return params


def options_from_request(request: Request, params: Params, upload: Upload) -> ImportOptions:
    """Raises ValidationError and UnsupportedMediaType."""
    encoding = (get_header(request, "Content-Encoding") or "").strip().lower()
    if encoding and encoding not in {*ENCODINGS, "identity"}:
        detail = f'A file may be compressed with gzip or zstd, but not with "{encoding[:60]}".'
        raise UnsupportedMediaType("", detail)
    options = parse_options(params, media_type=upload.media_type, file_name=upload.name)
    return options._replace(encoding=encoding if encoding in ENCODINGS else "")


def parse_options(params: Params, *, media_type: str = "", file_name: str = "") -> ImportOptions:
    name = detect_format(params.get("import_format"), media_type=media_type, file_name=file_name)
    for param, formats in FORMATS_OF.items():
        if params.get(param) and name not in formats:
            detail = f"This parameter requires import_format={' or '.join(sorted(formats))}; the format is {name}."
            raise file_error(detail, attr=param)
    match = parse_match_options(params)
    mapping = parse_mapping(params.get("mapping", ""), extra_fields=("id",) if match.match_on == "id" else ())
    check_text_targets(mapping, name)
    return ImportOptions(
        format=name,
        mapping=mapping,
        delimiter=parse_delimiter(params.get("delimiter", "")),
        has_text_cells=parse_cells(params.get("cells", "")),
        sheet=params.get("sheet", ""),
        is_strict=parse_boolean("strict", params.get("strict")),
        match=match,
    )


def check_text_targets(mapping: ColumnMapping, name: str) -> None:
    if mapping.text_columns and name not in FORMATS_OF["cells"]:
        detail = f'":text" requires import_format=csv or xlsx: values in {name} have types of their own.'
        raise file_error(detail, attr="mapping")


def parse_delimiter(text: str) -> str:
    if text.lower() == TAB:
        return "\t"
    if len(text) > 1 or text in set('"\r\n\0 ') or not text.isascii() or text.isalnum():
        detail = "A delimiter is one character other than a letter, digit, space or quote, or the word tab."
        raise file_error(detail, attr="delimiter")
    return text


def parse_cells(text: str) -> bool:
    if text and text not in CELLS:
        raise file_error(f'"{text}" is not a valid choice. Use json or text.', attr="cells", code="invalid_choice")
    return text == "text"
