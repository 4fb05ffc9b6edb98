"""The base of all views of the later API."""

from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework.serializers import ValidationError

from auth.prefetch import KeyRequestState
from items.models import Dataset
from items.resource import ResourceView
from posthog_v2.conflicts import Conflict
from posthog_v2.openapi_schema import V2Schema
from rest.operations import KEY_PARAMETER
from rest.responses import Response

NOT_SUPPORTED = "This field is not supported."


class V2View(ResourceView):
    queryset = Dataset.objects.all()
    schema = V2Schema()

    def make_state(self) -> KeyRequestState:
        """Pass on an item's id, which PostHog's routes name differently, as `id`."""
        item_id = self.kwargs.get("dataset_item_id")
        kwargs = self.kwargs if item_id is None else {**self.kwargs, "id": item_id}
        return KeyRequestState(kwargs, prefetch=self.prefetch)

    @property
    def object_id(self) -> UUID:
        """The UUID of the dataset or item in the path. Raises Http404 for a malformed one."""
        try:
            return UUID(self.kwargs.get("dataset_item_id") or self.kwargs["id"])
        except ValueError:
            raise Http404 from None

    def handle_exception(self, exc: Exception) -> Any:
        if not isinstance(exc, Conflict):
            return super().handle_exception(exc)
        return Response(exc.body, status=exc.status_code)

    def check_members(self) -> None:
        """Reject the first unknown member in order of name."""
        body = self.request.data
        if isinstance(body, dict):
            unknown = body.keys() - self.declared.deserializer.names - {KEY_PARAMETER}
            if unknown:
                raise ValidationError({min(unknown): [NOT_SUPPORTED]}, code="invalid")
