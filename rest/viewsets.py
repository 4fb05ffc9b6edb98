"""DRF's view sets without its binding of every method to every new view."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from rest_framework import viewsets


class ViewSetMixin(viewsets.ViewSetMixin):
    action_map: dict[str, str]

    @classmethod
    def as_view(cls, actions: dict[str, str] | None = None, **initkwargs: Any) -> Callable[..., Any]:
        """Return DRF's view function with another body: a method is looked up when it is called for."""
        declared = super().as_view(actions, **initkwargs)
        action_map = dict(actions or {})
        if "get" in action_map:
            action_map.setdefault("head", action_map["get"])

        @functools.wraps(declared)
        def view(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            self: Any = cls(**initkwargs)
            self.request, self.args, self.kwargs, self.action_map = request, args, kwargs, action_map
            return self.dispatch(request, *args, **kwargs)

        return view

    def get_handler(self) -> Callable[..., Any]:
        name = str(self.request.method).lower()
        action = self.action_map.get(name)
        handler: Callable[..., Any] = getattr(self, action) if action else super().get_handler()  # type: ignore[misc]
        return handler

    def _allowed_methods(self) -> list[str]:
        return [name.upper() for name in self.http_method_names if name in self.action_map or hasattr(self, name)]  # type: ignore[attr-defined]
