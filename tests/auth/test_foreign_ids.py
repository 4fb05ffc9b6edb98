"""Ids of another tenant get the same response as unknown ids, in paths, queries and bodies."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from auth.models import PersonalAPIKey
from datasets_api.openapi_generators import V1Generator
from items.models import DatasetHead, DatasetItem, ItemForkOrigin
from tests.api import Api, envelope
from tests.auth.routes import CLOSED, OBJECT_ROUTES, OPEN, Route, each_route
from tests.auth.two_tenants import FOREIGN_TAG, MARK, TwoTenants
from tests.people import key
from tests.rows import dataset, item

pytestmark = pytest.mark.django_db

UNKNOWN_NUMBER = 987654321
# Routes below /v2/ are tested in tests/posthog_v2/test_mixed.py.
ROUTE_OF = {route.path: route for route in CLOSED if route.path.startswith("/api/")}


@contextmanager
def rolled_back() -> Iterator[None]:
    """Roll back writes, so that the next request sees the same state."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def text_of(answer: Any) -> str:
    content: bytes = answer.getvalue()  # works for streams too
    return content.decode()


def without(answer: Any, *ids: Any) -> tuple[int, str]:
    """Return the status and text of a response, with these ids replaced."""
    text = text_of(answer)
    for each in ids:
        text = text.replace(str(each), "?")
    return answer.status_code, text


# --- In the path -----------------------------------------------------------------------------------------------------


@each_route(OBJECT_ROUTES)
def test_a_foreign_id_in_the_path_gets_the_same_response_as_an_unknown_one(route: Route, tenants: TwoTenants) -> None:
    api = Api(key(tenants.people.owner))
    before = tenants.foreign_rows()
    body = {"name": "taken", "dataset": str(tenants.dataset.id), "deleted": True, "revision": 1, "source_version": 1}

    for kind, foreign_id in tenants.foreign_ids.items():
        for method in sorted(route.methods - {"OPTIONS"}):
            for values in ({}, {"from": "1", "to": "1"}, {"version": "1"}, {"on": "input"}):
                query, sent = route.query(method, **values), route.body(method, body)
                answer = api.ask(method, tenants.path(route, object_id=foreign_id) + query, sent)

                assert answer.status_code == (405 if method in route.refused else 404), (method, kind)
                unknown_id = uuid4()
                unknown = api.ask(method, tenants.path(route, object_id=unknown_id) + query, sent)
                assert without(answer, foreign_id) == without(unknown, unknown_id), (method, kind)
    assert tenants.foreign_rows() == before


@each_route([route for route in OBJECT_ROUTES if route.is_under_project])
def test_an_id_of_a_sibling_project_is_unknown(route: Route, tenants: TwoTenants) -> None:
    api = Api(key(tenants.people.owner))
    elsewhere = dataset(tenants.people.sibling)
    there = item(elsewhere)
    sibling_id = there.id if "dataset_items" in route.path else elsewhere.id
    body = {"name": "taken", "dataset": str(tenants.dataset.id), "deleted": True, "revision": 1, "input": 1}

    for method in sorted(route.methods - {"OPTIONS"}):
        path = tenants.path(route, object_id=sibling_id)
        query = route.query(method, **{"from": "1", "to": "1", "on": "input", "import_format": "jsonl"})
        assert api.ask(method, path + query, route.body(method, body)).status_code == (
            405 if method in route.refused else 404
        ), method
        if method != "DELETE":
            there_path = tenants.path(route, object_id=sibling_id, project_id=tenants.people.sibling.id)
            # Erasing a dataset requires its name.
            there_body = body | {"dataset": str(elsewhere.id), "name": elsewhere.name}
            if "/schemas" in route.path:
                there_body = {}  # the members would be schemas
            answer = api.ask(method, there_path + query, route.body(method, there_body))
            # The sibling's dataset has no tag yet.
            is_absent = "{name}" in route.path and method in {"GET", "HEAD"}
            assert answer.status_code in ({404} if is_absent else {200, 201}), method


@each_route([route for route in OBJECT_ROUTES if "{name}" in route.path])
def test_a_foreign_tag_in_the_path_is_unknown_and_can_be_created(route: Route, tenants: TwoTenants) -> None:
    api = Api(key(tenants.people.owner))
    before = tenants.foreign_rows()
    path, unknown = tenants.path(route, tag=FOREIGN_TAG), tenants.path(route, tag="unknown")

    for headers in ({}, {"If-Match": "*"}, {"If-Match": '"3"'}):
        assert api.delete(path, headers=headers).status_code == 404
    assert api.put(path, {"revision": 1}, headers={"If-Match": '"3"'}).status_code == 404
    made, other = api.put(path, {"revision": 1}), api.put(unknown, {"revision": 1})

    assert made.status_code == other.status_code == 201
    assert made.json()["revision"] == 1
    assert api.delete(path).status_code == 204
    assert tenants.foreign_rows() == before


