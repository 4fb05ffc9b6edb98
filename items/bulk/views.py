"""View that stores and updates many items at once."""

from typing import Any

from django.db import transaction
from rest_framework.request import Request

from items.bulk.create_request import parse_bulk_create
from items.bulk.openapi import BULK_CREATE, BULK_UPDATE
from items.bulk.results import BulkRejected, BulkResult, error_at
from items.bulk.update import BulkUpdate, update_items
from items.bulk.update_request import parse_bulk_update
from items.bulk.upsert import UpsertTarget, upsert_items
from items.fields import dataset_not_found_error
from items.queries import DatasetNotFound
from items.resource import ResourceView
from rest.parsers import JSONLParser, NDJSONParser, RawJSONParser
from rest.responses import Response


class BulkView(ResourceView):
    parser_classes = [RawJSONParser, NDJSONParser, JSONLParser]
    operations = {"post": BULK_CREATE, "patch": BULK_UPDATE}

    def post(self, request: Request, **kwargs: Any) -> Response:
        bulk_create = parse_bulk_create(request)
        target = UpsertTarget(self.project_id, self.access.user.id, bulk_create.dataset_id)
        try:
            with transaction.atomic():
                result = upsert_items(
                    target,
                    bulk_create.items,
                    is_partial=bulk_create.is_partial,
                    match_on=bulk_create.match_on,
                    on_conflict=bulk_create.on_conflict,
                )
                if bulk_create.is_dry_run:
                    transaction.set_rollback(True)
        except DatasetNotFound:
            raise dataset_not_found_error(bulk_create.body) from None
        if bulk_create.is_dry_run:
            result.forget_writes()
        return bulk_response(result, result.revisions[bulk_create.dataset_id])

    def patch(self, request: Request, **kwargs: Any) -> Response:
        selection, new_values, raw = parse_bulk_update(request)
        try:
            result = update_items(BulkUpdate(self.project_id, self.access.user.id, selection, new_values))
        except DatasetNotFound as error:
            attr = str(error)
            body = raw if attr == "changes" else {"dataset": selection.dataset_id}
            raise BulkRejected(error_at(dataset_not_found_error(body), attr), 400) from None
        target = new_values.get("dataset_id")
        dataset_ids = [target] if target else list(result.revisions)
        revision = result.revisions[dataset_ids[0]] if len(dataset_ids) == 1 else None
        return bulk_response(
            result, revision, dataset_revisions={str(each): made for each, made in result.revisions.items()}
        )


def bulk_response(result: BulkResult, revision: int | None, **more: Any) -> Response:
    body = {"dataset_revision": revision, **more, **result.summary(), "results": result.results}
    return Response(body, headers={} if revision is None else {"Dataset-Revision": str(revision)})
