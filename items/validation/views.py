"""What a dataset demands of its items, which of them are equal, and what is in them."""

from typing import Any

from django.http import Http404
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from items.history.params import snapshot_or_400
from items.idempotency import idempotent
from items.insights.duplicates import COMPARABLE_FIELDS, TOO_LARGE_ADVICE, archive_duplicates, list_duplicates
from items.insights.stats import read_stats
from items.number_params import required_text
from items.project_view import DatasetBaseView
from items.search.timeout import search_timeout
from items.validation.cache import get_schemas, get_schemas_as_of
from items.validation.replace import put_schemas, schemas_from_body
from items.validation.schemas import Schemas
from items.validation.serializers import SchemasSerializer
from rest.deserializer import Deserializer
from rest.etags import check_if_match, is_not_modified, not_modified, strong_etag, weak_etag
from rest.pagination import LimitOffsetPagination, absolute_url
from rest.row_serializer import RowSerializer


class DatasetValidationMixin(DatasetBaseView):
    schemas_serializer = RowSerializer(SchemasSerializer, Schemas._fields)
    schemas_deserializer = Deserializer(SchemasSerializer)

    @action(detail=True, methods=["get"])
    def schemas(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """As they are, or as they were at a revision."""
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
        return Response(self.serialize([result], self.schemas_serializer)[0], headers={"ETag": etag} | headers)

    @schemas.mapping.put
    @idempotent
    def replace_schemas(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        dataset_id = self.object_id
        current = get_schemas(self.project_id, dataset_id)
        if current is None:
            raise Http404
        self.check_schemas_match(current)  # before validation
        put = put_schemas(
            items=self.items,
            user_id=self.access.user.id,
            dataset_id=dataset_id,
            current=current,
            new_schemas=self.parse_schemas(),
            precondition=self.check_schemas_match,
        )
        headers = {"ETag": strong_etag(put.schemas.version), "Dataset-Revision": str(put.dataset_revision)}
        return Response(self.serialize([put.schemas], self.schemas_serializer)[0], headers=headers)

    def check_schemas_match(self, current: Schemas) -> None:
        check_if_match(self.request, current.version, "set of schemas")

    def parse_schemas(self) -> Schemas:
        """A misspelled field would take a schema away, so a field that there is not is refused."""
        values = self.schemas_deserializer.validated(self.request.data)
        for name in self.request.data:
            if name not in self.schemas_serializer.names:
                raise ValidationError({str(name): ["Only input, output and metadata have schemas."]}, code="invalid")
        return schemas_from_body(values)

    @action(detail=True, methods=["get"])
    def duplicates(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        dataset_id = self.object_id
        self.get_head_or_404(dataset_id)
        pages = LimitOffsetPagination.from_request(request)
        fields = self.fields_from_query()
        with search_timeout(TOO_LARGE_ADVICE):
            total, groups = list_duplicates(self.project_id, dataset_id, fields, limit=pages.limit, offset=pages.offset)
        results = [{"count": group.item_count, "oldest": group.ids[0], "ids": group.ids} for group in groups]
        return pages.get_response(results, total)

    @duplicates.mapping.post
    @idempotent
    def archive_duplicates(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """All but the oldest item of each group."""
        dataset_id = self.object_id
        self.get_head_or_404(dataset_id)
        archived = archive_duplicates(
            project_id=self.project_id,
            user_id=self.access.user.id,
            dataset_id=dataset_id,
            on=self.fields_from_query(),
        )
        return Response(archived._asdict(), headers={"Dataset-Revision": str(archived.dataset_revision)})

    def fields_from_query(self) -> list[str]:
        """?on=input,output, in one order, so that few statements are prepared."""
        names = set(required_text(self.request, "on").split(","))
        if not names <= set(COMPARABLE_FIELDS):
            raise ValidationError(
                {"on": [f"Some of {', '.join(COMPARABLE_FIELDS)}, with commas between."]}, code="invalid"
            )
        return [name for name in COMPARABLE_FIELDS if name in names]

    @action(detail=True, methods=["get"])
    def stats(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        dataset_id = self.object_id
        head = self.get_head_or_404(dataset_id)
        if is_not_modified(request, self.stats_etag(head.revision)):
            return not_modified(self.stats_etag(head.revision), **{"Dataset-Revision": str(head.revision)})
        with search_timeout(TOO_LARGE_ADVICE):
            stats = read_stats(self.project_id, dataset_id)
        if stats is None:
            raise Http404
        users = self.users(each for each, _ in stats.authors if each is not None)
        authors = [
            {"created_by": users.get(each) if each is not None else None, "count": count}
            for each, count in stats.authors
        ]
        headers = {"ETag": self.stats_etag(stats.revision), "Dataset-Revision": str(stats.revision)}
        return Response(stats.body | {"authors": authors}, headers=headers)

    def stats_etag(self, revision: int) -> str:
        return weak_etag(revision, absolute_url(self.request))
