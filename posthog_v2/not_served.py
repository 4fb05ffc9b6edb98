"""What PostHog's clients also ask for below a project, and this service does not have."""

from typing import Any, ClassVar

from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from posthog_v2.resource import V2View
from rest.responses import Response


class NotServedView(V2View):
    """Says so to whoever may read the project's datasets."""

    schema: Any = None
    noun: ClassVar[str]

    def get(self, request: Request, **kwargs: Any) -> Response:
        raise NotFound(f"This server does not serve {self.noun}. Of PostHog's API it serves the datasets.")

    post = put = patch = delete = get


class OfflineExperimentsView(NotServedView):
    noun = "offline experiments"


class ScoreDefinitionsView(NotServedView):
    noun = "score definitions"
