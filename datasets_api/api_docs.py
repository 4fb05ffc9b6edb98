"""The OpenAPI file, its page to read and try it, and the answer for any other path below /api/."""

import threading
from typing import Any, ClassVar

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from datasets_api.openapi_generators import PrefixGenerator, V1Generator, V2Generator
from rest.renderers import JSONRenderer

generator_lock = threading.Lock()
documents: dict[Any, dict[str, Any]] = {}


def openapi_document(generator_class: type[PrefixGenerator] = V1Generator) -> dict[str, Any]:
    """Made once in a process: it takes 0.1 s, and the generator keeps state that threads cannot share."""
    with generator_lock:
        if generator_class not in documents:
            documents[generator_class] = generator_class().get_schema(request=None, public=True)
        return documents[generator_class]


class PublicPage(APIView):
    """A page for everyone that is not itself in the OpenAPI file. Its errors and OPTIONS are JSON all the same."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    throttle_classes: list[Any] = []
    schema = None

    def get_renderers(self) -> list[BaseRenderer]:
        return [JSONRenderer()] if self.request.method == "OPTIONS" else super().get_renderers()

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if response.exception:
            request.accepted_renderer = JSONRenderer()
            request.accepted_media_type = JSONRenderer.media_type
        return super().finalize_response(request, response, *args, **kwargs)


class SchemaView(PublicPage):
    """YAML by default, JSON with ?format=json or an Accept header that asks for it."""

    renderer_classes = SpectacularAPIView.renderer_classes
    generator_class: ClassVar[type[PrefixGenerator]] = V1Generator
    file_name: ClassVar[str] = "openapi"

    def get(self, request: Request) -> Response:
        name = f"{self.file_name}.{request.accepted_renderer.format}"
        headers = {"Content-Disposition": f'inline; filename="{name}"'}
        return Response(openapi_document(self.generator_class), headers=headers)


class V2SchemaView(SchemaView):
    generator_class = V2Generator
    file_name = "openapi-v2"


class DocumentationPage(PublicPage, SpectacularSwaggerSplitView):
    """Swagger UI from the sidecar package: nothing is fetched from elsewhere."""

    @property
    def url_self(self) -> str:  # type: ignore[override]  # a value, or none, in the class
        """Where the page's script is, without the page's query, in which a key may stand."""
        return self.request.path


class ApiNotFound(APIView):
    """Any other path below /api/, for everyone."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    throttle_classes: list[Any] = []
    schema = None

    def get(self, request: Request, **kwargs: Any) -> Response:
        raise NotFound("Endpoint not found.")

    head = post = put = patch = delete = get


api_not_found = ApiNotFound.as_view()