# --- In queries and bodies -------------------------------------------------------------------------------------------


class Operation(NamedTuple):
    """An operation of the OpenAPI file, with the names of its query parameters and body fields."""

    path: str
    method: str
    parameters: set[str]
    fields: set[str]

    @property
    def route(self) -> Route:
        return ROUTE_OF[self.path]


def operations(*methods: str) -> Iterator[Operation]:
    schema = V1Generator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    for path, described in schema["paths"].items():
        if path not in OPEN and not path.startswith("/api/environments"):
            for method in methods:
                if method in described:
                    parameters = described[method].get("parameters", [])
                    names = {each["name"] for each in parameters if each["in"] == "query"}
                    yield Operation(path, method.upper(), names, fields_of(described[method], schema))


def fields_of(operation: Mapping[str, Any], schema: Mapping[str, Any]) -> set[str]:
    if "requestBody" not in operation:
        return set()
    content = operation["requestBody"]["content"]
    if "application/json" not in content:
        return set()  # a file
    reference = content["application/json"]["schema"]["$ref"]
    return set(schema["components"]["schemas"][reference.rpartition("/")[2]]["properties"])


def test_the_openapi_file_has_every_method_of_every_route() -> None:
    described: dict[str, set[str]] = {}
    for each in operations("get", "post", "put", "patch", "delete"):
        described.setdefault(each.path, set()).add(each.method)

    # Without aliases, and without catch-all routes below resources that are not served.
    paths = {path for path in ROUTE_OF if "/api/environments" not in path and "{format}" not in path}
    paths -= {path for path in paths if "{rest}" in path}
    assert described == {path: ROUTE_OF[path].methods - {"HEAD", "OPTIONS"} for path in paths}


KINDS = ("dataset", "item", "fork", "project", "organization", "tag")


def unknown_id_like(tenants: TwoTenants, kind: str) -> Any:
    """Return an unknown id of the same type as the foreign one."""
    foreign_id = tenants.foreign_ids[kind]
    return {int: UNKNOWN_NUMBER, str: "unmade"}.get(type(foreign_id), UUID(int=7))


def test_a_foreign_id_in_a_query_parameter_gets_the_same_response_as_an_unknown_one(tenants: TwoTenants) -> None:
    api = Api(key(tenants.people.owner))
    before = tenants.foreign_rows()
    tried = set()
    # Parameters that others require.
    others = {"dataset": str(tenants.dataset.id), "from": "1", "to": "1", "on": "input"}

    def response_to(method: str, url: str, name: str, value: Any) -> tuple[int, str]:
        with rolled_back():
            answer = api.ask(method, f"{url}&{name}={value}", {})
        assert answer.status_code in {200, 201, 400, 404, 405}, (url, name, value)
        assert MARK not in text_of(answer), (url, name, value)
        return without(answer, value)

    for path, method, parameters, _ in operations("get", "post", "put", "patch"):
        for name in sorted(parameters | {"dataset", "team_id", "project_id", "id"}):
            usable = parameters - {name}
            for beside in ({}, others, others | {"revision": "1"}):
                query = "&".join(f"{each}={value}" for each, value in beside.items() if each in usable)
                if beside and not query:
                    continue
                url = f"{tenants.path(ROUTE_OF[path])}?{query}"
                unknown = {
                    value: response_to(method, url, name, value)
                    for value in {unknown_id_like(tenants, k) for k in KINDS}
                }
                for kind in KINDS:
                    found = response_to(method, url, name, tenants.foreign_ids[kind])
                    if name not in {"limit", "offset"} and method == "GET":
                        assert found == unknown[unknown_id_like(tenants, kind)], (url, name, kind)
                    tried.add(name)
    assert tried >= {
        "dataset", "id__in", "search", "order_by", "limit", "offset", "revision", "as_of", "version", "from", "to",
        "since_revision", "after_position", "on",
    }  # fmt: skip
    assert tenants.foreign_rows() == before


