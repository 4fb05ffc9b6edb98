"""One's own personal API keys: list, create, roll, revoke. As in PostHog, the list is a plain array."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from auth.models import PersonalAPIKey
from auth.own_keys import KeyWithValue, Powers, check_membership, check_not_beyond, create_key, powers_of, roll_key
from auth.serializers import NewPersonalAPIKeySerializer, PersonalAPIKeySerializer
from auth.tenancy import KeyView


class PersonalAPIKeyViewSet(
    KeyView, mixins.RetrieveModelMixin, mixins.DestroyModelMixin, GenericViewSet[PersonalAPIKey]
):
    scope_object = "personal_api_key"
    queryset = PersonalAPIKey.objects.none()
    serializer_class = PersonalAPIKeySerializer
    pagination_class = None
    lookup_field = "id"

    def get_queryset(self) -> QuerySet[PersonalAPIKey]:
        return PersonalAPIKey.objects.filter(user_id=self.access.person.id).order_by("-created_at", "id")

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
        wanted = Powers(
            scopes=body.validated_data["scopes"],
            teams=body.validated_data.get("scoped_teams") or (),
            organizations=[str(each) for each in body.validated_data.get("scoped_organizations") or ()],
        )
        check_membership(self.access.person.id, wanted)
        check_not_beyond(self.access, wanted)
        created = create_key(user_id=self.access.person.id, label=body.validated_data["label"], powers=wanted)
        return Response(shown_once(created), status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["post"])
    def roll(self, request: Request, **kwargs: Any) -> Response:
        key = self.get_object()
        # To roll a stronger key of one's own would hand out its secret.
        check_not_beyond(self.access, powers_of(key))
        return Response(shown_once(roll_key(key=key)))


def shown_once(made: KeyWithValue) -> dict[str, Any]:
    made.key.plain_value = made.value  # type: ignore[attr-defined]
    return dict(PersonalAPIKeySerializer(made.key).data)
