"""The OpenAPI file, its documentation page, and the 404 for unknown paths below /api/."""

import functools
import hashlib
import threading
from typing import Any, ClassVar, NamedTuple, Self

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from datasets_api.openapi_generators import PrefixGenerator, V1Generator, V2Generator
from rest.renderers import JSONRenderer
from rest.responses import Response

# Paths vary by the trailing slash and by the prefixes that proxies add.
MAX_PAGES = 32
generator_lock = threading.Lock()
documents: dict[Any, dict[str, Any]] = {}


def openapi_document(generator_class: type[PrefixGenerator] = V1Generator) -> dict[str, Any]:
    """Return the document, generated once per process: it takes 0.1 s, and the generator is not thread-safe."""
    with generator_lock:
        if generator_class not in documents:
            documents[generator_class] = generator_class().get_schema(request=None, public=True)
        return documents[generator_class]


class PublicPage(APIView):
    """A page without access checks that is not part of the OpenAPI file. Its errors and OPTIONS are JSON."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    throttle_classes: list[Any] = []
    schema = None

    def get_renderers(self) -> list[BaseRenderer]:
        return [JSONRenderer()] if self.request.method == "OPTIONS" else super().get_renderers()

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if getattr(response, "exception", False):
            request.accepted_renderer = JSONRenderer()
            request.accepted_media_type = JSONRenderer.media_type
        return super().finalize_response(request, response, *args, **kwargs)


class Page(NamedTuple):
    """A page that is rendered once per process, with its ETag."""

    content: bytes
    content_type: str
    etag: str

    @classmethod
    def of(cls, content: bytes, content_type: str) -> Self:
        return cls(content, content_type, quote_etag(hashlib.blake2b(content, digest_size=12).hexdigest()))

    def get_response(self, request: Request, **headers: str) -> HttpResponse:
        """Return the page, or 304 if the client has it."""
        response = HttpResponse(self.content, content_type=self.content_type, headers=headers | {"ETag": self.etag})
        return get_conditional_response(request._request, etag=self.etag, response=response) or response  # noqa: SLF001


def without_environments(document: dict[str, Any]) -> dict[str, Any]:
    """Leave out the deprecated prefix, whose operations are those of the other one."""
    paths = {path: item for path, item in document["paths"].items() if "/api/environments/" not in path}
    return document | {"paths": paths}


@functools.lru_cache(maxsize=MAX_PAGES)
def schema_page(
    media_type: str, generator_class: type[PrefixGenerator], base_path: str, *, has_environments: bool
) -> Page:
    """Return the file in the media type of one of the renderers."""
    renderer: Any = next(each for each in SpectacularAPIView.renderer_classes if each.media_type == media_type)()
    content_type = f"{media_type}; charset={renderer.charset}" if renderer.charset else media_type
    document = openapi_document(generator_class)
    if not has_environments:
        document = without_environments(document)
    if base_path:
        document = document | {"servers": [{"url": base_path}]}
    return Page.of(renderer.render(document), content_type)


class SchemaView(PublicPage):
    """The OpenAPI file: YAML by default, JSON with ?format=json or by the Accept header.

    ?environments=false leaves out the paths below the deprecated prefix.
    """

    renderer_classes = SpectacularAPIView.renderer_classes
    generator_class: ClassVar[type[PrefixGenerator]] = V1Generator
    file_name: ClassVar[str] = "openapi"

    def get(self, request: Request) -> HttpResponse:
        renderer = request.accepted_renderer
        disposition = f'inline; filename="{self.file_name}.{renderer.format}"'
        has_environments = request.query_params.get("environments", "").lower() not in {"false", "0"}
        base_path = get_script_prefix().rstrip("/")
        generator: Any = self.generator_class  # a class is hashable, which its type does not say
        page = schema_page(renderer.media_type, generator, base_path, has_environments=has_environments)
        return page.get_response(request, **{"Content-Disposition": disposition})


class V2SchemaView(SchemaView):
    generator_class = V2Generator
    file_name = "openapi-v2"


class DocumentationPage(PublicPage, SpectacularSwaggerSplitView):
    """Swagger UI, with all assets from the sidecar package."""

    # By path, which has a few spellings, and whether the response is the page or its script.
    pages: ClassVar[dict[tuple[str, bool], Page]] = {}

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.path, "script" in request.GET
        if key not in self.pages:
            if len(self.pages) >= MAX_PAGES:
                self.pages.clear()
            self.pages[key] = self.render(request)
        return self.pages[key].get_response(request)

    def render(self, request: Request) -> Page:
        response: Any = super().get(request)
        content = render_to_string(response.template_name, response.data, request._request)  # noqa: SLF001
        return Page.of(content.encode(), response.content_type or "text/html; charset=utf-8")

    @staticmethod
    def _swagger_ui_resource(filename: str) -> str:
        """Below the prefix of this request: Django's own storage keeps that of the first one."""
        static = settings.STATIC_URL.removeprefix("/")
        return f"{get_script_prefix()}{static}drf_spectacular_sidecar/swagger-ui-dist/{filename}"

    @classmethod
    def _swagger_ui_favicon(cls) -> str:
        return cls._swagger_ui_resource("favicon-32x32.png")

    @property
    def url_self(self) -> str:  # type: ignore[override]  # a value, or none, in the class
        """The URL of the page's script, without the page's query, which may contain a key."""
        return self.request.path

    def _get_schema_url(self, request: Request) -> str:
        """Return the file's URL, also without the page's query; half the file is drawn in half the time."""
        return f"{reverse(self.url_name)}?format=json&environments=false"


class ApiNotFound(APIView):
    """The 404 for unknown paths below /api/, with or without a key."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    throttle_classes: list[Any] = []
    schema = None

    def get(self, request: Request, **kwargs: Any) -> Response:
        raise NotFound("Endpoint not found.")

    head = post = put = patch = delete = get


api_not_found = ApiNotFound.as_view()
