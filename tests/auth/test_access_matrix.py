"""Who gets past which route: walks the URL conf, so that a new route is covered here or fails here."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from drf_spectacular.generators import SchemaGenerator
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from auth.key_views import PersonalAPIKeyViewSet
from auth.models import Membership, Organization, PersonalAPIKey, Project
from auth.permissions import MayAct
from auth.tenancy import KeyView, ProjectScoped
from auth.views import OrganizationView
from items.models import Dataset, DatasetHead, DatasetItem
from items.views import DatasetItemViewSet, DatasetViewSet
from tests.api import Api, envelope
from tests.items.rows import dataset, item
from tests.people import Everyone, key, key_row, unscoped_key

pytestmark = pytest.mark.django_db

# All that is to be had without a key.
OPEN = {"/api/schema/", "/api/schema/swagger-ui/", "/api/", "/api", "/_livez/", "/_readyz/"}
PREFIXES = ("/api/projects/{project_id}/", "/api/environments/{environment_id}/")
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW")
WRITES = {"POST", "PUT", "PATCH", "DELETE"}
NEITHER = {"TRACE", "BREW"}
UNKNOWN_PROJECT = 987654321
MARK = "kept-abroad"


class Route(NamedTuple):
    path: str  # with {parameter} for each parameter
    callback: Any

    @property
    def view(self) -> type[APIView]:
        return self.callback.cls  # type: ignore[no-any-return]

    @property
    def is_under_project(self) -> bool:
        return self.path.startswith(PREFIXES)

    @property
    def names_an_object(self) -> bool:
        return "{id}" in self.path or "{organization_id}" in self.path

    @property
    def methods(self) -> set[str]:
        """What the route has a handler for, HEAD and OPTIONS included."""
        if actions := getattr(self.callback, "actions", None):
            handled = {*actions, "options"}
        else:
            handled = {name for name in self.view.http_method_names if hasattr(self.view, name)}
        return {name.upper() for name in handled | ({"head"} if "get" in handled else set())}


def readable(regex: str) -> str:
    """^items/(?P<id>[^/.]+)/?$ as items/{id}/; a pattern of some other form fails."""
    path = re.sub(r"\(\?P<(\w+)>[^()]*\)", r"{\1}", regex.removeprefix("^").removesuffix("$").removesuffix(r"\Z"))
    path = path.replace(r"/?\.", ".").replace(r"\.", ".").replace("/?", "/")
    assert re.fullmatch(r"[\w/.@{}-]*", path), f"teach this test to read {regex}"
    return path


def walk(patterns: list[URLPattern | URLResolver], prefix: str = "/") -> Iterator[Route]:
    for each in patterns:
        path = prefix + readable(each.pattern.regex.pattern)
        if isinstance(each, URLResolver):
            yield from walk(each.url_patterns, path)
        else:
            yield Route(path, each.callback)


ROUTES = list(walk(get_resolver().url_patterns))
CLOSED = [route for route in ROUTES if route.path not in OPEN]
PROJECT_ROUTES = [route for route in CLOSED if route.is_under_project]
OBJECT_ROUTES = [route for route in CLOSED if route.names_an_object]


def each_of(routes: list[Route]) -> Any:
    return pytest.mark.parametrize("route", [pytest.param(route, id=route.path) for route in routes])


class World:
    """Everyone, with a dataset, an item and a key at home and abroad."""

    def __init__(self) -> None:
        self.people = people = Everyone()
        self.dataset = dataset(people.project, author=people.owner.id)
        self.item = item(self.dataset, author=people.owner.id)
        self.key, self.value = key_row(people.owner)
        for row in (people.abroad, people.foreign_project):
            row.name = MARK
            row.save()
        people.stranger.first_name = MARK
        people.stranger.save()
        self.foreign_dataset = dataset(
            people.foreign_project, author=people.stranger.id, name=MARK, description=MARK, metadata=f'"{MARK}"'
        )
        self.foreign_item = item(self.foreign_dataset, author=people.stranger.id, input=f'"{MARK}"', ref_trace_id=MARK)
        self.foreign_key, _ = key_row(people.stranger)
        self.foreign_ids = {
            "dataset": self.foreign_dataset.id,
            "item": self.foreign_item.id,
            "key": self.foreign_key.id,
            "organization": people.abroad.id,
            "project": people.foreign_project.id,
            "project's uuid": people.foreign_project.uuid,
            "user": people.stranger.id,
            "user's uuid": people.stranger.uuid,
        }

    def path(self, route: Route, *, project_id: Any = None, object_id: Any = None) -> str:
        """The route's path with ids of home, but for those given. A route with a new parameter fails here."""
        project_id = self.people.project.id if project_id is None else project_id
        own: dict[type, Any] = {
            DatasetItemViewSet: self.item.id,
            DatasetViewSet: self.dataset.id,
            PersonalAPIKeyViewSet: self.key.id,
            OrganizationView: self.people.home.id,
        }
        object_id = object_id or own.get(route.view, "a view without an object")
        path = route.path.format(
            project_id=project_id, environment_id=project_id, id=object_id, organization_id=object_id, format="json"
        )
        assert resolve(path).func is route.callback, f"{path} does not lead to {route}"
        return path

    def foreign_rows(self) -> list[Any]:
        abroad = self.people.foreign_project.id
        return [
            list(rows.order_by("pk").values())
            for rows in (
                Dataset.objects.in_project(abroad),
                DatasetHead.objects.filter(team_id=abroad),
                DatasetItem.objects.in_project(abroad),
                Project.objects.filter(id=abroad),
                Organization.objects.filter(id=self.people.abroad.id),
                Membership.objects.filter(organization=self.people.abroad),
                PersonalAPIKey.objects.filter(user=self.people.stranger),
            )
        ]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once; what a test does to it is undone, since each runs in a transaction inside this one."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def test_the_walk_finds_the_routes_of_both_prefixes() -> None:
    paths = {route.path for route in ROUTES}

    assert paths >= OPEN
    for prefix in PREFIXES:
        assert {prefix, f"{prefix}dataset_items/{{id}}/", f"{prefix}datasets.{{format}}/"} <= paths
    below = [
        {route.path.removeprefix(prefix) for route in ROUTES if route.path.startswith(prefix)} for prefix in PREFIXES
    ]
    assert below[0] == below[1]


