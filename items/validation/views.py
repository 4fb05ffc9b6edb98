"""View of the JSON Schemas of a dataset."""

from typing import Any

from django.http import Http404
from rest_framework.request import Request

from items.history.params import snapshot_or_400
from items.resource import DatasetDetailView
from items.validation.cache import get_schemas, get_schemas_as_of
from items.validation.openapi import READ_SCHEMAS, REPLACE_SCHEMAS
from items.validation.replace import put_schemas, schemas_from_body
from items.validation.schemas import Schemas
from items.validation.serializers import SchemasSerializer
from rest.etags import check_if_match, is_not_modified, not_modified, strong_etag
from rest.responses import Response
from rest.row_serializer import RowSerializer


class SchemasView(DatasetDetailView):
    operations = {"get": READ_SCHEMAS, "put": REPLACE_SCHEMAS}
    row_serializer = RowSerializer(SchemasSerializer, Schemas._fields)

    def get(self, request: Request, **kwargs: Any) -> Response:
        """Show the schemas in force, now or at a revision."""
        dataset_id = self.object_id
        headers: dict[str, str] = {}
        result: Schemas | None
        if revision := request.query_params.get("revision"):
            self.get_head_or_404(dataset_id)
            snapshot = snapshot_or_400(self.items, dataset_id, revision)
            result = get_schemas_as_of(self.project_id, dataset_id, snapshot.revision)
            headers["Dataset-Revision"] = str(snapshot.revision)
        else:
            result = get_schemas(self.project_id, dataset_id)
        if result is None:
            raise Http404
        etag = strong_etag(result.version)
        if is_not_modified(request, etag):
            return not_modified(etag, **headers)
        return Response(self.serialize([result])[0], headers={"ETag": etag} | headers)

    def put(self, request: Request, **kwargs: Any) -> Response:
        dataset_id = self.object_id
        current = get_schemas(self.project_id, dataset_id)
        if current is None:
            raise Http404
        self.check_match(current)  # before validation
        put = put_schemas(
            items=self.items,
            user_id=self.access.user.id,
            dataset_id=dataset_id,
            current=current,
            new_schemas=schemas_from_body(self.validated_body()),
            precondition=self.check_match,
        )
        headers = {"ETag": strong_etag(put.schemas.version), "Dataset-Revision": str(put.dataset_revision)}
        return Response(self.serialize([put.schemas])[0], headers=headers)

    def check_match(self, current: Schemas) -> None:
        check_if_match(self.request, current.version, "set of schemas")
