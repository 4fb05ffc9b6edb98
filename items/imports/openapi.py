"""The import of a file."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from items.bulk.existing import MATCH_KEYS
from items.bulk.upsert import OnConflict
from items.imports.formats import IMPORT_FORMATS
from items.imports.importer import MAX_ERRORS
from items.imports.options import CELLS
from items.openapi import DATASET_REVISION, MAX_JSON_LENGTH
from items.serializers import ImportedItemSerializer
from rest.openapi_parameters import ERRORS, ErrorSerializer
from rest.operations import Operation
from rest.query_params import QueryParam


class ImportErrorSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField(help_text="From 1 on; a head that names the columns is not counted.")
    line = serializers.IntegerField(
        allow_null=True, help_text="Where the row begins in the file, as an editor counts; null for Parquet."
    )
    attr = serializers.CharField(allow_null=True, help_text="The column; null where the row as a whole is wrong.")
    code = serializers.CharField(help_text="What went wrong, for programs.")
    detail = serializers.CharField(help_text="What went wrong, for people.")


class ColumnTargetSerializer(serializers.Serializer[Any]):
    column = serializers.CharField(help_text="As the file calls it.")
    target = serializers.CharField(help_text="A field, or the name that the mapping has for it.")


class ImportResultSerializer(serializers.Serializer[Any]):
    dry_run = serializers.BooleanField()
    rows = serializers.IntegerField(help_text="How many were read.")
    created = serializers.IntegerField(help_text="How many items were made.")
    updated = serializers.IntegerField(help_text="With match_on: how many items were changed.")
    unchanged = serializers.IntegerField(help_text="With match_on: how many items were as the file has them.")
    skipped = serializers.IntegerField(help_text="With on_conflict=skip: how many items were left alone.")
    archived = serializers.IntegerField(help_text="With mirror: how many items the file lacks.")
    errors = ImportErrorSerializer(  # type: ignore[assignment]  # a field, and the attribute stays as it is
        many=True, help_text=f"Of a dry run: the first {MAX_ERRORS}, where reading ends."
    )
    preview = ImportedItemSerializer(many=True, help_text="Of a dry run: the first rows, as they would be stored.")
    dataset_revision = serializers.IntegerField()
    ignored_columns = serializers.ListField(
        child=serializers.CharField(), help_text="Columns that were not read. With strict=true they are refused."
    )
    hints = ColumnTargetSerializer(
        many=True, help_text="Ignored columns that look as if they were meant for a field that no column reached."
    )
    matched_columns = ColumnTargetSerializer(
        many=True, help_text="Columns that were taken though their names differ in case, spaces or underscores."
    )


class ImportRejectedSerializer(ErrorSerializer):
    errors = ImportErrorSerializer(  # type: ignore[assignment]
        many=True, required=False, help_text="Absent where no row could be read."
    )
    ignored_columns = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="With the code ignored_columns."
    )
    hints = ColumnTargetSerializer(many=True, required=False, help_text="With the code ignored_columns.")


NOTHING_STORED = (
    "A dry run: nothing was stored. As application/x-ndjson: progress, and the answer in the last line, whatever it is."
)

IMPORT_FILE = Operation(
    summary="Import a file",
    description=(
        "Makes an item of each row of a file: JSON Lines, a JSON array, CSV, an Excel workbook or Parquet, also packed "
        "with gzip or Zstandard, of any length. All or nothing, in one revision. The body is the file, under any media "
        "type, or a form with one file, whose other fields are parameters like those of the query. A client that "
        "accepts application/x-ndjson is answered line by line while the file is read: lines with `progress`, and at "
        "last one with `status` and `body`."
    ),
    query=(
        QueryParam(
            "import_format",
            enum=IMPORT_FORMATS,
            description="Needed where neither Content-Type nor a file name tells.",
        ),
        QueryParam("dry_run", bool, description="Reads and checks the file, shows its first rows, stores nothing."),
        QueryParam(
            "mapping",
            max_length=MAX_JSON_LENGTH,
            description=(
                'A JSON object of columns and where they go: {"question": "input.q", "*": "metadata"}. Without it the '
                "columns input, output, metadata, ref_trace_id, ref_timestamp and ref_source_id are read. "
                '"output:text" keeps the cells of a CSV file or a workbook as the texts that they are.'
            ),
        ),
        QueryParam(
            "delimiter", max_length=3, description="Of CSV: one character, or `tab`. Without it, a comma, or a tab."
        ),
        QueryParam(
            "cells",
            enum=CELLS,
            description="`text`: every cell of a CSV file or a workbook is the text it is, and none is read as JSON.",
        ),
        QueryParam("sheet", description="Of a workbook: the name of the sheet. Without it, the first."),
        QueryParam(
            "match_on",
            enum=MATCH_KEYS,
            description="How rows find live items of the dataset that are there already; see on_conflict.",
        ),
        QueryParam(
            "on_conflict",
            enum=[str(policy) for policy in OnConflict],
            description="With match_on: what becomes of an item that is there. Default: error; update with mirror.",
        ),
        QueryParam(
            "mirror",
            bool,
            description="With match_on: archives the live items of the dataset whose key the file lacks.",
        ),
        QueryParam("strict", bool, description="Whether columns that are not read are refused (400)."),
    ),
    headers=(DATASET_REVISION,),
    body={"application/octet-stream": OpenApiTypes.BINARY},
    responses={
        (200, "application/json"): OpenApiResponse(ImportResultSerializer, NOTHING_STORED),
        # Lines are of one type or the other, which OpenAPI 3.0 cannot say.
        (200, "application/x-ndjson"): OpenApiResponse(OpenApiTypes.BINARY, NOTHING_STORED),
        201: OpenApiResponse(ImportResultSerializer, "All rows are stored."),
        400: OpenApiResponse(ImportRejectedSerializer, ERRORS["400"]),
        409: OpenApiResponse(ImportRejectedSerializer, "An item with this key is there (conflict)."),
    },
    is_idempotent=True,
)
