"""Routes as v1 had them: a trailing slash may be left out, and a format suffix (.json) may be added."""

from typing import Any

from django.urls import URLPattern, re_path
from rest_framework import routers


class Router(routers.SimpleRouter):
    """The routes of view sets, still without format suffixes: see `format_suffix_patterns`."""

    def __init__(self) -> None:
        super().__init__()
        self.trailing_slash = "/?"


def route(path: str, view: Any, name: str) -> URLPattern:
    """The route of one view; {id} stands for an id, and the slash at the end may be left out."""
    regex = path.replace("{id}", "(?P<id>[^/.]+)").replace("{name}", "(?P<name>[^/]+)")
    pattern: URLPattern = re_path(rf"^{regex}/?$", view.as_view(), name=name)
    return pattern
