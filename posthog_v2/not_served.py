"""Resources below a project that PostHog's clients request, but this service does not have."""

from collections.abc import Callable
from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from posthog_v2.resource import V2View
from rest.responses import Response


def not_served(noun: str) -> Callable[..., Response]:
    """Return a view's method that responds with 404 and the reason to users who may read the project's datasets."""

    def method(self: V2View, request: Request, **kwargs: Any) -> Response:
        raise NotFound(f"This server does not serve {noun}, only the datasets of PostHog's API.")

    return method


class OfflineExperimentsView(V2View):
    schema: Any = None
    get = post = put = patch = delete = not_served("offline experiments")


class ScoreDefinitionsView(V2View):
    schema: Any = None
    get = post = put = patch = delete = not_served("score definitions")
