"""View that exports a dataset as a file."""

from typing import Any

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.serializers import ValidationError

from auth.scopes import ACTION_BY_METHOD
from items.exports.batches import DatasetSnapshot
from items.exports.formats import EXPORT_FORMATS, content_disposition, file_name
from items.exports.openapi import EXPORT_DATASET, EXPORT_SELECTION
from items.history.params import snapshot_from_query
from items.history.snapshots import Snapshot, resolve_revision
from items.resource import DatasetDetailView
from items.rows import DatasetRow
from items.search.conditions import Conditions
from items.search.filter_body import parse_request_conditions
from items.search.selection import Selection
from items.search.snapshot_pages import check_deleted_filter
from rest.etags import is_not_modified, not_modified, weak_etag
from rest.pagination import absolute_url
from rest.views import Negotiation

DEFAULT_FORMAT = "jsonl"


class FileNegotiation(Negotiation):
    """Let export_format determine the media type, whatever Accept says; errors are JSON."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        requested_format = format_suffix or request.query_params.get("format")
        if requested_format:
            self.filter_renderers(renderers, requested_format)
        return renderers[0], renderers[0].media_type


class ExportView(DatasetDetailView):
    content_negotiation_class = FileNegotiation
    operations = {"get": EXPORT_DATASET, "post": EXPORT_SELECTION}
    action_by_method = ACTION_BY_METHOD | {"POST": "read"}

    def narrow(self, queryset: Any) -> Any:
        return queryset.live()

    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        name = format_from_query(request)
        dataset, snapshot, conditions = self.get_selection(parse_request_conditions(request.query_params))
        etag = weak_etag(snapshot.revision, snapshot.touch_count, absolute_url(request))  # the same as for a list
        headers = {"ETag": etag, "Dataset-Revision": str(snapshot.revision)}
        if is_not_modified(request, etag):
            return not_modified(etag, **headers)
        return self.file_response(name, dataset, snapshot, conditions, headers)

    def post(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        name = format_from_query(request)
        self.validated_body()
        dataset, snapshot, conditions = self.get_selection(parse_request_conditions(request.query_params, request.data))
        return self.file_response(name, dataset, snapshot, conditions, {"Dataset-Revision": str(snapshot.revision)})

    def get_selection(self, conditions: Conditions) -> tuple[DatasetRow, Snapshot, Conditions]:
        """Raises ValidationError for archived items of a past revision."""
        dataset = self.get_object()
        snapshot = snapshot_from_query(self.request, self.items, dataset.id)
        if snapshot:
            check_deleted_filter(conditions)
        return dataset, snapshot or self.current_snapshot(dataset), conditions

    def file_response(
        self, name: str, dataset: DatasetRow, snapshot: Snapshot, conditions: Conditions, headers: dict[str, str]
    ) -> HttpResponseBase:
        selection = Selection.resolve(self.project_id, dataset.id, snapshot, conditions)
        chunks = EXPORT_FORMATS[name].chunks(DatasetSnapshot(self.project_id, dataset.id, snapshot, selection))
        headers["Content-Disposition"] = content_disposition(file_name(dataset.name, snapshot.revision, name))
        return StreamingHttpResponse(chunks, content_type=EXPORT_FORMATS[name].media_type, headers=headers)

    def current_snapshot(self, dataset: DatasetRow) -> Snapshot:
        """Fix the revision to export, so that later writes do not affect it."""
        return resolve_revision(self.project_id, dataset.id, str(self.get_head_or_404(dataset.id).revision))


def format_from_query(request: Request) -> str:
    name = request.query_params.get("export_format") or DEFAULT_FORMAT
    if name not in EXPORT_FORMATS:
        raise ValidationError({"export_format": [f'"{name}" is not a valid choice.']}, code="invalid_choice")
    return name
