"""Views for the history of a dataset or an item."""

from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from items.cursors import CHANGE_CURSORS, Cursor, paginate
from items.history.diff import CHANGES, ItemDiff, RevisionPair, count_differences, parse_item_diff, read_differences
from items.history.feed import Feed, FeedEntry, read_feed
from items.history.openapi import COMPARE_REVISIONS, LIST_REVISIONS, LIST_VERSIONS, READ_CHANGES
from items.history.params import parse_whole_number, snapshot_or_400
from items.history.serializers import ItemVersionSerializer, RevisionSerializer
from items.history.snapshots import LATEST, Revision, Snapshot, list_revisions
from items.history.versions import get_origin, list_versions
from items.models import DatasetItem
from items.query_params import raise_invalid_choice, required_text
from items.resource import DatasetDetailView, ResourceView
from items.rows import ItemRow
from items.serializers import DatasetItemSerializer
from rest.pagination import LimitOffsetPagination, build_link
from rest.responses import Response
from rest.row_serializer import RowSerializer

ITEM_SERIALIZER = RowSerializer(DatasetItemSerializer, ItemRow._fields)


class ItemVersionsView(ResourceView):
    """Versions of an item, newest first; archived items have them too."""

    queryset = DatasetItem.objects.all()
    operations = {"get": LIST_VERSIONS}
    row_serializer = RowSerializer(
        ItemVersionSerializer, (*ItemRow._fields, "version_created_at", "version_created_by_id")
    )

    def get(self, request: Request, **kwargs: Any) -> Response:
        item_id = self.object_id
        pages = LimitOffsetPagination.from_request(request)
        page = list_versions(self.project_id, item_id, limit=pages.limit, offset=pages.offset)
        if page is None:
            raise Http404
        total, versions = page
        results = self.serialize([(*v.row, v.created_at, v.created_by_id) for v in versions])
        if origin := get_origin(self.project_id, item_id):
            results = [each | {"origin": origin} for each in results]
        return pages.get_response(results, total)


class RevisionsView(DatasetDetailView):
    operations = {"get": LIST_REVISIONS}
    row_serializer = RowSerializer(RevisionSerializer, Revision._fields)

    def get(self, request: Request, **kwargs: Any) -> Response:
        pages = LimitOffsetPagination.from_request(request)
        dataset_id = self.object_id
        page = list_revisions(self.project_id, dataset_id, limit=pages.limit, offset=pages.offset)
        if page is None:
            raise Http404
        total, revisions = page
        return pages.get_response(self.serialize(list(revisions)), total)


class ChangesView(DatasetDetailView):
    operations = {"get": READ_CHANGES}

    def get(self, request: Request, **kwargs: Any) -> Response:
        pages = LimitOffsetPagination.from_request(request)
        since = parse_whole_number(request, "since_revision") or 0
        position = parse_whole_number(request, "after_position")
        dataset_id = self.object_id
        feed = read_feed(self.project_id, dataset_id, since=since, position=position, limit=pages.limit)
        if feed is None:
            raise Http404
        if since > feed.head:
            # The client is ahead of the dataset: a backup was restored, and the client must notice.
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
        users = self.users(ITEM_SERIALIZER.user_ids([entry.row for entry in entries if entry.row]))
        return [
            {
                "revision": entry.revision,
                "operation": entry.operation,
                "version": entry.version,
                "item": self.serialize_entry_item(entry, users),
                "message": entry.message,
            }
            for entry in entries
        ]

    def serialize_entry_item(self, entry: FeedEntry, users: dict[int, Any]) -> dict[str, Any]:
        return ITEM_SERIALIZER.serialize(entry.row, users) if entry.row else {"id": entry.item_id}


class DiffView(DatasetDetailView):
    operations = {"get": COMPARE_REVISIONS}

    def get(self, request: Request, **kwargs: Any) -> Response:
        dataset_id = self.object_id
        self.get_head_or_404(dataset_id)
        before = self.resolve(dataset_id, "from", required_text(request, "from"))
        after = self.resolve(dataset_id, "to", request.query_params.get("to") or LATEST)
        revisions = RevisionPair(self.project_id, dataset_id, before, after)
        changes = self.changes_param()
        cursor = self.cursor_param(before, after)
        limit = LimitOffsetPagination.from_request(request).limit
        page = paginate(read_differences(revisions, changes=changes, cursor=cursor, limit=limit), cursor, limit)
        # Counted once: the counts of two revisions do not change.
        counts = None if cursor else count_differences(revisions)
        return Response(
            {
                "from": before.revision,
                "to": after.revision,
                "counts": counts and counts._asdict(),
                "count": counts and sum(getattr(counts, change) for change in changes),
                "next": self.page_link(before, after, page.next),
                "previous": self.page_link(before, after, page.previous),
                "results": self.serialize_item_diffs([parse_item_diff(row) for row in page.rows]),
            }
        )

    def resolve(self, dataset_id: UUID, name: str, text: str) -> Snapshot:
        return snapshot_or_400(self.items, dataset_id, text, attr=name)

    def changes_param(self) -> tuple[str, ...]:
        """Return the change that ?change= names, or all of them."""
        change = self.request.query_params.get("change")
        if not change:
            return CHANGES
        if change not in CHANGES:
            raise_invalid_choice("change", change)
        return (change,)

    def cursor_param(self, before: Snapshot, after: Snapshot) -> Cursor | None:
        text = self.request.query_params.get("cursor")
        return CHANGE_CURSORS.decode(text, self.cursor_scope(before, after)) if text else None

    def cursor_scope(self, before: Snapshot, after: Snapshot) -> Any:
        return self.project_id, self.object_id, before.revision, after.revision

    def page_link(self, before: Snapshot, after: Snapshot, cursor: Cursor | None) -> str | None:
        """Names both revisions by number: a tag may move meanwhile, and latest does."""
        if cursor is None:
            return None
        text = CHANGE_CURSORS.encode(cursor, self.cursor_scope(before, after))
        return build_link(self.request, **{"from": before.revision, "to": after.revision}, cursor=text)

    def serialize_item_diffs(self, page: list[ItemDiff]) -> list[dict[str, Any]]:
        rows = [row for each in page for row in (each.before, each.after) if row]
        users = self.users(ITEM_SERIALIZER.user_ids(rows))
        return [
            {
                "id": each.item_id,
                "change": each.change,
                "fields": each.fields,
                "from": each.before and ITEM_SERIALIZER.serialize(each.before, users),
                "to": each.after and ITEM_SERIALIZER.serialize(each.after, users),
            }
            for each in page
        ]
