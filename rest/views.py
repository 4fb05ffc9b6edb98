"""DRF's view, with everything that is the same for all requests of a class created once."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.http import HttpRequest
from rest_framework import views
from rest_framework.request import Request

from rest.content_types import ContentNegotiation
from rest.operations import Operation
from rest.preauthorization import EXPECT_CONTINUE, ContinueUpload
from rest.responses import Headers, Response
from rest.state import RequestState, StatefulRequest

NO_ACTIONS: Mapping[str, str] = {}


@functools.cache
def shared_instances(classes: tuple[type[Any], ...]) -> list[Any]:
    """Return shared parsers, authenticators or permissions, which keep no state between calls."""
    return [each() for each in classes]


class Negotiation(ContentNegotiation):
    """Skips the ranking of media types for clients that accept anything or only JSON."""

    JSON_ACCEPTS: ClassVar[frozenset[str]] = frozenset({"*/*", "application/json"})

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        accepts_json = request.META.get("HTTP_ACCEPT", "*/*") in self.JSON_ACCEPTS and len(renderers) == 1
        names_format = format_suffix or (request.META.get("QUERY_STRING") and "format" in request.query_params)
        if accepts_json and not names_format:
            return renderers[0], renderers[0].media_type
        return super().select_renderer(request, renderers, format_suffix)


class APIView(views.APIView):
    content_negotiation_class = Negotiation
    # Keyed by action in view sets, by HTTP method in other views.
    operations: ClassVar[Mapping[str, Operation]] = {}
    # Allow and Vary, cached by the view's class and the id of its route's actions, which live as long as the route.
    headers_by_route: ClassVar[dict[tuple[type, int], Headers]] = {}

    def get_parsers(self) -> list[Any]:
        return shared_instances(tuple(self.parser_classes))

    def get_renderers(self) -> list[Any]:
        return shared_instances(tuple(self.renderer_classes))

    def get_authenticators(self) -> list[Any]:
        return shared_instances(tuple(self.authentication_classes))

    def get_permissions(self) -> list[Any]:
        return shared_instances(tuple(self.permission_classes))

    def get_throttles(self) -> list[Any]:
        return shared_instances(tuple(self.throttle_classes))

    def get_content_negotiator(self) -> Any:
        return shared_instances((self.content_negotiation_class,))[0]

    def perform_authentication(self, request: Request) -> None:
        """Authenticate without DRF's `user`, which guards against errors that a property would hide."""
        request._authenticate()  # type: ignore[attr-defined]  # noqa: SLF001

    @property
    def operation(self) -> Operation | None:
        """The requested operation; None for OPTIONS and for a method that is not allowed."""
        name = getattr(self, "action", None) or str(self.request.method).lower()
        return self.operations.get("get" if name == "head" else name)

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        return StatefulRequest(
            request,
            self.make_state(),
            parsers=self.get_parsers(),
            authenticators=self.get_authenticators(),
            negotiator=self.get_content_negotiator(),
            parser_context=self.get_parser_context(request),
        )

    def make_state(self) -> RequestState:
        return RequestState(self.kwargs)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Follow DRF's steps, with `handle` between the checks and the method."""
        self.args, self.kwargs = args, kwargs
        self.request = self.initialize_request(request, *args, **kwargs)
        try:
            self.initial(self.request, *args, **kwargs)
            response = self.handle(self.get_handler(), self.request, *args, **kwargs)
        except Exception as error:
            response = self.handle_exception(error)
        self.response = self.finalize_response(self.request, response, *args, **kwargs)
        return self.response

    @property
    def actions(self) -> Mapping[str, str]:
        """The action of each method of a view set's route; empty in other views."""
        return getattr(self, "action_map", NO_ACTIONS)

    def get_handler(self) -> Callable[..., Any]:
        name = str(self.request.method).lower()
        if name not in self.http_method_names:
            return self.http_method_not_allowed
        handler: Callable[..., Any] = getattr(self, self.actions.get(name, name), self.http_method_not_allowed)
        return handler

    def _allowed_methods(self) -> list[str]:
        return [name.upper() for name in self.http_method_names if name in self.actions or hasattr(self, name)]

    def handle(self, handler: Callable[..., Any], request: Request, *args: Any, **kwargs: Any) -> Any:
        """Run the method; views override this to wrap all their methods."""
        return handler(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Follow DRF's steps without versioning, then check the names and lengths of query parameters."""
        self.format_kwarg = kwargs.get("format")
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        self.perform_authentication(request)
        self.check_permissions(request)
        self.check_throttles(request)
        if request.META.get("QUERY_STRING") and (operation := self.operation):
            operation.check_query(request.query_params)
            operation.check_repeats(request.query_params)
        if EXPECT_CONTINUE in request.META:
            raise ContinueUpload

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Render our own responses immediately; Django renders DRF's, which errors use."""
        if isinstance(response, Response):
            response.render_with(request.accepted_renderer)
            self.route_headers.complete(response.headers)
        else:
            self.headers = dict(self.route_headers.items())
            response = super().finalize_response(request, response, *args, **kwargs)
        response._resource_closers.append(self.break_cycles)  # noqa: SLF001
        return response

    def break_cycles(self) -> None:
        """Break DRF's cycle of view, request and response, which would keep the rows until the garbage collector runs.

        Called when the response is closed.
        """
        self.request.parser_context.clear()
        getattr(self.response, "renderer_context", {}).clear()
        vars(self).clear()

    @property
    def route_headers(self) -> Headers:
        """The headers of all the route's responses, which are found once."""
        route = type(self), id(self.actions)
        headers = self.headers_by_route.get(route)
        if headers is None:
            headers = self.headers_by_route[route] = Headers(self.default_response_headers)
        return headers
