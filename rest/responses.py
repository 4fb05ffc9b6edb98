"""The response of a view: data, which the renderer that the request asks for turns into bytes."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.renderers import BaseRenderer


class Response(HttpResponse):
    """DRF's Response without the template machinery under it, which costs as much as all else that a response does."""

    def __init__(self, data: Any = None, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        # HttpResponse itself would set an empty content first.
        HttpResponseBase.__init__(self, "application/json", status, headers=headers)
        self.data = data

    def render_with(self, renderer: BaseRenderer) -> None:
        content = renderer.render(self.data)
        self.content = content
        if not content:
            del self.headers["Content-Type"]
        elif renderer.media_type != "application/json":
            self.headers["Content-Type"] = renderer.media_type