@each_of([route for route in ROUTES if route.path in OPEN])
def test_an_open_route_asks_for_no_key(route: Route) -> None:
    answer = Api().get(route.path)

    assert answer.status_code in {200, 404}


@each_of(CLOSED)
def test_a_closed_route_has_the_decisions_of_all_others(route: Route) -> None:
    assert issubclass(route.view, KeyView)
    assert route.view.scope_object
    assert route.view.authentication_classes == api_settings.DEFAULT_AUTHENTICATION_CLASSES
    assert route.view.permission_classes == [MayAct]
    assert route.view.throttle_classes == api_settings.DEFAULT_THROTTLE_CLASSES
    for overridden in ("initial", "get_authenticators", "get_permissions", "get_throttles", "perform_authentication"):
        assert getattr(route.view, overridden) is getattr(KeyView, overridden)


@each_of(CLOSED)
def test_a_view_is_project_scoped_exactly_if_its_route_is_below_a_project(route: Route) -> None:
    assert issubclass(route.view, ProjectScoped) == route.is_under_project
    assert route.view.is_under_project == route.is_under_project
    if route.is_under_project:
        assert route.view.get_queryset is ProjectScoped.get_queryset  # type: ignore[attr-defined]


@each_of(CLOSED)
def test_no_method_answers_without_a_key(route: Route, world: World) -> None:
    path = world.path(route)

    for method in METHODS:
        answer = Api().ask(method, path)

        assert answer.status_code == 401, method
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        if method != "HEAD":
            assert envelope(answer)["code"] == "not_authenticated"


