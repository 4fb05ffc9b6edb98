"""View that imports a file into a dataset."""

from collections.abc import Callable
from contextlib import closing
from typing import Any

from django.http import Http404
from rest_framework import status
from rest_framework.request import Request

from items.bulk.upsert import UpsertTarget
from items.idempotency import IdempotentRequest
from items.imports.importer import ImportReader, ImportRejected, ImportRequest
from items.imports.openapi import IMPORT_FILE
from items.imports.options import collect_params, options_from_request
from items.imports.progress import ProgressCallback
from items.imports.progress_stream import stream_progress
from items.imports.upsert import ImportResult, preview_rows, store_rows
from items.queries import DatasetNotFound
from items.resource import DatasetDetailView
from items.validation.cache import get_schemas
from items.validation.schemas import NO_SCHEMAS
from rest.query_params import parse_boolean
from rest.renderers import JSONRenderer, NDJSONRenderer
from rest.responses import Response
from rest.uploads import PARSERS, get_upload


class ImportView(DatasetDetailView):
    parser_classes = PARSERS
    renderer_classes = [JSONRenderer, NDJSONRenderer]
    operations = {"post": IMPORT_FILE}

    def handle_once(self, handler: Callable[..., Response], request: Request, *args: Any, **kwargs: Any) -> Any:
        """Leave the Idempotency-Key to `post`, which claims it once the file has been read."""
        return handler(request, *args, **kwargs)

    @stream_progress
    def post(
        self, request: Request, *, on_progress: ProgressCallback, is_abandoned: Callable[[], bool], **kwargs: Any
    ) -> Response:
        idempotent_request = IdempotentRequest(self, request)
        dataset_id = self.object_id
        head = self.get_head_or_404(dataset_id)
        with closing(get_upload(request)) as upload:
            if response := idempotent_request.stored_response():
                return response
            params = collect_params(request, self.declared)
            is_dry_run = parse_boolean("dry_run", params.get("dry_run"))
            schemas = get_schemas(self.project_id, dataset_id) or NO_SCHEMAS
            options = options_from_request(request, params, upload)
            with ImportReader(ImportRequest(upload.file, options, schemas, is_abandoned), on_progress) as reader:
                reader.read()
                target = UpsertTarget(self.project_id, self.access.user.id, dataset_id)
                if is_dry_run:
                    return import_response(
                        reader, ImportResult(head.revision, preview_rows(reader, target)), is_dry_run=True
                    )
                if reader.errors:
                    raise ImportRejected(reader.errors)
                return idempotent_request.respond(lambda: self.store_response(target, reader))

    def store_response(self, target: UpsertTarget, reader: ImportReader) -> Response:
        try:
            result = store_rows(reader, target)
        except DatasetNotFound:
            raise Http404 from None
        return import_response(reader, result)


def import_response(reader: ImportReader, result: ImportResult, *, is_dry_run: bool = False) -> Response:
    revision = result.dataset_revision
    body = reader.summary(result.outcomes, revision=revision, is_dry_run=is_dry_run)
    code = status.HTTP_200_OK if is_dry_run else status.HTTP_201_CREATED
    return Response(body, status=code, headers={"Dataset-Revision": str(revision)})
