"""What items and datasets have in common."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet

from auth.access import find_people
from auth.tenancy import ProjectScoped
from items.idempotency import HEADER, idempotent
from items.reads import Head, ProjectItems, UnknownDataset
from rest.headers import header
from rest.renderers import written
from rest.representation import Representation, Row
from rest.uploads import is_upload


class DatasetResource(ProjectScoped, ModelViewSet[Any]):
    scope_object = "dataset"
    lookup_field = "id"
    shape: Representation
    raw_body = b""

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        if header(request, HEADER) is not None and not is_upload(request.method, request.path):
            # Before anyone reads the stream: what is "the same request" is told by its bytes.
            self.raw_body = request.body
        return super().initialize_request(request, *args, **kwargs)

    @property
    def items(self) -> ProjectItems:
        return ProjectItems(self.project_id)

    @property
    def wanted_id(self) -> UUID:
        """The path's, in any spelling that uuid.UUID takes; 404 for what is none."""
        try:
            return UUID(self.kwargs["id"])
        except ValueError:
            raise Http404 from None

    def show(self, rows: list[Row], shape: Representation | None = None) -> list[dict[str, Any]]:
        """One statement more where a row has another author than the caller."""
        shape = shape or self.shape
        people = self.people(shape.people_in(rows))
        return [shape.show(row, people) for row in rows]

    def people(self, ids: Iterable[int]) -> dict[int, Any]:
        caller = self.access.person
        others = set(ids) - {caller.id}
        found = {caller.id: caller} | (find_people(sorted(others)) if others else {})
        # Written once, not for each of their rows.
        return {number: written(person) for number, person in found.items()}

    def head_of(self, dataset_id: UUID) -> Head:
        """404 for a dataset that the project does not have."""
        try:
            return self.items.head(dataset_id)
        except UnknownDataset:
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