@pytest.mark.parametrize("is_listed", [False, True], ids=["value", "list"])
def test_a_foreign_id_in_a_body_field_reaches_nothing_foreign(is_listed: bool, tenants: TwoTenants) -> None:
    api = Api(key(tenants.people.owner))
    before = tenants.foreign_rows()
    usual: dict[str, Any] = {
        "name": "x", "dataset": str(tenants.dataset.id), "label": "x", "scopes": ["dataset:read"], "revision": 2,
    }  # fmt: skip
    tried = set()

    for each in operations("post", "put", "patch"):
        others = {"id", "team", "created_by", "team_id", "dataset_id", "project_id", "user", "user_id"}
        known = {name: value for name, value in usual.items() if name in each.fields}
        for field in sorted(others | each.fields - {"input", "output", "metadata"}):
            for kind, foreign_id in tenants.foreign_ids.items():
                sent = foreign_id if isinstance(foreign_id, int) else str(foreign_id)
                body = known | {field: [sent] if is_listed else sent}
                with rolled_back() if "/erase/" in each.path else nullcontext():
                    answer = api.ask(each.method, tenants.path(each.route), body)

                # Forks and tags may name an unknown revision; an item may be at another version.
                may_miss = {"revision": {404}, "base_version": {409, 412}}.get(field, set())
                # v2 has unique names.
                may_conflict = {409} if each.path.startswith("/v2/") else set()
                assert answer.status_code in {200, 201, 400} | may_miss | may_conflict, (each, field, kind)
                assert MARK not in answer.content.decode(), (each, field, kind)
                tried.add(field)
    assert tried >= {"dataset", "revision", "force", "source_version", "name", "deleted", "scopes"}
    assert tenants.foreign_rows() == before
    assert not PersonalAPIKey.objects.filter(user=tenants.people.owner, scoped_teams__isnull=False).exists()
    assert not PersonalAPIKey.objects.filter(user=tenants.people.owner, scoped_organizations__isnull=False).exists()
    at_home = DatasetItem.objects.in_project(tenants.people.project.id)
    copies = ItemForkOrigin.objects.filter(team_id=tenants.people.project.id)
    # A list is not a valid name, so no fork is created.
    assert set(copies.values_list("origin_dataset_id", flat=True)) == (set() if is_listed else {tenants.dataset.id})
    elsewhere = at_home.exclude(dataset_id=tenants.dataset.id)
    assert set(elsewhere.values_list("id", flat=True)) == set(copies.values_list("id", flat=True))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded"])
def test_a_foreign_dataset_in_a_body_gets_the_same_response_as_an_unknown_one(
    method: str, content_type: str, tenants: TwoTenants
) -> None:
    api = Api(key(tenants.people.owner))
    path = f"/api/projects/{tenants.people.project.id}/dataset_items/"
    path += "" if method == "POST" else f"{tenants.item.id}/"
    sibling = dataset(tenants.people.sibling)

    for foreign_id in (tenants.foreign_dataset.id, sibling.id, uuid4()):
        body: Any = {"dataset": str(foreign_id)} if "json" in content_type else f"dataset={foreign_id}"
        answer = api.ask(method, path, body, content_type=content_type)

        assert answer.status_code == 400
        assert envelope(answer) == {
            "type": "validation_error",
            "code": "does_not_exist",
            "detail": f'Invalid pk "{foreign_id}" - object does not exist.',
            "attr": "dataset",
        }


def test_a_write_rejected_for_a_foreign_dataset_changes_nothing(tenants: TwoTenants) -> None:
    api = Api(key(tenants.people.owner))
    path = f"/api/projects/{tenants.people.project.id}/dataset_items/{tenants.item.id}/"
    before = list(DatasetItem.objects.in_project(tenants.people.project.id).values())

    for body in (
        {"dataset": str(tenants.foreign_dataset.id), "ref_trace_id": "moved"},
        {"dataset": str(tenants.foreign_dataset.id), "deleted": True},
        {"dataset": str(tenants.foreign_dataset.id), "deleted": "not a boolean"},
    ):
        assert envelope(api.patch(path, body))["code"] == "does_not_exist"

    assert list(DatasetItem.objects.in_project(tenants.people.project.id).values()) == before
    assert DatasetHead.objects.get(dataset_id=tenants.dataset.id).revision == 1


def test_the_idempotency_key_of_a_foreign_request_is_unused(tenants: TwoTenants) -> None:
    before = tenants.foreign_rows()
    path = f"/api/projects/{tenants.people.project.id}/dataset_items/{tenants.item.id}/"

    # The same key and the same request, except for the ids.
    answer = Api(key(tenants.people.owner)).patch(path, {"output": MARK}, headers={"Idempotency-Key": MARK})

    assert answer.status_code == 200
    assert answer.json()["id"] == str(tenants.item.id)
    assert "Idempotency-Replayed" not in answer.headers
    assert tenants.foreign_rows() == before


def test_project_tokens_in_query_and_form_select_no_other_project(tenants: TwoTenants) -> None:
    api = Api(key(tenants.people.owner))
    token = tenants.people.foreign_project.api_token
    path = f"/api/projects/{tenants.people.project.id}/datasets/"
    form = "application/x-www-form-urlencoded"

    listed = api.get(f"{path}?token={token}&api_key={token}")
    made = api.post(path, f"name=mine&token={token}&api_key={token}", content_type=form)

    assert [row["id"] for row in listed.json()["results"]] == [str(tenants.dataset.id)]
    assert made.status_code == 201
    assert made.json()["team"] == tenants.people.project.id
