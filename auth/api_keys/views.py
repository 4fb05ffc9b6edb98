"""Views of a user's own personal API keys: list, create, roll, revoke. The list is a plain array, as in PostHog."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import status
from rest_framework.request import Request
from rest_framework.viewsets import ViewSetMixin

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
from auth.openapi import KEY_OPERATIONS, ROLL_KEY
from auth.serializers import NewPersonalAPIKeySerializer, PersonalAPIKeySerializer
from auth.tenancy import APIKeyView
from rest.responses import Response


class PersonalAPIKeyView(APIKeyView):
    scope_object = "personal_api_key"
    queryset = PersonalAPIKey.objects.none()
    lookup_field = "id"

    def get_queryset(self) -> QuerySet[PersonalAPIKey]:
        return PersonalAPIKey.objects.filter(user_id=self.access.user.id).order_by("-created_at", "id")

    def get_object(self) -> PersonalAPIKey:
        key_id = self.access.key_id if self.kwargs["id"] == "@current" else self.kwargs["id"]
        if "\0" in key_id:
            raise Http404  # PostgreSQL cannot compare a text with NUL
        return get_object_or_404(self.get_queryset(), id=key_id)


class PersonalAPIKeyViewSet(ViewSetMixin, PersonalAPIKeyView):
    operations = KEY_OPERATIONS

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

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        return Response(PersonalAPIKeySerializer(self.get_object()).data)

    def destroy(self, request: Request, **kwargs: Any) -> Response:
        key = self.get_object()
        if key.id != self.access.key_id:
            check_no_escalation(self.access, permissions_of(key))
        key.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class RollPersonalAPIKeyView(PersonalAPIKeyView):
    operations = {"post": ROLL_KEY}

    def post(self, request: Request, **kwargs: Any) -> Response:
        key = self.get_object()
        # The response contains the secret: rolling a more powerful key would be an escalation.
        check_no_escalation(self.access, permissions_of(key))
        return Response(serialize_with_secret(roll_key(key=key)))


def serialize_with_secret(issued: IssuedKey) -> dict[str, Any]:
    issued.key.plain_value = issued.value  # type: ignore[attr-defined]
    return dict(PersonalAPIKeySerializer(issued.key).data)
