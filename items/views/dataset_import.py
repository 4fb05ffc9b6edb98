"""Import: a file becomes items of a dataset."""

from contextlib import closing
from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response

from items.bulk.creation import Created
from items.finding.values import boolean
from items.idempotency import Once, idempotent_in_parts
from items.quality.in_force import schemas_of
from items.quality.schemas import NONE, Schemas
from items.reads import UnknownDataset
from items.transfer.following import followed
from items.transfer.formats import format_of
from items.transfer.importing import Import, Reading, RowsRefused, store
from items.transfer.mapping import read_mapping
from items.transfer.progress import Watch
from items.views.dataset_resource import DatasetResource
from rest.files import PARSERS, Upload, upload_in
from rest.headers import header
from rest.renderers import JSONRenderer, LineRenderer

PACKINGS = {"gzip", "x-gzip"}


class DatasetImport(DatasetResource):
    @action(
        detail=True,
        methods=["post"],
        url_path="import",
        url_name="import",
        parser_classes=PARSERS,
        renderer_classes=[JSONRenderer, LineRenderer],
    )
    @followed
    @idempotent_in_parts
    def import_file(self, request: Request, *args: Any, once: Once, watch: Watch, **kwargs: Any) -> Response:
        dataset_id = self.wanted_id
        head = self.head_of(dataset_id)
        with closing(upload_in(request)) as upload:
            if answer := once.kept_answer():
                return answer
            is_dry = boolean("dry_run", request.query_params.get("dry_run"))
            schemas = schemas_of(self.project_id, dataset_id) or NONE
            with Reading(wanted_import(request, upload, schemas), watch) as reading:
                reading.read()
                if is_dry:
                    return shown(reading, Created(head.revision, 0), is_dry=True)
                if reading.errors:
                    raise RowsRefused(reading.errors)
                return once.answer(lambda: self.stored(dataset_id, reading))

    def stored(self, dataset_id: UUID, reading: Reading) -> Response:
        ids = {"project_id": self.project_id, "user_id": self.access.person.id}
        try:
            created = store(reading, dataset_id=dataset_id, **ids)
        except UnknownDataset:
            raise Http404 from None
        return shown(reading, created)


def wanted_import(request: Request, upload: Upload, schemas: Schemas) -> Import:
    """Raises ValidationError, UnsupportedMediaType."""
    query = request.query_params
    encoding = (header(request, "Content-Encoding") or "").strip().lower()
    if encoding and encoding not in PACKINGS | {"identity"}:
        raise UnsupportedMediaType("", f'A file may be packed with gzip, but not with "{encoding}".')
    name = format_of(query.get("import_format"), media_type=upload.media_type, file_name=upload.name)
    mapping = read_mapping(query.get("mapping", ""))
    return Import(upload.file, name, mapping, encoding if encoding in PACKINGS else "", schemas)


def shown(reading: Reading, created: Created, *, is_dry: bool = False) -> Response:
    revision = created.dataset_revision
    body = reading.told(created=created.rows, revision=revision, is_dry=is_dry)
    code = status.HTTP_200_OK if is_dry else status.HTTP_201_CREATED
    return Response(body, status=code, headers={"Dataset-Revision": str(revision)})
