"""One's own personal API keys: list, create, roll, revoke. As in PostHog, the list is a plain array."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from auth.api_keys.issuing import (
    IssuedKey,
    KeyPermissions,
    check_membership,
    check_no_escalation,
    create_key,
    permissions_of,
    roll_key,
)
from auth.models import PersonalAPIKey
from auth.serializers import NewPersonalAPIKeySerializer, PersonalAPIKeySerializer
from auth.tenancy import APIKeyView


class PersonalAPIKeyViewSet(
    APIKeyView, mixins.RetrieveModelMixin, mixins.DestroyModelMixin, GenericViewSet[PersonalAPIKey]
):
    scope_object = "personal_api_key"
    queryset = PersonalAPIKey.objects.none()
    serializer_class = PersonalAPIKeySerializer
    pagination_class = None
    lookup_field = "id"

    def get_queryset(self) -> QuerySet[PersonalAPIKey]:
        return PersonalAPIKey.objects.filter(user_id=self.access.user.id).order_by("-created_at", "id")

    def get_object(self) -> PersonalAPIKey:
        if self.kwargs["id"] == "@current":
            self.kwargs["id"] = self.access.key_id
        if "\0" in self.kwargs["id"]:
            raise Http404  # what no text column holds
        return super().get_object()

    def list(self, request: Request, **kwargs: Any) -> Response:
        return Response(PersonalAPIKeySerializer(self.get_queryset(), many=True).data)

    def create(self, request: Request, **kwargs: Any) -> Response:
        body = NewPersonalAPIKeySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        requested = KeyPermissions(
            scopes=body.validated_data["scopes"],
            teams=body.validated_data.get("scoped_teams") or (),
            organizations=[str(each) for each in body.validated_data.get("scoped_organizations") or ()],
        )
        check_membership(self.access.user.id, requested)
        check_no_escalation(self.access, requested)
        created = create_key(user_id=self.access.user.id, label=body.validated_data["label"], permissions=requested)
        return Response(serialize_with_secret(created), status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["post"])
    def roll(self, request: Request, **kwargs: Any) -> Response:
        key = self.get_object()
        # To roll a stronger key of one's own would hand out its secret.
        check_no_escalation(self.access, permissions_of(key))
        return Response(serialize_with_secret(roll_key(key=key)))


def serialize_with_secret(issued: IssuedKey) -> dict[str, Any]:
    issued.key.plain_value = issued.value  # type: ignore[attr-defined]
    return dict(PersonalAPIKeySerializer(issued.key).data)
