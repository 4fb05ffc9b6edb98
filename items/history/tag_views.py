"""Tags of a dataset: names for its revisions."""

from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.serializers import ValidationError

from items.history.openapi import DELETE_TAG, LIST_TAGS, PUT_TAG, READ_TAG
from items.history.params import snapshot_or_400
from items.history.serializers import TagDetailSerializer
from items.history.snapshots import TAG_PATTERN
from items.history.tags import Tag, create_tag, delete_tag, find_tag, get_tag, list_tags, move_tag
from items.resource import DatasetDetailView
from rest.etags import check_if_match, is_not_modified, not_modified, strong_etag
from rest.headers import get_header
from rest.pagination import LimitOffsetPagination
from rest.responses import Response
from rest.row_serializer import RowSerializer


class TagExists(APIException):
    status_code = 409
    default_code = "tag_exists"
    default_type = "invalid_request"


class TagListView(DatasetDetailView):
    operations = {"get": LIST_TAGS}
    row_serializer = RowSerializer(TagDetailSerializer, Tag._fields)

    def get(self, request: Request, **kwargs: Any) -> Response:
        dataset_id = self.object_id
        self.get_head_or_404(dataset_id)
        pages = LimitOffsetPagination.from_request(request)
        total, tags = list_tags(self.project_id, dataset_id, limit=pages.limit, offset=pages.sql_offset)
        return pages.get_response(self.serialize(list(tags)), total)


class TagView(DatasetDetailView):
    operations = {"get": READ_TAG, "put": PUT_TAG, "delete": DELETE_TAG}
    row_serializer = RowSerializer(TagDetailSerializer, Tag._fields)

    def get(self, request: Request, name: str, **kwargs: Any) -> Response:
        dataset_id = self.object_id
        tag = find_tag(self.project_id, dataset_id, name) if TAG_PATTERN.fullmatch(name) else None
        if tag is None:
            raise Http404
        etag = strong_etag(tag.revision)
        if is_not_modified(request, etag):
            return not_modified(etag)
        return Response(self.serialize([tag])[0], headers={"ETag": etag})

    def put(self, request: Request, name: str, **kwargs: Any) -> Response:
        """Create a tag, or move it to another revision with If-Match or `"force": true`."""
        dataset_id = self.object_id
        self.get_head_or_404(dataset_id)
        if not TAG_PATTERN.fullmatch(name):
            detail = (
                "A tag has 1 to 64 characters of a-z, 0-9, '.', '_' and '-', is not only digits, and is not latest."
            )
            raise ValidationError({"name": [detail]}, code="invalid")
        ids: dict[str, Any] = {"project_id": self.project_id, "dataset_id": dataset_id, "name": name}
        old_revision = self.get_matching_tag(ids)  # before validation
        values = self.validated_body()
        revision = self.revision_to_tag(dataset_id, values["revision"])
        while True:
            if old_revision is None:
                if head_revision := create_tag(**ids, revision=revision, user_id=self.access.user.id):
                    return tag_response(name, revision, head_revision, status.HTTP_201_CREATED)
            else:
                if old_revision != revision and get_header(request, "If-Match") is None and not values.get("force"):
                    raise TagExists(f"Tag {name} names revision {old_revision}. Move it with If-Match or force.")
                if head_revision := move_tag(**ids, old_revision=old_revision, revision=revision):
                    return tag_response(name, revision, head_revision, status.HTTP_200_OK)
            old_revision = self.get_matching_tag(ids)

    def delete(self, request: Request, name: str, **kwargs: Any) -> Response:
        dataset_id = self.object_id
        if not TAG_PATTERN.fullmatch(name):
            raise Http404
        self.check_members()
        head_revision = delete_tag(project_id=self.project_id, dataset_id=dataset_id, name=name)
        if head_revision is None:
            raise Http404
        return Response(status=status.HTTP_204_NO_CONTENT, headers={"Dataset-Revision": str(head_revision)})

    def get_matching_tag(self, ids: dict[str, Any]) -> int | None:
        """Return the revision that the tag names, or None. Raises StaleVersion if If-Match does not match."""
        revision = get_tag(**ids)
        if revision is not None:
            check_if_match(self.request, revision, "tag", unit="revision")
        elif get_header(self.request, "If-Match") is not None:
            raise Http404
        return revision

    def revision_to_tag(self, dataset_id: UUID, text: str) -> int:
        """Resolve a number, a tag or `latest`. Raises NotFound, and ValidationError for the empty dataset's 0."""
        revision = snapshot_or_400(self.items, dataset_id, text).revision
        if revision == 0:
            detail = "Revision 0 is the empty dataset, which takes no tag."
            raise ValidationError({"revision": [detail]}, code="min_value")
        return revision


def tag_response(name: str, revision: int, head_revision: int, status_code: int) -> Response:
    headers = {"ETag": strong_etag(revision), "Dataset-Revision": str(head_revision)}
    return Response({"name": name, "revision": revision}, status=status_code, headers=headers)
