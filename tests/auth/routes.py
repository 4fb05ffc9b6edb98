"""All routes of the service, from its URL conf, so that tests cover new routes automatically."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.views import APIView

from posthog_v2.not_served import OfflineExperimentsView, ScoreDefinitionsView
from rest.operations import Operation

# Routes that need no key.
OPEN = {
    "/",
    *(f"{api}{rest}" for api in ("/api/", "/v2/api/") for rest in ("schema/", "schema/swagger-ui/", "")),
    "/api",
    "/v2/api",
    "/_livez/",
    "/_readyz/",
    "/metrics/",
}
PREFIXES = ("/api/projects/{project_id}/", "/api/environments/{environment_id}/")
V2_PREFIXES = tuple(f"/v2{prefix}" for prefix in PREFIXES)
# The endpoint for agents: for the current project, and for any other.
AGENTS = ("/mcp/", "/mcp/{project_id}/")


class Route(NamedTuple):
    path: str  # with {name} for each parameter
    callback: Any

    @property
    def view(self) -> type[APIView]:
        return self.callback.cls  # type: ignore[no-any-return]

    @property
    def is_under_project(self) -> bool:
        return self.path in AGENTS or self.path.startswith(PREFIXES + V2_PREFIXES)

    @property
    def names_its_project(self) -> bool:
        return "{project_id}" in self.path or "{environment_id}" in self.path

    @property
    def names_an_object(self) -> bool:
        return "{id}" in self.path or "{organization_id}" in self.path

    @property
    def methods(self) -> set[str]:
        """The methods that the route has a handler for, including HEAD and OPTIONS."""
        if actions := getattr(self.callback, "actions", None):
            handled = {*actions, "options"}
        else:
            handled = {name for name in self.view.http_method_names if hasattr(self.view, name)}
        return {name.upper() for name in handled | ({"head"} if "get" in handled else set())}

    def operation(self, method: str) -> Operation:
        """Return the operation that the view declares for a method."""
        name = "get" if method == "HEAD" else method.lower()
        operations: dict[str, Operation] = self.view.operations  # type: ignore[attr-defined]
        return operations[getattr(self.callback, "actions", {}).get(name, name)]

    def query(self, method: str, **values: str) -> str:
        """Return a query string with those of the values whose parameters the method knows."""
        known = self.operation(method).params
        query = "&".join(f"{name}={value}" for name, value in values.items() if name in known)
        return f"?{query}" if query else ""

    def body(self, method: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return those of the values whose members the method knows; all of them for v1, which ignores others."""
        operation = self.operation(method)
        if operation.is_v1 or isinstance(operation.body, dict):
            return dict(values)
        return {name: value for name, value in values.items() if name in operation.deserializer.names}

    @property
    def is_served(self) -> bool:
        return self.view not in {OfflineExperimentsView, ScoreDefinitionsView}

    @property
    def refused(self) -> set[str]:
        """Methods that the route lists but answers with 405: v1 does not delete datasets and items."""
        is_of_rows = self.is_under_project and getattr(self.callback, "actions", {}).get("delete") == "destroy"
        return {"DELETE"} if is_of_rows else set()


def path_template(regex: str) -> str:
    """^items/(?P<id>[^/.]+)/?$ as items/{id}/; a pattern of some other form fails."""
    regex = re.sub(r"\(\?!\S+?\$\)\)", "", regex)  # the names of the routes beside an id
    path = re.sub(r"\(\?P<(\w+)>[^()]*\)", r"{\1}", regex.removeprefix("^").removesuffix("$").removesuffix(r"\Z"))
    path = path.replace(r"/?\.", ".").replace(r"\.", ".").replace("/?", "/")
    assert re.fullmatch(r"[\w/.@{}-]*", path), f"teach this test to read {regex}"
    return path


def iter_routes(patterns: list[URLPattern | URLResolver], prefix: str = "/") -> Iterator[Route]:
    for each in patterns:
        # The console's pages contain no data and need no key.
        if isinstance(each, URLResolver) and getattr(each.urlconf_name, "__name__", "") == "console.urls":
            continue
        path = prefix + path_template(each.pattern.regex.pattern)
        if isinstance(each, URLResolver):
            yield from iter_routes(each.url_patterns, path)
        else:
            yield Route(path, each.callback)


ROUTES = list(iter_routes(get_resolver().url_patterns))
CLOSED = [route for route in ROUTES if route.path not in OPEN]
PROJECT_ROUTES = [route for route in CLOSED if route.is_under_project and route.names_its_project]
# Routes below /api/; those below /v2/ have their own tests.
OBJECT_ROUTES = [route for route in CLOSED if route.names_an_object and route.path.startswith("/api/")]


def each_route(routes: list[Route]) -> Any:
    return pytest.mark.parametrize("route", [pytest.param(route, id=route.path) for route in routes])
