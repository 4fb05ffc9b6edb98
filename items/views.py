"""The two resources. Views only steer: they name what is read, which change is made and how it is shown."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Window
from django.http import Http404
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet

from auth.access import find_people
from auth.tenancy import ProjectScoped
from items.changes import create_item, update_item
from items.dataset_changes import create_dataset, update_dataset
from items.fields import no_such_dataset
from items.filters import DatasetFilter, DatasetFilterSet
from items.models import Dataset, DatasetItem, DatasetRow, ItemRow
from items.reads import FoundItem, ProjectItems, UnknownDataset
from items.schema import dataset_schema, item_schema
from items.serializers import DatasetItemSerializer, DatasetSerializer
from rest.intake import Intake
from rest.pagination import LimitOffsetPagination
from rest.representation import Representation, Row


class DatasetResource(ProjectScoped, ModelViewSet[Any]):
    """What items and datasets have in common."""

    scope_object = "dataset"
    lookup_field = "id"
    shape: Representation

    def show(self, rows: list[Row]) -> list[dict[str, Any]]:
        """One statement more where a row has another author than the caller."""
        caller = self.access.person
        people: dict[int, Any] = {caller.id: caller}
        others = self.shape.people_in(rows) - people.keys()
        if others:
            people |= find_people(sorted(others))
        return [self.shape.show(row, people) for row in rows]

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.write(request, partial=False)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.write(request, partial=True)

    def write(self, request: Request, *, partial: bool) -> Response:
        raise NotImplementedError

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Rows are soft-deleted by a PATCH; as in v1, the refusal has no body."""
        return Response(status=status.HTTP_405_METHOD_NOT_ALLOWED)


@item_schema
class DatasetItemViewSet(DatasetResource):
    queryset = DatasetItem.objects.all()
    serializer_class = DatasetItemSerializer
    filter_backends = [DatasetFilter]
    intake = Intake(DatasetItemSerializer)
    shape = Representation(DatasetItemSerializer, ItemRow._fields)
    filter = DatasetFilter()

    @property
    def items(self) -> ProjectItems:
        return ProjectItems(self.project_id)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        pages = LimitOffsetPagination.of(request)
        try:
            page = self.items.page(dataset_id=self.filter.wanted(request), limit=pages.limit, offset=pages.offset)
        except UnknownDataset:
            raise self.filter.no_such_dataset() from None
        return pages.respond(self.show(page.rows), page.total)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.show_found(self.found(self.items.find)))

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        values = self.read_body(request, partial=False)
        try:
            item = create_item(project_id=self.project_id, user_id=self.access.person.id, values=values)
        except UnknownDataset:
            raise no_such_dataset(request.data) from None
        return Response(self.show([item])[0], status=status.HTTP_201_CREATED)

    def write(self, request: Request, *, partial: bool) -> Response:
        found = self.found(self.items.find_also_deleted)
        changes = self.read_body(request, partial=partial)
        try:
            written = update_item(items=self.items, found=found, changes=changes)
        except UnknownDataset:
            raise no_such_dataset(request.data) from None
        return Response(self.show_found(written))

    def found(self, find: Any) -> FoundItem:
        dataset_id = self.filter.wanted(self.request)
        item_id = uuid_or_404(self.kwargs["id"])
        try:
            found: FoundItem | None = find(item_id, dataset_id=dataset_id)
        except UnknownDataset:
            raise self.filter.no_such_dataset() from None
        if found is None:
            raise Http404
        return found

    def show_found(self, found: FoundItem) -> dict[str, Any]:
        people = {found.author.id: found.author} if found.author else {}
        return self.shape.show(found.item, people)

    def read_body(self, request: Request, *, partial: bool) -> dict[str, Any]:
        values, error = self.intake.read(request.data, partial=partial)
        if error is None:
            return values
        # The dataset is the first field: that it is unknown comes before what is wrong with the others.
        if "dataset_id" in values and not self.items.has_dataset(values["dataset_id"]):
            raise no_such_dataset(request.data)
        raise error


@dataset_schema
class DatasetViewSet(DatasetResource):
    queryset = Dataset.objects.order_by("-created_at", "id")
    serializer_class = DatasetSerializer
    filter_backends = [DjangoFilterBackend]
    filterset_class = DatasetFilterSet
    intake = Intake(DatasetSerializer)
    shape = Representation(DatasetSerializer, DatasetRow._fields)

    def narrow(self, queryset: Any) -> Any:
        """A write reaches soft-deleted datasets too."""
        return queryset.visible() if self.request.method in {"GET", "HEAD"} else queryset

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        pages = LimitOffsetPagination.of(request)
        found = self.filter_queryset(self.get_queryset())
        # Count and page in one statement, and so of one snapshot; an empty page has no row to carry the count.
        rows = list(
            found.annotate(total=Window(Count("*"))).values_list(*DatasetRow._fields, "total")[
                pages.start : pages.start + pages.limit
            ]
        )
        count = rows[0][-1] if rows else found.count() if pages.offset else 0
        return pages.respond(self.show([row[:-1] for row in rows]), count)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.show([self.found()])[0])

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        values = self.read_body(request, partial=False)
        dataset = create_dataset(project_id=self.project_id, user_id=self.access.person.id, values=values)
        return Response(self.show([dataset])[0], status=status.HTTP_201_CREATED)

    def write(self, request: Request, *, partial: bool) -> Response:
        dataset = self.found()
        changes = self.read_body(request, partial=partial)
        while (written := update_dataset(dataset=dataset, changes=changes)) is None:
            dataset = self.found()
        return Response(self.show([written])[0])

    def found(self) -> DatasetRow:
        dataset_id = uuid_or_404(self.kwargs["id"])
        row = self.filter_queryset(self.get_queryset()).filter(id=dataset_id).values_list(*DatasetRow._fields).first()
        if row is None:
            raise Http404
        return DatasetRow._make(row)

    def read_body(self, request: Request, *, partial: bool) -> dict[str, Any]:
        values, error = self.intake.read(request.data, partial=partial)
        if error:
            raise error
        return values


def uuid_or_404(text: str) -> UUID:
    """Any spelling that uuid.UUID takes."""
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
