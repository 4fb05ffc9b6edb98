"""A dataset as a file."""

from typing import Any

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.serializers import ValidationError

from items.history.moments import Moment, find_moment
from items.models import DatasetRow
from items.moment_filter import wanted_moment
from items.transfer.writing.batches import Past
from items.transfer.writing.exports import FORMATS, attachment, file_name
from items.views.dataset_resource import DatasetResource
from rest.conditional import is_unchanged, not_modified, weak
from rest.light_view import Negotiation
from rest.pagination import address_of

DEFAULT_FORMAT = "jsonl"


class FileNegotiation(Negotiation):
    """The file's media type is told by export_format, whatever Accept says; errors are JSON."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        wanted = format_suffix or request.query_params.get("format")
        if wanted:
            self.filter_renderers(renderers, wanted)
        return renderers[0], renderers[0].media_type


class DatasetExport(DatasetResource):
    def found(self) -> DatasetRow:
        raise NotImplementedError

    @action(detail=True, methods=["get"], content_negotiation_class=FileNegotiation)
    def export(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        name = wanted_format(request)
        dataset = self.found()
        moment = wanted_moment(request, self.items, dataset.id) or self.present_moment(dataset)
        tag = weak(moment.revision, moment.touches, address_of(request))  # as that of a list
        headers = {"ETag": tag, "Dataset-Revision": str(moment.revision)}
        if is_unchanged(request, tag):
            return not_modified(tag, **headers)
        chunks = FORMATS[name].chunks(Past(self.project_id, dataset.id, moment))
        headers["Content-Disposition"] = attachment(file_name(dataset.name, moment.revision, name))
        return StreamingHttpResponse(chunks, content_type=FORMATS[name].media_type, headers=headers)

    def present_moment(self, dataset: DatasetRow) -> Moment:
        """The revision is fixed here."""
        return find_moment(self.project_id, dataset.id, str(self.head_of(dataset.id).revision))


def wanted_format(request: Request) -> str:
    name = request.query_params.get("export_format") or DEFAULT_FORMAT
    if name not in FORMATS:
        raise ValidationError({"export_format": [f'"{name}" is not a valid choice.']}, code="invalid_choice")
    return name
