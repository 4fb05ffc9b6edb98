"""The OpenAPI file, its page to read and try it, and the answer for any other path below /api/."""

from typing import Any

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.decorators import api_view, authentication_classes, permission_classes, throttle_classes
from rest_framework.exceptions import NotFound
from rest_framework.renderers import TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response


class SchemaView(SpectacularAPIView):
    """OpenAPI 3.0.3: YAML by default, JSON with ?format=json or an Accept header that asks for it."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []


class DocumentationPage(SpectacularSwaggerSplitView):
    """Swagger UI from the sidecar package: nothing is fetched from elsewhere."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    renderer_classes = [TemplateHTMLRenderer]


@api_view(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
@authentication_classes([])
@permission_classes([])
@throttle_classes([])
def api_not_found(request: Request, *args: Any, **kwargs: Any) -> Response:
    raise NotFound("Endpoint not found.")
