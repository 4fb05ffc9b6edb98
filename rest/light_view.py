"""DRF's view with what is the same for every request of a class made once, not once a request."""

import functools
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.views import APIView

from rest.media_types import ContentNegotiation
from rest.uploads import BODY_AWAITED, BodyAwaited


@functools.cache
def one_of_each(classes: tuple[type[Any], ...]) -> list[Any]:
    """Parsers, authenticators and permissions keep nothing between calls."""
    return [each() for each in classes]


class Negotiation(ContentNegotiation):
    """Skips the weighing of media types for the clients that take anything or name JSON alone."""

    PLAIN: ClassVar[frozenset[str]] = frozenset({"*/*", "application/json"})

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        is_plain = request.META.get("HTTP_ACCEPT", "*/*") in self.PLAIN and len(renderers) == 1
        is_asked = format_suffix or (request.META.get("QUERY_STRING") and "format" in request.query_params)
        if is_plain and not is_asked:
            return renderers[0], renderers[0].media_type
        return super().select_renderer(request, renderers, format_suffix)


class LightView(APIView):
    content_negotiation_class = Negotiation
    # Allow and Vary, by the view's class and what its route names.
    headers_of_routes: ClassVar[dict[tuple[Any, ...], dict[str, str]]] = {}

    def get_parsers(self) -> list[Any]:
        return one_of_each(tuple(self.parser_classes))

    def get_renderers(self) -> list[Any]:
        return one_of_each(tuple(self.renderer_classes))

    def get_authenticators(self) -> list[Any]:
        return one_of_each(tuple(self.authentication_classes))

    def get_permissions(self) -> list[Any]:
        return one_of_each(tuple(self.permission_classes))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if BODY_AWAITED in request.META:
            raise BodyAwaited

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer: Any = super().finalize_response(request, response, *args, **kwargs)
        answer._resource_closers.append(self.forget)  # noqa: SLF001
        return answer

    def forget(self) -> None:
        """Once the answer is closed: DRF's view, request and response hold each other, and so would the answer's rows,
        until the garbage collector came."""
        self.request.parser_context.clear()
        getattr(self.response, "renderer_context", {}).clear()
        vars(self).clear()

    @property
    def default_response_headers(self) -> dict[str, str]:
        """Asked for in dispatch alone, when the view has all its methods."""
        route = type(self), *(getattr(self, "action_map", None) or {}).items()
        headers = self.headers_of_routes.get(route)
        if headers is None:
            headers = self.headers_of_routes[route] = super().default_response_headers
        return dict(headers)
