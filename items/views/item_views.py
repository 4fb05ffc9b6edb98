"""Dataset items."""

from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from auth.access import Along
from items.changes import Written, create_item, update_item
from items.fields import no_such_dataset
from items.filters import DatasetFilter
from items.history.as_of import find_as_of, find_version
from items.idempotency import idempotent
from items.models import DatasetItem, ItemRow
from items.moment_filter import is_moment_wanted, wanted_moment, wanted_version
from items.reads import FIND_ALONG, FIND_VISIBLE_ALONG, FoundItem, UnknownDataset, item_of
from items.schema import item_schema
from items.serializers import DatasetItemSerializer
from items.views.item_bulk import ItemBulk
from items.views.item_history import ItemHistory
from items.views.item_lists import ItemLists
from rest.conditional import check_match, is_unchanged, not_modified, strong
from rest.intake import Intake
from rest.representation import Representation

# By the method of the view.
ALONG = {"retrieve": FIND_VISIBLE_ALONG} | dict.fromkeys(("update", "partial_update", "archive", "restore"), FIND_ALONG)


@item_schema
class DatasetItemViewSet(ItemLists, ItemBulk, ItemHistory):
    queryset = DatasetItem.objects.all()
    serializer_class = DatasetItemSerializer
    filter_backends = [DatasetFilter]
    intake = Intake(DatasetItemSerializer)
    shape = Representation(DatasetItemSerializer, ItemRow._fields)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found, headers = self.found_as_wanted(request)
        tag = strong(found.item.version)
        if is_unchanged(request, tag):
            return not_modified(tag, **headers)
        return Response(self.show_found(found), headers={"ETag": tag} | headers)

    def found_as_wanted(self, request: Request) -> tuple[FoundItem, dict[str, str]]:
        """The item as it is, or as it was at a version, a revision or a time."""
        if not request.META.get("QUERY_STRING"):
            return self.found(self.items.find), {}
        version = wanted_version(request)
        if version is not None:
            return self.existing(find_version(self.project_id, self.wanted_id, version)), {}
        if not is_moment_wanted(request):
            return self.found(self.items.find), {}
        item_id = self.wanted_id
        dataset_id = self.filter.wanted(request) or self.found(self.items.find_also_deleted).item.dataset_id
        try:
            moment = wanted_moment(request, self.items, dataset_id)
        except UnknownDataset:
            raise self.filter.no_such_dataset() from None
        assert moment is not None  # noqa: S101  one is wanted
        found = self.existing(find_as_of(self.project_id, item_id, dataset_id, moment))
        return found, {"Dataset-Revision": str(moment.revision)}

    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        values = self.read_body(request, partial=False)
        try:
            item = create_item(project_id=self.project_id, user_id=self.access.person.id, values=values)
        except UnknownDataset:
            raise no_such_dataset(request.data) from None
        headers = {"ETag": strong(item.version), "Dataset-Revision": str(item.revision)}
        return Response(self.show([item])[0], status=status.HTTP_201_CREATED, headers=headers)

    def write(self, request: Request, *, partial: bool) -> Response:
        found = self.found(self.items.find_also_deleted)
        check_match(request, found.item.version, "item")
        return self.change(found, self.read_body(request, partial=partial))

    def change(self, found: FoundItem, changes: dict[str, Any], *, is_touched: bool = True) -> Response:
        """Writes, if If-Match still holds, and shows what came of it."""
        try:
            written = update_item(
                items=self.items,
                user_id=self.access.person.id,
                found=found,
                changes=changes,
                precondition=lambda item: check_match(self.request, item.version, "item"),
                is_touched=is_touched,
            )
        except UnknownDataset:
            raise no_such_dataset(self.request.data) from None
        return Response(self.show_found(written.found), headers=self.headers_of(written))

    def headers_of(self, written: Written) -> dict[str, str]:
        item, revision = written.found.item, written.dataset_revision
        if revision is None:
            revision = self.items.head(item.dataset_id).revision
        return {"ETag": strong(item.version), "Dataset-Revision": str(revision)}

    def along(self) -> Along | None:
        """The item, for whoever asks for it as it is, or to change it, without a parameter."""
        statement = ALONG.get(self.action)
        if statement is None or self.request.META.get("QUERY_STRING"):
            return None
        try:
            return Along(statement, {"id": self.wanted_id}, self.required_scope)
        except Http404:
            return None

    def found(self, find: Any) -> FoundItem:
        if found := item_of(self.access.along):
            return found
        dataset_id = self.filter.wanted(self.request)
        try:
            return self.existing(find(self.wanted_id_within(dataset_id), dataset_id=dataset_id))
        except UnknownDataset:
            raise self.filter.no_such_dataset() from None

    def wanted_id_within(self, dataset_id: UUID | None) -> UUID:
        """404 for what is no id. Raises UnknownDataset, which comes first, as in v1."""
        try:
            return self.wanted_id
        except Http404:
            if dataset_id:
                self.items.head(dataset_id)
            raise

    def existing(self, found: FoundItem | None) -> FoundItem:
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
        if "dataset_id" in values:
            try:
                self.items.head(values["dataset_id"])
            except UnknownDataset:
                raise no_such_dataset(request.data) from None
        raise error
