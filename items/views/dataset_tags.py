"""Tags of a dataset: names for its revisions."""

from typing import Any

from django.http import Http404
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from items.history.moments import TAG, UnknownRevision, find_moment
from items.history.tags import create_tag, delete_tag, find_tag, move_tag
from items.idempotency import idempotent
from items.serializers import TagSerializer
from items.views.dataset_resource import DatasetResource
from rest.conditional import check_match, strong
from rest.headers import header
from rest.intake import Intake


class TagExists(APIException):
    status_code = 409
    default_code = "tag_exists"
    default_type = "invalid_request"


class DatasetTags(DatasetResource):
    tag_intake = Intake(TagSerializer)

    @action(detail=True, methods=["put"], url_path="tags/(?P<name>[^/]+)", url_name="tag")
    @idempotent
    def tag(self, request: Request, name: str, **kwargs: Any) -> Response:
        """Makes a tag; to move one to another revision takes If-Match or "force": true."""
        dataset_id = self.wanted_id
        self.head_of(dataset_id)
        if not TAG.fullmatch(name):
            detail = "A tag is 1 to 64 of a-z, 0-9, '.', '_' and '-', and not digits alone."
            raise ValidationError({"name": [detail]}, code="invalid")
        ids: dict[str, Any] = {"project_id": self.project_id, "dataset_id": dataset_id, "name": name}
        was = self.matching_tag(ids)  # before validation
        values = self.tag_intake.values(request.data)
        revision = self.existing_revision(values["revision"])
        while True:
            if was is None:
                if present := create_tag(**ids, revision=revision):
                    return tag_answer(name, revision, present, status.HTTP_201_CREATED)
            else:
                if was != revision and header(request, "If-Match") is None and not values.get("force"):
                    raise TagExists(f"Tag {name} names revision {was}.")
                if present := move_tag(**ids, was=was, revision=revision):
                    return tag_answer(name, revision, present, status.HTTP_200_OK)
            was = self.matching_tag(ids)

    @tag.mapping.delete
    def untag(self, request: Request, name: str, **kwargs: Any) -> Response:
        dataset_id = self.wanted_id
        if not TAG.fullmatch(name):
            raise Http404
        present = delete_tag(project_id=self.project_id, dataset_id=dataset_id, name=name)
        if present is None:
            raise Http404
        return Response(status=status.HTTP_204_NO_CONTENT, headers={"Dataset-Revision": str(present)})

    def matching_tag(self, ids: dict[str, Any]) -> int | None:
        """The revision that the tag names, None without such a tag. Refuses the request by its If-Match."""
        revision = find_tag(**ids)
        if revision is not None:
            check_match(self.request, revision, "tag", unit="revision")
        elif header(self.request, "If-Match") is not None:
            raise Http404
        return revision

    def existing_revision(self, revision: int) -> int:
        try:
            return find_moment(self.project_id, self.wanted_id, str(revision)).revision
        except UnknownRevision:
            raise Http404 from None


def tag_answer(name: str, revision: int, present: int, status_code: int) -> Response:
    headers = {"ETag": strong(revision), "Dataset-Revision": str(present)}
    return Response({"name": name, "revision": revision}, status=status_code, headers=headers)
