"""What items and datasets have in common."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet

from auth.access import fetch_users
from auth.tenancy import ProjectScoped
from items.idempotency import HEADER, idempotent
from items.queries import DatasetNotFound, Head, ProjectItems
from rest.headers import get_header
from rest.renderers import prerendered
from rest.row_serializer import Row, RowSerializer
from rest.uploads import is_upload


class DatasetBaseView(ProjectScoped, ModelViewSet[Any]):
    scope_object = "dataset"
    lookup_field = "id"
    row_serializer: RowSerializer
    raw_body = b""

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        if get_header(request, HEADER) is not None and not is_upload(request.method, request.path):
            # Before anyone reads the stream: what is "the same request" is told by its bytes.
            self.raw_body = request.body
        return super().initialize_request(request, *args, **kwargs)

    @property
    def items(self) -> ProjectItems:
        return ProjectItems(self.project_id)

    @property
    def object_id(self) -> UUID:
        """The path's, in any spelling that uuid.UUID takes; 404 for what is none."""
        try:
            return UUID(self.kwargs["id"])
        except ValueError:
            raise Http404 from None

    def serialize(self, rows: list[Row], row_serializer: RowSerializer | None = None) -> list[dict[str, Any]]:
        """One statement more where a row has another author than the caller."""
        row_serializer = row_serializer or self.row_serializer
        users = self.users(row_serializer.user_ids(rows))
        return [row_serializer.serialize(row, users) for row in rows]

    def users(self, ids: Iterable[int]) -> dict[int, Any]:
        caller = self.access.user
        others = set(ids) - {caller.id}
        users = {caller.id: caller} | (fetch_users(sorted(others)) if others else {})
        # Written once, not for each of their rows.
        return {user_id: prerendered(user) for user_id, user in users.items()}

    def get_head_or_404(self, dataset_id: UUID) -> Head:
        """404 for a dataset that the project does not have."""
        try:
            return self.items.head(dataset_id)
        except DatasetNotFound:
            raise Http404 from None

    @idempotent
    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.write(request, partial=False)

    @idempotent
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.write(request, partial=True)

    def write(self, request: Request, *, partial: bool) -> Response:
        raise NotImplementedError

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Rows are soft-deleted by a PATCH; as in v1, the refusal has no body."""
        return Response(status=status.HTTP_405_METHOD_NOT_ALLOWED)
