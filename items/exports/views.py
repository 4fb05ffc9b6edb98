"""A dataset as a file."""

from typing import Any

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.serializers import ValidationError

from items.exports.batches import DatasetSnapshot
from items.exports.formats import EXPORT_FORMATS, content_disposition, file_name
from items.exports.openapi import EXPORT_DATASET
from items.history.params import snapshot_from_query
from items.history.snapshots import Snapshot, resolve_revision
from items.models import DatasetRow
from items.resource import DatasetDetailView
from rest.etags import is_not_modified, not_modified, weak_etag
from rest.pagination import absolute_url
from rest.views import Negotiation

DEFAULT_FORMAT = "jsonl"


class FileNegotiation(Negotiation):
    """The file's media type is told by export_format, whatever Accept says; errors are JSON."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        requested_format = format_suffix or request.query_params.get("format")
        if requested_format:
            self.filter_renderers(renderers, requested_format)
        return renderers[0], renderers[0].media_type


class ExportView(DatasetDetailView):
    content_negotiation_class = FileNegotiation
    operations = {"get": EXPORT_DATASET}

    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        name = format_from_query(request)
        dataset = self.get_object()
        snapshot = snapshot_from_query(request, self.items, dataset.id) or self.current_snapshot(dataset)
        etag = weak_etag(snapshot.revision, snapshot.touch_count, absolute_url(request))  # as that of a list
        headers = {"ETag": etag, "Dataset-Revision": str(snapshot.revision)}
        if is_not_modified(request, etag):
            return not_modified(etag, **headers)
        chunks = EXPORT_FORMATS[name].chunks(DatasetSnapshot(self.project_id, dataset.id, snapshot))
        headers["Content-Disposition"] = content_disposition(file_name(dataset.name, snapshot.revision, name))
        return StreamingHttpResponse(chunks, content_type=EXPORT_FORMATS[name].media_type, headers=headers)

    def current_snapshot(self, dataset: DatasetRow) -> Snapshot:
        """The revision is fixed here."""
        return resolve_revision(self.project_id, dataset.id, str(self.get_head_or_404(dataset.id).revision))


def format_from_query(request: Request) -> str:
    name = request.query_params.get("export_format") or DEFAULT_FORMAT
    if name not in EXPORT_FORMATS:
        raise ValidationError({"export_format": [f'"{name}" is not a valid choice.']}, code="invalid_choice")
    return name
