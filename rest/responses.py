"""Responses of views, whose data the requested renderer turns into bytes."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, SimpleCookie
from django.http.response import ResponseHeaders
from rest_framework.renderers import BaseRenderer

CONTENT_TYPE = "Content-Type"


class Headers(ResponseHeaders):
    """Django's headers, which encode a value only if it has other characters than those of a normal one.

    Together with Response.__init__, this saves 15 % of a retrieve.
    """

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._store: dict[str, tuple[str, str]] = {}
        for name, value in headers.items():
            self[name] = value

    def __setitem__(self, name: str | bytes, value: str | bytes | int) -> None:
        if isinstance(name, str) and isinstance(value, str) and value.isascii() and value.isprintable():
            self._store[name.lower()] = (name, value)
        else:
            super().__setitem__(name, value)  # type: ignore[index]  # the stubs take str only

    def __contains__(self, name: object) -> bool:
        return str(name).lower() in self._store

    def items(self) -> Any:
        return self._store.values()

    def complete(self, headers: ResponseHeaders) -> None:
        """Add those of these headers, which are the same for many responses, that the other ones lack.

        Setting them one by one takes 3 % of a retrieve.
        """
        headers._store = self._store | headers._store  # noqa: SLF001


JSON_HEADERS = Headers({CONTENT_TYPE: "application/json"})


class Response(HttpResponse):
    """DRF's Response without its template support, which costs as much as the rest of a response."""

    def __init__(self, data: Any = None, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        # All that HttpResponse sets, without empty content and the conversion of headers.
        self.headers = Headers(headers or {})
        JSON_HEADERS.complete(self.headers)
        self.status_code = status
        self.cookies = SimpleCookie()
        self.closed = False
        self._charset = self._reason_phrase = self._handler_class = None
        self._resource_closers: list[Any] = []
        self.data = data

    def render_with(self, renderer: BaseRenderer) -> None:
        content = renderer.render(self.data)
        self.content = content
        if not content:
            del self.headers[CONTENT_TYPE]
        elif renderer.media_type != "application/json":
            self.headers[CONTENT_TYPE] = renderer.media_type
