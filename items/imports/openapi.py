"""The OpenAPI operation that imports a file."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from items.bulk.existing import MATCH_KEYS
from items.bulk.upsert import OnConflict
from items.imports.formats import IMPORT_FORMATS
from items.imports.importer import MAX_ERRORS
from items.imports.options import CELLS
from items.imports.outcomes import MAX_EXAMPLES, STATUSES
from items.openapi import DATASET_REVISION, MAX_JSON_LENGTH
from items.serializers import ImportedItemSerializer
from rest.openapi_parameters import ERRORS, ErrorSerializer
from rest.operations import Operation
from rest.query_params import QueryParam


class ImportErrorSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField(help_text="Counted from 1, without a header that names the columns.")
    line = serializers.IntegerField(
        allow_null=True, help_text="The line on which the row begins, counted from 1; null for Parquet."
    )
    attr = serializers.CharField(allow_null=True, help_text="The column; null if the row as a whole is invalid.")
    code = serializers.CharField(help_text="The kind of error, for programs.")
    detail = serializers.CharField(help_text="The error, for people.")


class ImportExampleSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=STATUSES)
    row = serializers.IntegerField(allow_null=True, help_text="Counted from 1; null for an item that the file lacks.")
    line = serializers.IntegerField(allow_null=True, help_text="The line on which the row begins; null for Parquet.")
    id = serializers.UUIDField(allow_null=True, help_text="The item; null if it would be created.")
    ref_source_id = serializers.CharField(allow_null=True, help_text="The present one of an item that exists.")
    fields = serializers.ListField(  # type: ignore[assignment]  # a member, not the serializer's own fields
        child=serializers.CharField(), help_text="The fields that would change."
    )


class ColumnTargetSerializer(serializers.Serializer[Any]):
    column = serializers.CharField(help_text="The name in the file.")
    target = serializers.CharField(help_text="The field, or the name in the mapping.")


class ImportResultSerializer(serializers.Serializer[Any]):
    dry_run = serializers.BooleanField()
    rows = serializers.IntegerField(help_text="The number of rows read.")
    created = serializers.IntegerField(help_text="The number of items created.")
    updated = serializers.IntegerField(help_text="With match_on: the number of items changed.")
    unchanged = serializers.IntegerField(help_text="With match_on: the number of items that already equal their rows.")
    skipped = serializers.IntegerField(help_text="With on_conflict=skip: the number of items left unchanged.")
    archived = serializers.IntegerField(help_text="With mirror: the number of items that the file lacks.")
    errors = ImportErrorSerializer(  # type: ignore[assignment]  # a field, and the attribute stays as it is
        many=True, help_text=f"In a dry run: up to {MAX_ERRORS} errors, after which reading stops."
    )
    examples = ImportExampleSerializer(
        many=True, help_text=f"In a dry run: the first {MAX_EXAMPLES} rows or items of each status."
    )
    preview = ImportedItemSerializer(many=True, help_text="In a dry run: the first rows, as they would be stored.")
    dataset_revision = serializers.IntegerField()
    ignored_columns = serializers.ListField(
        child=serializers.CharField(), help_text="Columns that were not read. With strict=true they are an error."
    )
    hints = ColumnTargetSerializer(
        many=True, help_text="Ignored columns that may be meant for a field that no column fills."
    )
    matched_columns = ColumnTargetSerializer(
        many=True, help_text="Columns that were read although their names differ in case, spaces or underscores."
    )


class ImportRejectedSerializer(ErrorSerializer):
    errors = ImportErrorSerializer(  # type: ignore[assignment]
        many=True, required=False, help_text="Absent if no row could be read."
    )
    ignored_columns = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="With the code ignored_columns, and if no column is read.",
    )
    hints = ColumnTargetSerializer(many=True, required=False, help_text="Beside ignored_columns.")


NOTHING_STORED = (
    "A dry run: nothing was stored. With application/x-ndjson: progress, and the response as the last line."
)

IMPORT_FILE = Operation(
    summary="Import a file",
    description=(
        "Creates an item from each row of a file of any length: JSON Lines, a JSON array, CSV, an Excel workbook or "
        "Parquet, optionally compressed with gzip or Zstandard. All or nothing, in one revision. The body is the file, "
        "with any media type, or a form with one file, whose other fields act as query parameters. A client that "
        "accepts application/x-ndjson receives lines while the file is read: lines with `progress`, and finally one "
        "with `status` and `body`."
    ),
    query=(
        QueryParam(
            "import_format",
            enum=IMPORT_FORMATS,
            description="Required unless Content-Type or a file name implies it.",
            example="jsonl",
        ),
        QueryParam("dry_run", bool, description="Reads and checks the file, returns its first rows, stores nothing."),
        QueryParam(
            "mapping",
            max_length=MAX_JSON_LENGTH,
            description=(
                'A JSON object of columns and their targets: {"question": "input.q", "*": "metadata"}. Without it, the '
                "columns input, output, metadata, ref_trace_id, ref_timestamp and ref_source_id are read. "
                '"output:text" reads the cells of a CSV file or a workbook as strings.'
            ),
        ),
        QueryParam(
            "delimiter", max_length=3, description="For CSV: one character, or `tab`. By default, a comma or a tab."
        ),
        QueryParam(
            "cells",
            enum=CELLS,
            description="`text`: read every cell of a CSV file or a workbook as a string, not as JSON.",
        ),
        QueryParam("sheet", description="For a workbook: the name of the sheet; by default the first."),
        QueryParam(
            "match_on",
            enum=MATCH_KEYS,
            description="How rows are matched with live items of the dataset; see on_conflict.",
        ),
        QueryParam(
            "on_conflict",
            enum=[str(policy) for policy in OnConflict],
            description="With match_on: what to do with a matching item. Default: error, or update with mirror.",
        ),
        QueryParam(
            "mirror",
            bool,
            description="With match_on: archives the live items of the dataset whose key the file lacks.",
        ),
        QueryParam("strict", bool, description="Respond with 400 if columns are not read."),
    ),
    headers=(DATASET_REVISION,),
    body={"application/octet-stream": OpenApiTypes.BINARY},
    responses={
        (200, "application/json"): OpenApiResponse(ImportResultSerializer, NOTHING_STORED),
        # Lines have one of two types, which OpenAPI 3.0 cannot express.
        (200, "application/x-ndjson"): OpenApiResponse(OpenApiTypes.BINARY, NOTHING_STORED),
        201: OpenApiResponse(ImportResultSerializer, "All rows are stored."),
        400: OpenApiResponse(ImportRejectedSerializer, ERRORS["400"]),
        409: OpenApiResponse(ImportRejectedSerializer, "An item with this key exists (conflict)."),
    },
    is_idempotent=True,
)
