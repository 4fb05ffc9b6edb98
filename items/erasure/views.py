"""Views that erase items and datasets, which requires its own scope, and list erasures."""

from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework.request import Request
from rest_framework.serializers import ValidationError

from auth.scopes import ACTION_BY_METHOD
from items.bulk.results import BulkRejected, error_at
from items.bulk.update import Selection
from items.bulk.update_request import parse_body, parse_selection
from items.erasure.datasets import DatasetErasure, erase_dataset
from items.erasure.erase import ErasedItem, ErasureRequest, erase_items
from items.erasure.openapi import ERASE_DATASET, ERASE_ITEM, ERASE_ITEMS, LIST_ERASURES
from items.erasure.serializers import EraseItemsSerializer, EraseSerializer, ErasureSerializer
from items.fields import dataset_not_found_error
from items.models import DatasetItem, Erasure
from items.queries import DatasetNotFound
from items.resource import DatasetDetailView, ResourceView
from rest.deserializer import Deserializer, unknown_field_error
from rest.pagination import LimitOffsetPagination
from rest.parsers import JSONObject, RawJSONParser
from rest.responses import Response
from rest.row_serializer import RowSerializer

ERASE = ACTION_BY_METHOD | {"POST": "erase"}
ERASURE_FIELDS = ("id", "dataset_id", "item_id", "revision", "versions", "reason", "created_at", "created_by_id")
OPTIONS = Deserializer(EraseSerializer)
BULK_MEMBERS = Deserializer(EraseItemsSerializer).names


class EraseItemsView(ResourceView):
    """Erases items by their ids or by a filter."""

    queryset = DatasetItem.objects.all()
    action_by_method = ERASE
    operation_id_suffix = "_many"
    parser_classes = [RawJSONParser]
    operations = {"post": ERASE_ITEMS}

    def post(self, request: Request, **kwargs: Any) -> Response:
        body = parse_body(request)
        check_bulk_members(body)
        selection = parse_selection(body)
        options = OPTIONS.validated({name: body[name] for name in OPTIONS.names & body.keys()})
        try:
            return erased_response(
                erase_items(ErasureRequest(self.project_id, self.access.user.id, selection, **options))
            )
        except DatasetNotFound:
            error = dataset_not_found_error({"dataset": selection.dataset_id})
            raise BulkRejected(error_at(error, "filter"), 400) from None


class EraseItemView(ResourceView):
    queryset = DatasetItem.objects.all()
    action_by_method = ERASE
    operations = {"post": ERASE_ITEM}

    def post(self, request: Request, **kwargs: Any) -> Response:
        selection = Selection(ids=[self.object_id])
        if not self.get_queryset().filter(id=self.object_id).exists():
            raise Http404
        options = self.validated_body()
        return erased_response(erase_items(ErasureRequest(self.project_id, self.access.user.id, selection, **options)))


class EraseDatasetView(DatasetDetailView):
    action_by_method = ERASE
    operations = {"post": ERASE_DATASET}

    def post(self, request: Request, **kwargs: Any) -> Response:
        dataset_id = self.object_id
        self.get_head_or_404(dataset_id)
        values = self.validated_body()
        try:
            erased = erase_dataset(DatasetErasure(self.project_id, self.access.user.id, dataset_id, **values))
        except DatasetNotFound:
            raise Http404 from None
        return Response(erased._asdict() | {"copies": [each._asdict() for each in erased.copies]})


class ErasuresView(ResourceView):
    queryset = Erasure.objects.all()
    operations = {"get": LIST_ERASURES}
    row_serializer = RowSerializer(ErasureSerializer, ERASURE_FIELDS)

    def get(self, request: Request, **kwargs: Any) -> Response:
        pages = LimitOffsetPagination.from_request(request)
        erasures = Erasure.objects.filter(team_id=self.project_id).order_by("-created_at", "-id")
        rows = list(erasures.values_list(*ERASURE_FIELDS)[pages.sql_offset : pages.sql_offset + pages.limit])
        return pages.get_response(self.serialize(rows), erasures.count())


def check_bulk_members(body: JSONObject) -> None:
    """Reject an empty list of ids too, which is a mistake."""
    for name in body:
        if name not in BULK_MEMBERS:
            raise unknown_field_error(name)
    if body.get("ids") == []:
        raise ValidationError({"ids": ["This list may not be empty."]}, code="empty")


def erased_response(erased: list[ErasedItem]) -> Response:
    revisions: dict[UUID, int] = {item.dataset: item.revision for item in erased}
    headers = {"Dataset-Revision": str(*revisions.values())} if len(revisions) == 1 else {}
    return Response({"erased": [item._asdict() for item in erased]}, headers=headers)