@each_of(CLOSED)
def test_a_key_with_a_wrong_scope_may_do_nothing(route: Route, world: World) -> None:
    path = world.path(route)
    owner = world.people.owner
    others = {"dataset", "organization", "personal_api_key", "project", "user", "insight"} - {route.view.scope_object}
    strangers = [f"{each}:write" for each in sorted(others)]

    for value in (key(owner, *strangers), unscoped_key(owner)):
        for method in METHODS:
            answer = Api(value).ask(method, path)

            assert answer.status_code == 403, method
            if method not in NEITHER | {"HEAD"}:
                action = "write" if method in WRITES else "read"
                detail = f"API key missing required scope '{route.view.scope_object}:{action}'"
                assert envelope(answer)["detail"] == detail


@each_of(CLOSED)
def test_a_read_scope_lets_no_write_through(route: Route, world: World) -> None:
    path = world.path(route)
    api = Api(key(world.people.owner, f"{route.view.scope_object}:read"))

    refused = {method for method in METHODS if api.ask(method, path, {}).status_code == 403}

    assert refused == WRITES | NEITHER


@each_of(CLOSED)
def test_trace_and_unknown_methods_are_for_no_key(route: Route, world: World) -> None:
    path = world.path(route)

    for method in NEITHER:
        answer = Api(key(world.people.owner)).ask(method, path)

        assert envelope(answer)["detail"] == "This action does not support Personal API Key access"
        assert answer.status_code == 403


@each_of(PROJECT_ROUTES)
def test_a_stranger_and_a_former_member_are_refused_by_every_method(route: Route, world: World) -> None:
    path = world.path(route)

    for user in (world.people.stranger, world.people.former):
        api = Api(key(user))
        for method in set(METHODS) - NEITHER:
            answer = api.ask(method, path, {})

            assert answer.status_code == 403, method
            if method != "HEAD":
                assert envelope(answer)["detail"] == "You don't have access to the project."


@each_of(PROJECT_ROUTES)
def test_no_method_finds_an_unknown_project(route: Route, world: World) -> None:
    path = world.path(route, project_id=UNKNOWN_PROJECT)
    api = Api(key(world.people.owner))

    for method in set(METHODS) - NEITHER:
        answer = api.ask(method, path, {})

        assert answer.status_code == 404, method
        if method != "HEAD":
            assert envelope(answer)["detail"] == "Project not found."


SEGMENTS = ["0", "-1", "+1", "abc", "0_1", "1e0", "0x1", "%201", "1%20", "１", "٣", "@CURRENT", "@me", "%00", "%2F"]
LONG_NUMBERS = [str(2**63 - 1), str(2**63), "9" * 30, "9" * 5000]


@pytest.mark.parametrize("segment", SEGMENTS + LONG_NUMBERS, ids=lambda segment: segment[:20])
def test_a_segment_that_is_no_project_id_is_an_unknown_project(segment: str, world: World) -> None:
    answer = Api(key(world.people.owner)).get(f"/api/projects/{segment}/datasets/")

    assert answer.status_code == 404
    assert envelope(answer)["detail"] in {"Project not found.", "Endpoint not found."}


def test_leading_zeros_and_at_current_name_the_project(world: World) -> None:
    api = Api(key(world.people.owner))
    project_id = world.people.project.id

    for segment in (f"000{project_id}", "@current", "%40current"):
        assert api.get(f"/api/projects/{segment}/").json()["id"] == project_id


@each_of(PROJECT_ROUTES)
def test_keys_kept_to_another_project_or_organisation_are_refused_by_every_method(route: Route, world: World) -> None:
    people, path = world.people, world.path(route)
    to_project = key(people.owner, teams=[people.sibling.id])
    to_organization = key(people.owner, organizations=[people.abroad.id])

    for value, detail in (
        (to_project, f"API key does not have access to the requested project: ID {people.project.id}."),
        (to_organization, f"API key does not have access to the requested organization: ID {people.home.id}."),
    ):
        for method in set(METHODS) - NEITHER:
            answer = Api(value).ask(method, path, {})

            assert answer.status_code == 403, method
            if method != "HEAD":
                assert envelope(answer)["detail"] == detail


