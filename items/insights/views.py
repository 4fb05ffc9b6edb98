"""Views on duplicates and statistics of a dataset."""

from typing import Any

from django.http import Http404
from rest_framework.request import Request
from rest_framework.serializers import ValidationError

from items.insights.duplicates import COMPARABLE_FIELDS, TOO_LARGE_ADVICE, archive_duplicates, list_duplicates
from items.insights.openapi import ARCHIVE_DUPLICATES, LIST_DUPLICATES, READ_STATS
from items.insights.stats import read_stats
from items.query_params import required_text
from items.resource import DatasetDetailView
from items.search.timeout import search_timeout
from rest.etags import is_not_modified, not_modified, weak_etag
from rest.pagination import LimitOffsetPagination, absolute_url
from rest.responses import Response


class DuplicatesView(DatasetDetailView):
    operations = {"get": LIST_DUPLICATES, "post": ARCHIVE_DUPLICATES}

    def get(self, request: Request, **kwargs: Any) -> Response:
        dataset_id = self.object_id
        self.get_head_or_404(dataset_id)
        pages = LimitOffsetPagination.from_request(request)
        fields = self.fields_from_query()
        with search_timeout(TOO_LARGE_ADVICE):
            total, groups = list_duplicates(self.project_id, dataset_id, fields, limit=pages.limit, offset=pages.offset)
        results = [{"count": group.item_count, "oldest": group.ids[0], "ids": group.ids} for group in groups]
        return pages.get_response(results, total)

    def post(self, request: Request, **kwargs: Any) -> Response:
        """Archive all but the oldest item of each group."""
        dataset_id = self.object_id
        self.get_head_or_404(dataset_id)
        self.validated_body()
        archived = archive_duplicates(
            project_id=self.project_id,
            user_id=self.access.user.id,
            dataset_id=dataset_id,
            on=self.fields_from_query(),
        )
        return Response(archived._asdict(), headers={"Dataset-Revision": str(archived.dataset_revision)})

    def fields_from_query(self) -> list[str]:
        """Parse ?on=input,output into one order, so that few statements are prepared."""
        names = set(required_text(self.request, "on").split(","))
        if not names <= set(COMPARABLE_FIELDS):
            raise ValidationError(
                {"on": [f"Give one or more of {', '.join(COMPARABLE_FIELDS)}, separated by commas."]}, code="invalid"
            )
        return [name for name in COMPARABLE_FIELDS if name in names]


class StatsView(DatasetDetailView):
    operations = {"get": READ_STATS}

    def get(self, request: Request, **kwargs: Any) -> Response:
        dataset_id = self.object_id
        head = self.get_head_or_404(dataset_id)
        if is_not_modified(request, self.etag(head.revision)):
            return not_modified(self.etag(head.revision), **{"Dataset-Revision": str(head.revision)})
        with search_timeout(TOO_LARGE_ADVICE):
            stats = read_stats(self.project_id, dataset_id)
        if stats is None:
            raise Http404
        users = self.users(each for each, _ in stats.authors if each is not None)
        authors = [
            {"created_by": users.get(each) if each is not None else None, "count": count}
            for each, count in stats.authors
        ]
        headers = {"ETag": self.etag(stats.revision), "Dataset-Revision": str(stats.revision)}
        return Response(stats.body | {"authors": authors}, headers=headers)

    def etag(self, revision: int) -> str:
        return weak_etag(revision, absolute_url(self.request))
