"""What can be asked of a dataset beyond v1: its revisions, changes, differences and tags, and a fork of it."""

from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from items.forks.fork import fork_dataset
from items.history.diff import ItemDiff, read_diff
from items.history.feed import Feed, FeedEntry, read_feed
from items.history.params import snapshot_or_400
from items.history.snapshots import Revision, Snapshot, list_revisions
from items.history.tag_views import DatasetTagMixin
from items.idempotency import idempotent
from items.number_params import parse_whole_number, required_text
from items.rows import DatasetRow, ItemRow
from items.serializers import DatasetItemSerializer, ForkSerializer, RevisionSerializer
from rest.deserializer import Deserializer
from rest.pagination import LimitOffsetPagination, build_link
from rest.row_serializer import RowSerializer


class DatasetHistoryMixin(DatasetTagMixin):
    revision_serializer = RowSerializer(RevisionSerializer, Revision._fields)
    item_serializer = RowSerializer(DatasetItemSerializer, ItemRow._fields)
    fork_deserializer = Deserializer(ForkSerializer)

    def get_object(self) -> DatasetRow:
        raise NotImplementedError

    def write_response(self, dataset: DatasetRow, revision: int, *, status: int) -> Response:
        raise NotImplementedError

    @action(detail=True, methods=["get"])
    def revisions(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        pages = LimitOffsetPagination.from_request(request)
        dataset_id = self.object_id
        page = list_revisions(self.project_id, dataset_id, limit=pages.limit, offset=pages.offset)
        if page is None:
            raise Http404
        total, revisions = page
        return pages.get_response(self.serialize(list(revisions), self.revision_serializer), total)

    @action(detail=True, methods=["get"])
    def changes(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        pages = LimitOffsetPagination.from_request(request)
        since = parse_whole_number(request, "since_revision") or 0
        position = parse_whole_number(request, "after_position")
        dataset_id = self.object_id
        feed = read_feed(self.project_id, dataset_id, since=since, position=position, limit=pages.limit)
        if feed is None:
            raise Http404
        if since > feed.head:
            # A reader that is ahead of the dataset has met a restored backup, and must notice.
            raise NotFound("Revision not found.")
        body = {
            "next": self.next_link(feed),
            "next_since_revision": None if feed.has_more else feed.head,
            "results": self.serialize_entries(feed.entries),
        }
        return Response(body, headers={"Dataset-Revision": str(feed.head)})

    def next_link(self, feed: Feed) -> str | None:
        if not feed.has_more:
            return None
        last = feed.entries[-1]
        return build_link(self.request, since_revision=last.revision, after_position=last.position)

    def serialize_entries(self, entries: list[FeedEntry]) -> list[dict[str, Any]]:
        users = self.users(self.item_serializer.user_ids([entry.row for entry in entries if entry.row]))
        return [
            {
                "revision": entry.revision,
                "operation": entry.operation,
                "version": entry.version,
                "item": self.serialize_entry_item(entry, users),
            }
            for entry in entries
        ]

    def serialize_entry_item(self, entry: FeedEntry, users: dict[int, Any]) -> dict[str, Any]:
        return self.item_serializer.serialize(entry.row, users) if entry.row else {"id": entry.item_id}

    @action(detail=True, methods=["get"])
    def diff(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        dataset_id = self.object_id
        self.get_head_or_404(dataset_id)
        before, after = (self.snapshot_param(dataset_id, name) for name in ("from", "to"))
        pages = LimitOffsetPagination.from_request(request)
        diff = read_diff(self.project_id, dataset_id, before, after, limit=pages.limit, offset=pages.offset)
        page = pages.get_response(self.serialize_item_diffs(diff.page), diff.added + diff.removed + diff.changed)
        counts = {"added": diff.added, "removed": diff.removed, "changed": diff.changed}
        page.data = {"from": before.revision, "to": after.revision, "counts": counts} | page.data
        return page

    def snapshot_param(self, dataset_id: UUID, name: str) -> Snapshot:
        return snapshot_or_400(self.items, dataset_id, required_text(self.request, name), attr=name)

    def serialize_item_diffs(self, page: list[ItemDiff]) -> list[dict[str, Any]]:
        rows = [row for each in page for row in (each.before, each.after) if row]
        users = self.users(self.item_serializer.user_ids(rows))
        return [
            {
                "id": each.item_id,
                "change": each.change,
                "fields": each.fields,
                "from": each.before and self.item_serializer.serialize(each.before, users),
                "to": each.after and self.item_serializer.serialize(each.after, users),
            }
            for each in page
        ]

    @action(detail=True, methods=["post"])
    @idempotent
    def fork(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        source = self.get_object()
        values = self.fork_deserializer.validated(request.data)
        text = values.get("revision")
        if text is None:
            text = str(self.get_head_or_404(source.id).revision)
        snapshot = snapshot_or_400(self.items, source.id, text)
        fork = fork_dataset(
            project_id=self.project_id,
            user_id=self.access.user.id,
            source=source.id,
            snapshot=snapshot,
            values={"name": values["name"], "description": source.description, "metadata": source.metadata},
        )
        return self.write_response(*fork, status=status.HTTP_201_CREATED)
