"""What can be asked of a dataset beyond v1: its revisions, changes, differences and tags, and a fork of it."""

from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from items.history.diff import Difference, read_diff
from items.history.feed import Entry, Feed, read_feed
from items.history.forks import fork_dataset
from items.history.moments import Moment, Revision, list_revisions
from items.idempotency import idempotent
from items.models import DatasetRow, ItemRow
from items.moment_filter import moment_or_refusal
from items.parameters import required_text, whole_number
from items.serializers import DatasetItemSerializer, ForkSerializer, RevisionSerializer
from items.views.dataset_tags import DatasetTags
from rest.intake import Intake
from rest.pagination import LimitOffsetPagination, link
from rest.representation import Representation


class DatasetHistory(DatasetTags):
    revision_shape = Representation(RevisionSerializer, Revision._fields)
    item_shape = Representation(DatasetItemSerializer, ItemRow._fields)
    fork_intake = Intake(ForkSerializer)

    def found(self) -> DatasetRow:
        raise NotImplementedError

    def written(self, dataset: DatasetRow, revision: int, *, status: int) -> Response:
        raise NotImplementedError

    @action(detail=True, methods=["get"])
    def revisions(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        pages = LimitOffsetPagination.of(request)
        dataset_id = self.wanted_id
        total, revisions = list_revisions(self.project_id, dataset_id, limit=pages.limit, offset=pages.offset)
        if not total:
            raise Http404
        return pages.respond(self.show(list(revisions), self.revision_shape), total)

    @action(detail=True, methods=["get"])
    def changes(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        pages = LimitOffsetPagination.of(request)
        since = whole_number(request, "since_revision") or 0
        position = whole_number(request, "after_position")
        dataset_id = self.wanted_id
        feed = read_feed(self.project_id, dataset_id, since=since, position=position, limit=pages.limit)
        if feed is None:
            raise Http404
        if since > feed.head:
            # A reader that is ahead of the dataset has met a restored backup, and must notice.
            raise NotFound("Revision not found.")
        body = {
            "next": self.next_link(feed),
            "next_since_revision": None if feed.has_more else feed.head,
            "results": self.show_entries(feed.entries),
        }
        return Response(body, headers={"Dataset-Revision": str(feed.head)})

    def next_link(self, feed: Feed) -> str | None:
        if not feed.has_more:
            return None
        last = feed.entries[-1]
        return link(self.request, since_revision=last.revision, after_position=last.position)

    def show_entries(self, entries: list[Entry]) -> list[dict[str, Any]]:
        people = self.people(self.item_shape.people_in([entry.row for entry in entries if entry.row]))
        return [
            {
                "revision": entry.revision,
                "operation": entry.operation,
                "version": entry.version,
                "item": self.show_entry_item(entry, people),
            }
            for entry in entries
        ]

    def show_entry_item(self, entry: Entry, people: dict[int, Any]) -> dict[str, Any] | None:
        if entry.row:
            return self.item_shape.show(entry.row, people)
        return {"id": entry.item_id} if entry.item_id else None

    @action(detail=True, methods=["get"])
    def diff(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        dataset_id = self.wanted_id
        self.head_of(dataset_id)
        before, after = (self.named_moment(dataset_id, name) for name in ("from", "to"))
        pages = LimitOffsetPagination.of(request)
        diff = read_diff(self.project_id, dataset_id, before, after, limit=pages.limit, offset=pages.offset)
        page = pages.respond(self.show_differences(diff.page), diff.added + diff.removed + diff.changed)
        counts = {"added": diff.added, "removed": diff.removed, "changed": diff.changed}
        page.data = {"from": before.revision, "to": after.revision, "counts": counts} | page.data
        return page

    def named_moment(self, dataset_id: UUID, name: str) -> Moment:
        return moment_or_refusal(self.items, dataset_id, required_text(self.request, name), attr=name)

    def show_differences(self, page: list[Difference]) -> list[dict[str, Any]]:
        rows = [row for each in page for row in (each.before, each.after) if row]
        people = self.people(self.item_shape.people_in(rows))
        return [
            {
                "id": each.item_id,
                "change": each.change,
                "fields": each.fields,
                "from": each.before and self.item_shape.show(each.before, people),
                "to": each.after and self.item_shape.show(each.after, people),
            }
            for each in page
        ]

    @action(detail=True, methods=["post"])
    @idempotent
    def fork(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        source = self.found()
        values = self.fork_intake.values(request.data)
        text = values.get("revision")
        if text is None:
            text = str(self.head_of(source.id).revision)
        moment = moment_or_refusal(self.items, source.id, text)
        fork = fork_dataset(
            project_id=self.project_id,
            user_id=self.access.person.id,
            source=source.id,
            moment=moment,
            values={"name": values["name"], "description": source.description, "metadata": source.metadata},
        )
        return self.written(fork, 1, status=status.HTTP_201_CREATED)
