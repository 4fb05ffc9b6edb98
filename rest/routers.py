"""Routes as in v1: the trailing slash is optional, and a format suffix (.json) may follow."""

from typing import Any

from django.urls import URLPattern, re_path
from rest_framework import routers


class Router(routers.SimpleRouter):
    """Routes view sets; `format_suffix_patterns` adds the format suffixes."""

    def __init__(self) -> None:
        super().__init__()
        self.trailing_slash = "/?"


def route(path: str, view: Any, name: str) -> URLPattern:
    """Return the route of one view; the path may contain {id} and {name}."""
    regex = path.replace("{id}", "(?P<id>[^/.]+)").replace("{name}", "(?P<name>[^/]+)")
    pattern: URLPattern = re_path(rf"^{regex}/?$", view.as_view(), name=name)
    return pattern