@each_of(CLOSED)
def test_owner_and_colleague_reach_every_method_a_route_has_and_no_other(route: Route, world: World) -> None:
    path = world.path(route)
    people = [world.people.owner, world.people.colleague] if route.is_under_project else [world.people.owner]

    for user in people:
        api = Api(key(user))
        # DELETE comes last: it may leave nothing behind for others.
        for method in sorted(set(METHODS) - NEITHER, key=lambda name: name == "DELETE"):
            answer = api.ask(method, path, {})

            assert answer.status_code not in {401, 403, 404, 500}, method
            # Rows cannot be deleted, although v1 lists the method: see the contract, section 7.
            is_405 = method not in route.methods or (method == "DELETE" and route.is_under_project)
            assert (answer.status_code == 405) == is_405, method


# --- Ids of others, wherever an id may stand -------------------------------------------------------------------------


def without(answer: Any, *ids: Any) -> tuple[int, str]:
    """Status and text of an answer, with the ids that were asked for blanked."""
    text = answer.content.decode()
    for each in ids:
        text = text.replace(str(each), "?")
    return answer.status_code, text


@each_of(OBJECT_ROUTES)
def test_the_id_of_a_foreign_row_in_the_path_is_as_good_as_an_unknown_one(route: Route, world: World) -> None:
    api = Api(key(world.people.owner))
    before = world.foreign_rows()
    body = {"name": "taken", "dataset": str(world.dataset.id), "deleted": True}

    for kind, foreign_id in world.foreign_ids.items():
        for method in sorted(route.methods - {"OPTIONS"}):
            answer = api.ask(method, world.path(route, object_id=foreign_id), body)

            is_405 = method == "DELETE" and route.is_under_project
            assert answer.status_code == (405 if is_405 else 404), (method, kind)
            unknown_id = uuid4()
            unknown = api.ask(method, world.path(route, object_id=unknown_id), body)
            assert without(answer, foreign_id) == without(unknown, unknown_id), (method, kind)
    assert world.foreign_rows() == before


def test_the_id_of_a_row_of_a_sibling_project_is_unknown_too(world: World) -> None:
    api = Api(key(world.people.owner))
    elsewhere = dataset(world.people.sibling)
    there = item(elsewhere)
    base = f"/api/projects/{world.people.project.id}"

    for path in (f"{base}/datasets/{elsewhere.id}/", f"{base}/dataset_items/{there.id}/"):
        for method in ("GET", "HEAD", "PUT", "PATCH"):
            body = {"name": "taken", "dataset": str(world.dataset.id), "deleted": True}
            assert api.ask(method, path, body).status_code == 404, (method, path)
    assert api.get(f"/api/projects/{world.people.sibling.id}/dataset_items/{there.id}/").status_code == 200


