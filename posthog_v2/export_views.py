"""Views of exports. An export is complete at once: its rows are read on download, and its number is its revision."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import Http404, StreamingHttpResponse
from django.utils.text import slugify
from rest_framework import status
from rest_framework.request import Request

from auth.scopes import ACTION_BY_METHOD
from items.exports.batches import DatasetSnapshot
from items.exports.formats import content_disposition
from items.exports.views import FileNegotiation
from items.history.snapshots import parse_number
from posthog_v2 import operations
from posthog_v2.conflicts import export_conflict
from posthog_v2.dataset_resource import get_dataset_or_404
from posthog_v2.export_lines import export_lines
from posthog_v2.items import get_snapshot
from posthog_v2.representation import DatasetState
from posthog_v2.resource import V2View
from rest.responses import Response

KEPT_FOR = timedelta(days=7)
NO_ITEMS = "Add an item before exporting this dataset."
NO_REVISION = "This dataset revision does not exist."


def export_body(dataset: DatasetState, revision: int) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "id": revision,
        "status": "complete",
        "dataset_revision": revision,
        "filename": file_name(dataset, revision, now),
        "created_at": now,
        "expires_after": (now + KEPT_FOR).replace(hour=0, minute=0, second=0, microsecond=0),
        "exception": None,
    }


def get_export_or_404(view: V2View) -> tuple[DatasetState, int]:
    """Return the dataset of the export, and its revision."""
    digits = view.kwargs["export_id"]
    dataset = get_dataset_or_404(view)
    if not digits.isascii() or not digits.isdecimal() or not 1 <= parse_number(digits) <= dataset.revision:
        raise Http404
    return dataset, parse_number(digits)


def file_name(dataset: DatasetState, revision: int, now: datetime) -> str:
    return f"{slugify(f'{dataset.row.name}-r{revision}')}-{now:%Y-%m-%d-%H%M%S}.jsonl"


class ExportListView(V2View):
    # Exporting only reads.
    action_by_method = {**ACTION_BY_METHOD, "POST": "read"}
    operations = {"post": operations.CREATE_EXPORT}
    operation_ids = {"post": "datasets_exports_create"}

    def post(self, request: Request, **kwargs: Any) -> Response:
        dataset = get_dataset_or_404(self)
        revision = self.validated_body().get("revision") or dataset.revision
        if not dataset.revision:
            raise export_conflict(NO_ITEMS)
        if revision > dataset.revision:
            raise export_conflict(NO_REVISION)
        return Response(export_body(dataset, revision), status=status.HTTP_201_CREATED)


class ExportView(V2View):
    operations = {"get": operations.RETRIEVE_EXPORT}
    operation_ids = {"get": "datasets_exports_retrieve"}

    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(export_body(*get_export_or_404(self)))


class ExportContentView(V2View):
    content_negotiation_class = FileNegotiation
    operations = {"get": operations.READ_EXPORT}
    operation_ids = {"get": "datasets_exports_content_retrieve"}

    def get(self, request: Request, **kwargs: Any) -> StreamingHttpResponse:
        dataset, revision = get_export_or_404(self)
        snapshot = get_snapshot(self.items, dataset.row.id, revision)
        assert snapshot is not None  # noqa: S101  no revision is missing
        headers = {
            "Dataset-Revision": str(revision),
            "Content-Disposition": content_disposition(file_name(dataset, revision, datetime.now(UTC))),
        }
        lines = export_lines(DatasetSnapshot(self.project_id, dataset.row.id, snapshot))
        return StreamingHttpResponse(lines, content_type="application/x-ndjson", headers=headers)
