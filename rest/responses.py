"""Responses of views, whose data the requested renderer turns into bytes."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.renderers import BaseRenderer


class Response(HttpResponse):
    """DRF's Response without its template support, which costs as much as the rest of a response."""

    def __init__(self, data: Any = None, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        # Skips HttpResponse, which would set empty content first.
        HttpResponseBase.__init__(self, "application/json", status, headers=headers)
        self.data = data

    def render_with(self, renderer: BaseRenderer) -> None:
        content = renderer.render(self.data)
        self.content = content
        if not content:
            del self.headers["Content-Type"]
        elif renderer.media_type != "application/json":
            self.headers["Content-Type"] = renderer.media_type