def operations(*methods: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(path, method, operation) of the OpenAPI file: it names every query parameter and body field."""
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    for path, described in schema["paths"].items():
        if path not in OPEN and not path.startswith("/api/environments"):
            for method in methods:
                if method in described:
                    yield path, method.upper(), described[method]


def test_the_id_of_a_foreign_row_in_a_query_parameter_is_as_good_as_an_unknown_one(world: World) -> None:
    api = Api(key(world.people.owner))
    routes = {route.path: route for route in CLOSED}
    before = world.foreign_rows()
    tried = set()

    for path, method, operation in operations("get", "put", "patch"):
        names = {each["name"] for each in operation.get("parameters", []) if each["in"] == "query"}
        for name in sorted(names | {"dataset", "team_id", "project_id", "id"}):
            for kind in ("dataset", "item", "project", "organization"):
                foreign_id = world.foreign_ids[kind]
                url = world.path(routes[path])
                answer = api.ask(method, f"{url}?{name}={foreign_id}", {})
                unknown_id = UNKNOWN_PROJECT if isinstance(foreign_id, int) else uuid4()
                unknown = api.ask(method, f"{url}?{name}={unknown_id}", {})

                assert answer.status_code in {200, 400, 404, 405}, (path, name, kind)
                assert MARK not in answer.content.decode(), (path, name, kind)
                if name not in {"limit", "offset"} and method == "GET":
                    assert without(answer, foreign_id) == without(unknown, unknown_id), (path, name, kind)
                tried.add(name)
    assert tried >= {"dataset", "id__in", "search", "order_by", "limit", "offset"}
    assert world.foreign_rows() == before


@pytest.mark.parametrize("is_listed", [False, True], ids=["value", "list"])
def test_the_id_of_a_foreign_row_in_a_body_field_reaches_nothing_foreign(is_listed: bool, world: World) -> None:
    api = Api(key(world.people.owner))
    routes = {route.path: route for route in CLOSED}
    before = world.foreign_rows()
    usual: dict[str, Any] = {"name": "x", "dataset": str(world.dataset.id), "label": "x", "scopes": ["dataset:read"]}

    for path, method, _ in operations("post", "put", "patch"):
        view: Any = routes[path].view
        fields = {*view.serializer_class().fields, "team_id", "dataset_id", "project_id", "user", "user_id"}
        for field in sorted(fields - {"input", "output", "metadata"}):
            for kind, foreign_id in world.foreign_ids.items():
                sent = foreign_id if isinstance(foreign_id, int) else str(foreign_id)
                body = usual | {field: [sent] if is_listed else sent}
                answer = api.ask(method, world.path(routes[path]), body)

                assert answer.status_code in {200, 201, 400}, (method, path, field, kind)
                assert MARK not in answer.content.decode(), (method, path, field, kind)
    assert world.foreign_rows() == before
    assert not PersonalAPIKey.objects.filter(user=world.people.owner, scoped_teams__isnull=False).exists()
    assert not PersonalAPIKey.objects.filter(user=world.people.owner, scoped_organizations__isnull=False).exists()
    assert DatasetItem.objects.in_project(world.people.project.id).exclude(dataset_id=world.dataset.id).count() == 0


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded"])
def test_a_foreign_dataset_in_a_body_is_answered_like_an_unknown_one(
    method: str, content_type: str, world: World
) -> None:
    api = Api(key(world.people.owner))
    path = f"/api/projects/{world.people.project.id}/dataset_items/"
    path += "" if method == "POST" else f"{world.item.id}/"
    sibling = dataset(world.people.sibling)

    for foreign_id in (world.foreign_dataset.id, sibling.id, uuid4()):
        body: Any = {"dataset": str(foreign_id)} if "json" in content_type else f"dataset={foreign_id}"
        answer = api.ask(method, path, body, content_type=content_type)

        assert answer.status_code == 400
        assert envelope(answer) == {
            "type": "validation_error",
            "code": "does_not_exist",
            "detail": f'Invalid pk "{foreign_id}" - object does not exist.',
            "attr": "dataset",
        }


def test_a_write_that_is_refused_for_a_foreign_dataset_changes_nothing_at_home(world: World) -> None:
    api = Api(key(world.people.owner))
    path = f"/api/projects/{world.people.project.id}/dataset_items/{world.item.id}/"
    before = list(DatasetItem.objects.in_project(world.people.project.id).values())

    for body in (
        {"dataset": str(world.foreign_dataset.id), "ref_trace_id": "moved"},
        {"dataset": str(world.foreign_dataset.id), "deleted": True},
        {"dataset": str(world.foreign_dataset.id), "deleted": "not a boolean"},
    ):
        assert envelope(api.patch(path, body))["code"] == "does_not_exist"

    assert list(DatasetItem.objects.in_project(world.people.project.id).values()) == before
    assert DatasetHead.objects.get(dataset_id=world.dataset.id).revision == 2


def test_project_tokens_in_query_and_form_name_no_other_project(world: World) -> None:
    api = Api(key(world.people.owner))
    token = world.people.foreign_project.api_token
    path = f"/api/projects/{world.people.project.id}/datasets/"
    form = "application/x-www-form-urlencoded"

    listed = api.get(f"{path}?token={token}&api_key={token}")
    made = api.post(path, f"name=mine&token={token}&api_key={token}", content_type=form)

    assert [row["id"] for row in listed.json()["results"]] == [str(world.dataset.id)]
    assert made.status_code == 201
    assert made.json()["team"] == world.people.project.id
