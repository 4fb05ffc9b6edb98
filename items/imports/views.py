"""Import: a file becomes items of a dataset."""

from collections.abc import Callable
from contextlib import closing
from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import status
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response

from items.idempotency import IdempotentRequest
from items.imports.column_mapping import parse_mapping
from items.imports.formats import detect_format
from items.imports.importer import ImportReader, ImportRejected, ImportRequest, store_items
from items.imports.openapi import IMPORT_FILE
from items.imports.progress import ProgressCallback
from items.imports.progress_stream import stream_progress
from items.queries import DatasetNotFound
from items.resource import DatasetDetailView
from items.validation.cache import get_schemas
from items.validation.schemas import NO_SCHEMAS, Schemas
from items.writes.bulk_insert import Created
from rest.files import PARSERS, Upload, get_upload
from rest.headers import get_header
from rest.query_params import parse_boolean
from rest.renderers import JSONRenderer, NDJSONRenderer

GZIP_ENCODINGS = {"gzip", "x-gzip"}


class ImportView(DatasetDetailView):
    parser_classes = PARSERS
    renderer_classes = [JSONRenderer, NDJSONRenderer]
    operations = {"post": IMPORT_FILE}

    def handle_once(self, handler: Callable[..., Response], request: Request, *args: Any, **kwargs: Any) -> Any:
        """The key is claimed only when the file has been read, by `post` itself."""
        return handler(request, *args, **kwargs)

    @stream_progress
    def post(self, request: Request, *, on_progress: ProgressCallback, **kwargs: Any) -> Response:
        idempotent_request = IdempotentRequest(self, request)
        dataset_id = self.object_id
        head = self.get_head_or_404(dataset_id)
        with closing(get_upload(request)) as upload:
            if response := idempotent_request.stored_response():
                return response
            is_dry_run = parse_boolean("dry_run", request.query_params.get("dry_run"))
            schemas = get_schemas(self.project_id, dataset_id) or NO_SCHEMAS
            with ImportReader(import_from_query(request, upload, schemas), on_progress) as reader:
                reader.read()
                if is_dry_run:
                    return import_response(reader, Created(head.revision, 0), is_dry_run=True)
                if reader.errors:
                    raise ImportRejected(reader.errors)
                return idempotent_request.respond(lambda: self.store_response(dataset_id, reader))

    def store_response(self, dataset_id: UUID, reader: ImportReader) -> Response:
        ids = {"project_id": self.project_id, "user_id": self.access.user.id}
        try:
            created = store_items(reader, dataset_id=dataset_id, **ids)
        except DatasetNotFound:
            raise Http404 from None
        return import_response(reader, created)


def import_from_query(request: Request, upload: Upload, schemas: Schemas) -> ImportRequest:
    """Raises ValidationError, UnsupportedMediaType."""
    query = request.query_params
    encoding = (get_header(request, "Content-Encoding") or "").strip().lower()
    if encoding and encoding not in GZIP_ENCODINGS | {"identity"}:
        raise UnsupportedMediaType("", f'A file may be packed with gzip, but not with "{encoding}".')
    name = detect_format(query.get("import_format"), media_type=upload.media_type, file_name=upload.name)
    mapping = parse_mapping(query.get("mapping", ""))
    return ImportRequest(upload.file, name, mapping, encoding if encoding in GZIP_ENCODINGS else "", schemas)


def import_response(reader: ImportReader, created: Created, *, is_dry_run: bool = False) -> Response:
    revision = created.dataset_revision
    body = reader.summary(created=created.rows, revision=revision, is_dry_run=is_dry_run)
    code = status.HTTP_200_OK if is_dry_run else status.HTTP_201_CREATED
    return Response(body, status=code, headers={"Dataset-Revision": str(revision)})
