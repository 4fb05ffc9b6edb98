"""Many items at once: to store them, and to change them."""

from typing import Any

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from items.bulk.outcomes import Outcome, Refused, envelope_at
from items.bulk.patch_requests import read_patch
from items.bulk.patching import Patch, patch_items
from items.bulk.requests import read_creation
from items.bulk.storing import Shelf, store_items
from items.fields import no_such_dataset
from items.idempotency import idempotent
from items.reads import UnknownDataset
from items.views.dataset_resource import DatasetResource
from rest.parsers import RawJSONParser, RawLinesParser


class ItemBulk(DatasetResource):
    @action(detail=False, methods=["post"], parser_classes=[RawJSONParser, RawLinesParser])
    @idempotent
    def bulk(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        wanted = read_creation(request)
        shelf = Shelf(self.project_id, self.access.person.id, wanted.dataset_id)
        try:
            outcome = store_items(shelf, wanted.items, is_partial=wanted.is_partial, on_conflict=wanted.on_conflict)
        except UnknownDataset:
            raise no_such_dataset(wanted.body) from None
        return bulk_answer(outcome, outcome.revisions[wanted.dataset_id])

    @bulk.mapping.patch
    @idempotent
    def bulk_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        selection, changes, sent = read_patch(request)
        try:
            outcome = patch_items(Patch(self.project_id, self.access.person.id, selection, changes))
        except UnknownDataset as error:
            place = str(error)
            body = sent if place == "changes" else {"dataset": selection.dataset_id}
            raise Refused(envelope_at(no_such_dataset(body), place), 400) from None
        target = changes.get("dataset_id")
        meant = [target] if target else list(outcome.revisions)
        revision = outcome.revisions[meant[0]] if len(meant) == 1 else None
        return bulk_answer(outcome, revision, dataset_revisions=outcome.revisions)


def bulk_answer(outcome: Outcome, revision: int | None, **more: Any) -> Response:
    body = {"dataset_revision": revision, **more, **outcome.summary(), "results": outcome.results}
    return Response(body, headers={} if revision is None else {"Dataset-Revision": str(revision)})
