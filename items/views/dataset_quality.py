"""What a dataset demands of its items, which of them are equal, and what is in them."""

from typing import Any

from django.http import Http404
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from items.finding.time_limit import time_limit
from items.idempotency import idempotent
from items.moment_filter import moment_or_refusal
from items.parameters import required_text
from items.quality.duplicates import COMPARABLE, TOO_LARGE, archive_duplicates, list_duplicates
from items.quality.in_force import schemas_as_of, schemas_of
from items.quality.schema_changes import put_schemas, wanted_schemas
from items.quality.schemas import Schemas
from items.quality.serializers import SchemasSerializer
from items.quality.stats import read_stats
from items.views.dataset_resource import DatasetResource
from rest.conditional import check_match, is_unchanged, not_modified, strong, weak
from rest.intake import Intake
from rest.pagination import LimitOffsetPagination, address_of
from rest.representation import Representation


class DatasetQuality(DatasetResource):
    schemas_shape = Representation(SchemasSerializer, Schemas._fields)
    schemas_intake = Intake(SchemasSerializer)

    @action(detail=True, methods=["get"])
    def schemas(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """As they are, or as they were at a revision."""
        dataset_id = self.wanted_id
        headers: dict[str, str] = {}
        found: Schemas | None
        if revision := request.query_params.get("revision"):
            self.head_of(dataset_id)
            moment = moment_or_refusal(self.items, dataset_id, revision)
            found = schemas_as_of(self.project_id, dataset_id, moment.revision)
            headers["Dataset-Revision"] = str(moment.revision)
        else:
            found = schemas_of(self.project_id, dataset_id)
        if found is None:
            raise Http404
        tag = strong(found.version)
        if is_unchanged(request, tag):
            return not_modified(tag, **headers)
        return Response(self.show([found], self.schemas_shape)[0], headers={"ETag": tag} | headers)

    @schemas.mapping.put
    @idempotent
    def replace_schemas(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        dataset_id = self.wanted_id
        present = schemas_of(self.project_id, dataset_id)
        if present is None:
            raise Http404
        self.check_schemas_match(present)  # before validation
        put = put_schemas(
            items=self.items,
            user_id=self.access.person.id,
            dataset_id=dataset_id,
            present=present,
            wanted=self.read_schemas(),
            precondition=self.check_schemas_match,
        )
        headers = {"ETag": strong(put.schemas.version), "Dataset-Revision": str(put.dataset_revision)}
        return Response(self.show([put.schemas], self.schemas_shape)[0], headers=headers)

    def check_schemas_match(self, present: Schemas) -> None:
        check_match(self.request, present.version, "set of schemas")

    def read_schemas(self) -> Schemas:
        """A misspelt field would take a schema away, so a field that there is not is refused."""
        values = self.schemas_intake.values(self.request.data)
        for name in self.request.data:
            if name not in self.schemas_shape.names:
                raise ValidationError({str(name): ["Only input, output and metadata have schemas."]}, code="invalid")
        return wanted_schemas(values)

    @action(detail=True, methods=["get"])
    def duplicates(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        dataset_id = self.wanted_id
        self.head_of(dataset_id)
        pages = LimitOffsetPagination.of(request)
        fields = self.compared_fields()
        with time_limit(TOO_LARGE):
            total, groups = list_duplicates(self.project_id, dataset_id, fields, limit=pages.limit, offset=pages.offset)
        shown = [{"count": group.length, "oldest": group.ids[0], "ids": group.ids} for group in groups]
        return pages.respond(shown, total)

    @duplicates.mapping.post
    @idempotent
    def archive_duplicates(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """All but the oldest item of each group."""
        dataset_id = self.wanted_id
        self.head_of(dataset_id)
        archived = archive_duplicates(
            project_id=self.project_id,
            user_id=self.access.person.id,
            dataset_id=dataset_id,
            on=self.compared_fields(),
        )
        return Response(archived._asdict(), headers={"Dataset-Revision": str(archived.dataset_revision)})

    def compared_fields(self) -> list[str]:
        """?on=input,output, in one order, so that few statements are prepared."""
        wanted = set(required_text(self.request, "on").split(","))
        if not wanted <= set(COMPARABLE):
            raise ValidationError({"on": [f"Some of {', '.join(COMPARABLE)}, with commas between."]}, code="invalid")
        return [name for name in COMPARABLE if name in wanted]

    @action(detail=True, methods=["get"])
    def stats(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        dataset_id = self.wanted_id
        head = self.head_of(dataset_id)
        if is_unchanged(request, self.stats_tag(head.revision)):
            return not_modified(self.stats_tag(head.revision), **{"Dataset-Revision": str(head.revision)})
        with time_limit(TOO_LARGE):
            stats = read_stats(self.project_id, dataset_id)
        if stats is None:
            raise Http404
        people = self.people(each for each, _ in stats.authors if each is not None)
        authors = [
            {"created_by": people.get(each) if each is not None else None, "count": count}
            for each, count in stats.authors
        ]
        headers = {"ETag": self.stats_tag(stats.revision), "Dataset-Revision": str(stats.revision)}
        return Response(stats.body | {"authors": authors}, headers=headers)

    def stats_tag(self, revision: int) -> str:
        return weak(revision, address_of(self.request))
