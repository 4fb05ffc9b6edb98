"""DRF's view with what is the same for every request of a class made once, not once a request."""

import functools
from typing import Any, ClassVar

from rest_framework import views
from rest_framework.request import Request

from rest.content_types import ContentNegotiation
from rest.uploads import EXPECT_CONTINUE, ContinueUpload


@functools.cache
def shared_instances(classes: tuple[type[Any], ...]) -> list[Any]:
    """Parsers, authenticators and permissions keep nothing between calls."""
    return [each() for each in classes]


class Negotiation(ContentNegotiation):
    """Skips the weighing of media types for the clients that take anything or name JSON alone."""

    JSON_ACCEPTS: ClassVar[frozenset[str]] = frozenset({"*/*", "application/json"})

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        accepts_json = request.META.get("HTTP_ACCEPT", "*/*") in self.JSON_ACCEPTS and len(renderers) == 1
        names_format = format_suffix or (request.META.get("QUERY_STRING") and "format" in request.query_params)
        if accepts_json and not names_format:
            return renderers[0], renderers[0].media_type
        return super().select_renderer(request, renderers, format_suffix)


class APIView(views.APIView):
    content_negotiation_class = Negotiation
    # Allow and Vary, by the view's class and what its route names.
    headers_by_route: ClassVar[dict[tuple[Any, ...], dict[str, str]]] = {}

    def get_parsers(self) -> list[Any]:
        return shared_instances(tuple(self.parser_classes))

    def get_renderers(self) -> list[Any]:
        return shared_instances(tuple(self.renderer_classes))

    def get_authenticators(self) -> list[Any]:
        return shared_instances(tuple(self.authentication_classes))

    def get_permissions(self) -> list[Any]:
        return shared_instances(tuple(self.permission_classes))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if EXPECT_CONTINUE in request.META:
            raise ContinueUpload

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        finalized: Any = super().finalize_response(request, response, *args, **kwargs)
        finalized._resource_closers.append(self.break_cycles)  # noqa: SLF001
        return finalized

    def break_cycles(self) -> None:
        """Once the answer is closed: DRF's view, request and response hold each other, and so would the answer's rows,
        until the garbage collector came."""
        self.request.parser_context.clear()
        getattr(self.response, "renderer_context", {}).clear()
        vars(self).clear()

    @property
    def default_response_headers(self) -> dict[str, str]:
        """Asked for in dispatch alone, when the view has all its methods."""
        route = type(self), *(getattr(self, "action_map", None) or {}).items()
        headers = self.headers_by_route.get(route)
        if headers is None:
            headers = self.headers_by_route[route] = super().default_response_headers
        return dict(headers)
