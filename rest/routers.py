"""Routes as in v1: the trailing slash is optional, and a format suffix (.json) may follow."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, re_path
from rest_framework import routers


class Router(routers.SimpleRouter):
    """Routes view sets; `format_suffix_patterns` adds the format suffixes."""

    def __init__(self) -> None:
        super().__init__()
        self.trailing_slash = "/?"

    def get_urls(self) -> list[Any]:
        urls = super().get_urls()
        for url in urls:
            url.callback = lean_view(url.callback)
        return urls


def lean_view(declared: Any) -> Callable[..., Any]:
    """Replace a view set's view function: DRF's binds all methods of the route for each request."""
    view_class, actions, options = declared.cls, declared.actions, declared.initkwargs
    if "get" in actions:
        actions.setdefault("head", actions["get"])

    @functools.wraps(declared)
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self = view_class(**options)
        self.request, self.args, self.kwargs, self.action_map = request, args, kwargs, actions
        return self.dispatch(request, *args, **kwargs)

    return view


def route(path: str, view: Any, name: str) -> URLPattern:
    """Return the route of one view; the path may contain {id} and {name}."""
    regex = path.replace("{id}", "(?P<id>[^/.]+)").replace("{name}", "(?P<name>[^/]+)")
    pattern: URLPattern = re_path(rf"^{regex}/?$", view.as_view(), name=name)
    return pattern
