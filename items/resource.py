"""Base classes of all views of items and datasets."""

import functools
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest
from rest_framework import status
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from auth.access import fetch_users
from auth.tenancy import ProjectScoped
from items.idempotency import HEADER, IdempotentRequest
from items.models import Dataset
from items.openapi import PRODUCT_TAG
from items.queries import DatasetNotFound, Head, ProjectItems
from items.revision_message import keep_message
from items.rows import DatasetRow
from items.serializers import LATER_API_FIELDS, LATER_API_MESSAGE, DatasetSerializer
from items.validation_budget import validation_budget
from rest.body_limits import is_upload
from rest.deserializer import unknown_field_error
from rest.etags import strong_etag
from rest.headers import get_header
from rest.operations import Operation
from rest.pagination import LimitOffsetPagination
from rest.renderers import prerendered
from rest.responses import Response
from rest.row_serializer import Row, RowSerializer
from rest.state import get_state


class ResourceView(ProjectScoped):
    scope_object = "dataset"
    lookup_field = "id"
    # Only for the OpenAPI file: views paginate by themselves.
    pagination_class = LimitOffsetPagination
    openapi_extensions = PRODUCT_TAG
    row_serializer: RowSerializer

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        initialized = super().initialize_request(request, *args, **kwargs)
        if (
            request.method not in SAFE_METHODS
            and get_header(request, HEADER) is not None
            and not is_upload(request.method, request.path_info)
        ):
            # Keep the bytes before the stream is read: two requests are the same if their bytes are.
            get_state(initialized).raw_body = request.body
        return initialized

    def handle(self, handler: Callable[..., Any], request: Request, *args: Any, **kwargs: Any) -> Any:
        operation = self.operation
        if request.method in SAFE_METHODS or operation is None:
            return super().handle(handler, request, *args, **kwargs)
        if request.META.get("QUERY_STRING") and operation.is_dry_run(request.query_params):
            handler = functools.partial(self.handle_dry_run, handler)
        elif operation.is_idempotent:
            handler = functools.partial(self.handle_once, handler)
        with keep_message(request), validation_budget():
            return super().handle(handler, request, *args, **kwargs)

    def handle_dry_run(self, handler: Callable[..., Response], request: Request, *args: Any, **kwargs: Any) -> Any:
        """Run the method and roll it back. The Idempotency-Key is not stored, since nothing was done."""
        with transaction.atomic():
            response = handler(request, *args, **kwargs)
            transaction.set_rollback(True)
        return response

    def handle_once(self, handler: Callable[..., Response], request: Request, *args: Any, **kwargs: Any) -> Any:
        """Runs a method that takes an Idempotency-Key."""
        return IdempotentRequest(self, request).respond(functools.partial(handler, request, *args, **kwargs))

    @property
    def items(self) -> ProjectItems:
        return ProjectItems(self.project_id)

    @property
    def object_id(self) -> UUID:
        """The UUID in the path, in any spelling that uuid.UUID takes. Raises Http404 for anything else."""
        try:
            return UUID(self.kwargs["id"])
        except ValueError:
            raise Http404 from None

    def get_head_or_404(self, dataset_id: UUID) -> Head:
        try:
            return self.items.head(dataset_id)
        except DatasetNotFound:
            raise Http404 from None

    # --- The body

    @property
    def declared(self) -> Operation:
        """The operation of the method that is running."""
        operation = self.operation
        assert operation is not None  # noqa: S101  its method is running
        return operation

    def validated_body(self, *, partial: bool = False) -> dict[str, Any]:
        """Return the body's values by source name. Raises ValidationError."""
        self.check_members()
        return self.declared.deserializer.validated(self.request.data, partial=partial)

    def check_members(self) -> None:
        """Reject members that the operation does not know; v1's own operations ignore most of them."""
        body = self.request.data
        if not isinstance(body, dict):
            return
        operation = self.declared
        for name in LATER_API_FIELDS.intersection(body) - operation.deserializer.names:
            raise unknown_field_error(name, LATER_API_MESSAGE)
        has_query = bool(self.request.META.get("QUERY_STRING"))
        if not (operation.is_lenient(self.request.query_params) if has_query else operation.is_v1):
            for name in operation.unknown_members(body):
                raise unknown_field_error(name)

    # --- The response

    def serialize(self, rows: list[Row], row_serializer: RowSerializer | None = None) -> list[dict[str, Any]]:
        """Serialize rows; authors other than the caller cost one more statement."""
        row_serializer = row_serializer or self.row_serializer
        users = self.users(row_serializer.user_ids(rows))
        return row_serializer.serialize_all(rows, users)

    def users(self, ids: Iterable[int]) -> dict[int, Any]:
        caller = self.access.user
        others = set(ids) - {caller.id}
        users = {caller.id: caller} | (fetch_users(sorted(others)) if others else {})
        # Render each user once, not once per row.
        return {user_id: prerendered(user) for user_id, user in users.items()}


class DatasetDetailView(ResourceView):
    """A view of one dataset, or of something that belongs to it."""

    queryset = Dataset.objects.order_by("-created_at", "id")
    row_serializer = RowSerializer(DatasetSerializer, DatasetRow._fields)

    def narrow(self, queryset: Any) -> Any:
        """Writes also reach soft-deleted datasets."""
        return queryset.live() if self.request.method in {"GET", "HEAD"} else queryset

    def filter_queryset(self, queryset: Any) -> Any:
        return queryset

    def get_object(self) -> DatasetRow:
        """Report errors in the filters before errors in the id, as in v1."""
        queryset = self.filter_queryset(self.get_queryset())
        row = queryset.filter(id=self.object_id).values_list(*DatasetRow._fields).first()
        if row is None:
            raise Http404
        return DatasetRow._make(row)

    def dataset_response(self, dataset: DatasetRow, revision: int, *, status: int = status.HTTP_200_OK) -> Response:
        headers = {"ETag": strong_etag(dataset.version), "Dataset-Revision": str(revision)}
        return Response(self.serialize([dataset])[0], status=status, headers=headers)
