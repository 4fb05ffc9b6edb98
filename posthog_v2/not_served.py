"""Resources below a project that PostHog's clients request, but this service does not have."""

from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from posthog_v2.resource import V2View
from rest.responses import Response


class NotServedView(V2View):
    """Responds with 404 and the reason to anyone who may read the project's datasets."""

    schema: Any = None
    # The name of the resource, which the route sets.
    noun = ""

    def get(self, request: Request, **kwargs: Any) -> Response:
        raise NotFound(f"This server does not serve {self.noun}, only the datasets of PostHog's API.")

    post = put = patch = delete = get
