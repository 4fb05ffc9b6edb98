"""Access to every route of the URL conf, by every kind of key: a new route is covered here or fails here."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.settings import api_settings

from auth.api_keys.tokens import hash_key, new_key
from auth.permissions import APIKeyPermission
from auth.tenancy import APIKeyView, ProjectScoped
from tests.api import Api, envelope
from tests.auth.routes import CLOSED, OPEN, PREFIXES, PROJECT_ROUTES, ROUTES, Route, each_route
from tests.auth.two_tenants import TwoTenants
from tests.people import key, key_row, unscoped_key

pytestmark = pytest.mark.django_db

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW")
WRITES = {"POST", "PUT", "PATCH", "DELETE"}
UNSUPPORTED = {"TRACE", "BREW"}
UNKNOWN_PROJECT = 987654321
# The arguments that a route may give to its view: none of them affects access.
ROUTE_ARGUMENTS = {
    "basename",
    "content_negotiation_class",
    "description",
    "detail",
    "name",
    "parser_classes",
    "renderer_classes",
    "schema",
    "suffix",
}
BEYOND_V1 = {
    "dataset_items/bulk/": {"POST", "PATCH"},
    "dataset_items/{id}/versions/": {"GET"},
    "dataset_items/{id}/archive/": {"POST"},
    "dataset_items/{id}/restore/": {"POST"},
    "datasets/{id}/revisions/": {"GET"},
    "datasets/{id}/changes/": {"GET"},
    "datasets/{id}/diff/": {"GET"},
    "datasets/{id}/export/": {"GET", "POST"},
    "dataset_items/erase/": {"POST"},
    "dataset_items/{id}/erase/": {"POST"},
    "datasets/{id}/erase/": {"POST"},
    "erasures/": {"GET"},
    "datasets/{id}/rollback/": {"POST"},
    "datasets/{id}/tags/": {"GET"},
    "datasets/{id}/tags/{name}/": {"GET", "PUT", "DELETE"},
    "datasets/{id}/fork/": {"POST"},
    "datasets/{id}/import/": {"POST"},
    "datasets/{id}/schemas/": {"GET", "PUT"},
    "datasets/{id}/duplicates/": {"GET", "POST"},
    "datasets/{id}/stats/": {"GET"},
}


def test_both_prefixes_have_the_same_routes() -> None:
    paths = {route.path for route in ROUTES}

    assert paths >= OPEN
    for prefix in PREFIXES:
        assert {prefix, f"{prefix}dataset_items/{{id}}/", f"{prefix}datasets.{{format}}/"} <= paths
    below = [
        {route.path.removeprefix(prefix) for route in ROUTES if route.path.startswith(prefix)} for prefix in PREFIXES
    ]
    assert below[0] == below[1]
    methods = {route.path: route.methods - {"HEAD", "OPTIONS"} for route in CLOSED}
    for prefix in PREFIXES:
        assert {path: methods[prefix + path] for path in BEYOND_V1} == BEYOND_V1


@each_route([route for route in ROUTES if route.path in OPEN])
def test_an_open_route_needs_no_key(route: Route) -> None:
    answer = Api().get(route.path)

    assert answer.status_code in {200, 404}


@each_route(CLOSED)
def test_a_closed_route_uses_the_default_access_checks(route: Route) -> None:
    assert issubclass(route.view, APIKeyView)
    assert route.view.scope_object
    assert route.view.authentication_classes == api_settings.DEFAULT_AUTHENTICATION_CLASSES
    assert route.view.permission_classes == [APIKeyPermission]
    assert route.view.throttle_classes == api_settings.DEFAULT_THROTTLE_CLASSES
    assert set(getattr(route.callback, "initkwargs", {})) <= ROUTE_ARGUMENTS
    for overridden in ("initial", "get_authenticators", "get_permissions", "get_throttles", "perform_authentication"):
        assert getattr(route.view, overridden) is getattr(APIKeyView, overridden)


@each_route(CLOSED)
def test_a_view_is_project_scoped_if_and_only_if_its_route_is_below_a_project(route: Route) -> None:
    assert issubclass(route.view, ProjectScoped) == route.is_under_project
    assert route.view.is_under_project == route.is_under_project
    if route.is_under_project:
        assert route.view.get_queryset is ProjectScoped.get_queryset  # type: ignore[attr-defined]


@each_route(CLOSED)
def test_every_method_requires_a_key(route: Route, tenants: TwoTenants) -> None:
    path = tenants.path(route)

    for method in METHODS:
        answer = Api().ask(method, path)

        assert answer.status_code == 401, method
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        if method != "HEAD":
            assert envelope(answer)["code"] == "not_authenticated"


def dead_keys(tenants: TwoTenants) -> dict[str, str]:
    """Values that were keys once or look like keys."""
    people = tenants.people
    revoked, revoked_value = key_row(people.owner)
    assert Api(revoked_value).delete(f"/api/personal_api_keys/{revoked.id}/").status_code == 204
    rolled = key(people.owner)
    assert Api(rolled).post("/api/personal_api_keys/@current/roll/").status_code == 200
    valid = key(people.owner)
    return {
        "unknown": new_key(),
        "revoked": revoked_value,
        "rolled": rolled,
        "of an inactive user": key(people.inactive),
        "truncated": valid[:-1],
        "with another prefix": valid.replace("phx_", "phc_"),
        "its hash": hash_key(valid),
        "a project's token": people.project.api_token,
    }


@each_route(CLOSED)
def test_a_dead_key_is_invalid_for_every_method(route: Route, tenants: TwoTenants) -> None:
    path = tenants.path(route)

    for kind, value in dead_keys(tenants).items():
        for method in METHODS:
            answer = Api(value).ask(method, path, {})

            assert answer.status_code == 401, (kind, method)
            if method != "HEAD":
                assert envelope(answer)["code"] == "authentication_failed", kind


def test_dead_keys_are_indistinguishable(tenants: TwoTenants) -> None:
    """All of them run the same statement and get the same response, so not even timing tells them apart."""
    path = f"/api/projects/{tenants.people.project.id}/datasets/"
    values = dead_keys(tenants)

    def details(value: str) -> tuple[bytes, list[str]]:
        with CaptureQueriesContext(connection) as captured:
            answer = Api(value).get(path)
        return answer.content, [query["sql"] for query in captured.captured_queries]

    expected = details(values.pop("unknown"))

    assert len(expected[1]) == 1
    for kind, value in values.items():
        assert details(value) == expected, kind


@each_route(CLOSED)
def test_a_key_without_the_scope_is_forbidden_every_method(route: Route, tenants: TwoTenants) -> None:
    path = tenants.path(route)
    owner = tenants.people.owner
    others = {"dataset", "organization", "personal_api_key", "project", "user", "insight"} - {route.view.scope_object}
    strangers = [f"{each}:write" for each in sorted(others)]

    for value in (key(owner, *strangers), unscoped_key(owner)):
        for method in METHODS:
            answer = Api(value).ask(method, path)

            assert answer.status_code == 403, method
            if method not in UNSUPPORTED | {"HEAD"}:
                action = route.view.action_by_method[method]  # type: ignore[attr-defined]
                detail = f"API key missing required scope '{route.view.scope_object}:{action}'"
                assert envelope(answer)["detail"] == detail


@each_route(CLOSED)
def test_a_read_scope_allows_no_write(route: Route, tenants: TwoTenants) -> None:
    path = tenants.path(route)
    api = Api(key(tenants.people.owner, f"{route.view.scope_object}:read"))

    refused = {method for method in METHODS if api.ask(method, path, {}).status_code == 403}

    writes = {method for method, action in route.view.action_by_method.items() if action != "read"}  # type: ignore[attr-defined]
    assert refused == writes | UNSUPPORTED


@each_route(CLOSED)
def test_trace_and_unknown_methods_are_forbidden_for_every_key(route: Route, tenants: TwoTenants) -> None:
    path = tenants.path(route)

    for method in UNSUPPORTED:
        answer = Api(key(tenants.people.owner)).ask(method, path)

        assert envelope(answer)["detail"] == "This action does not support Personal API Key access"
        assert answer.status_code == 403


@each_route(PROJECT_ROUTES)
def test_strangers_and_former_members_are_forbidden_every_method(route: Route, tenants: TwoTenants) -> None:
    path = tenants.path(route)

    for user in (tenants.people.stranger, tenants.people.former):
        api = Api(key(user))
        for method in set(METHODS) - UNSUPPORTED:
            answer = api.ask(method, path, {})

            assert answer.status_code == 403, method
            if method != "HEAD":
                assert envelope(answer)["detail"] == "You don't have access to the project."


@each_route(PROJECT_ROUTES)
def test_no_method_finds_an_unknown_project(route: Route, tenants: TwoTenants) -> None:
    path = tenants.path(route, project_id=UNKNOWN_PROJECT)
    api = Api(key(tenants.people.owner))

    for method in set(METHODS) - UNSUPPORTED:
        answer = api.ask(method, path, {})

        assert answer.status_code == 404, method
        if method != "HEAD":
            assert envelope(answer)["detail"] == "Project not found."


SEGMENTS = ["0", "-1", "+1", "abc", "0_1", "1e0", "0x1", "%201", "1%20", "１", "٣", "@CURRENT", "@me", "%00", "%2F"]
LONG_NUMBERS = [str(2**63 - 1), str(2**63), "9" * 30, "9" * 5000]


@pytest.mark.parametrize("segment", SEGMENTS + LONG_NUMBERS, ids=lambda segment: segment[:20])
def test_an_invalid_project_id_is_an_unknown_project(segment: str, tenants: TwoTenants) -> None:
    answer = Api(key(tenants.people.owner)).get(f"/api/projects/{segment}/datasets/")

    assert answer.status_code == 404
    assert envelope(answer)["detail"] in {"Project not found.", "Endpoint not found."}


def test_leading_zeros_and_at_current_name_the_project(tenants: TwoTenants) -> None:
    api = Api(key(tenants.people.owner))
    project_id = tenants.people.project.id

    for segment in (f"000{project_id}", "@current", "%40current"):
        assert api.get(f"/api/projects/{segment}/").json()["id"] == project_id


@each_route(PROJECT_ROUTES)
def test_keys_restricted_to_another_project_or_organization_are_forbidden_every_method(
    route: Route, tenants: TwoTenants
) -> None:
    people, path = tenants.people, tenants.path(route)
    to_project = key(people.owner, teams=[people.sibling.id])
    to_organization = key(people.owner, organizations=[people.abroad.id])

    for value, detail in (
        (to_project, f"API key does not have access to the requested project: ID {people.project.id}."),
        (to_organization, f"API key does not have access to the requested organization: ID {people.home.id}."),
    ):
        for method in set(METHODS) - UNSUPPORTED:
            answer = Api(value).ask(method, path, {})

            assert answer.status_code == 403, method
            if method != "HEAD":
                assert envelope(answer)["detail"] == detail


@each_route([route for route in CLOSED if route.is_served])
def test_owner_and_colleague_may_use_exactly_the_methods_of_a_route(route: Route, tenants: TwoTenants) -> None:
    path = tenants.path(route)
    people = [tenants.people.owner, tenants.people.colleague] if route.is_under_project else [tenants.people.owner]

    for user in people:
        api = Api(key(user))
        # Both users see the same initial state. DELETE comes last, because nothing works after it.
        with transaction.atomic():
            for method in sorted(set(METHODS) - UNSUPPORTED, key=lambda name: name == "DELETE"):
                answer = api.ask(method, path, {})

                assert answer.status_code not in {401, 403, 404, 500}, method
                is_405 = method not in route.methods - route.refused
                assert (answer.status_code == 405) == is_405, method
            transaction.set_rollback(True)
