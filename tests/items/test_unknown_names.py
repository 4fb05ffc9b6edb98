"""Nothing is ignored silently: unknown parameters and members are errors."""

from typing import Any

import pytest

from tests.api import FORM
from tests.auth.routes import PREFIXES, PROJECT_ROUTES, Route
from tests.dataset_client import DatasetClient, assert_error, created, ok

pytestmark = pytest.mark.django_db

LATER_API = (
    "expected_output", "source_output", "client_item_id", "source_trace_id", "source_event_id", "source_timestamp",
    "base_version",
)  # fmt: skip
LATER_API_TEXT = "This field belongs to PostHog's later dataset API, which this server speaks under /v2."


@pytest.fixture
def client() -> DatasetClient:
    return DatasetClient()


def operations(*, is_v1: bool) -> list[Any]:
    routes = [each for each in PROJECT_ROUTES if each.path.startswith(PREFIXES[0]) and "{format}" not in each.path]
    return [
        pytest.param(route, method, id=f"{method} {route.path.removeprefix(PREFIXES[0])}")
        for route in routes
        for method in sorted(route.methods - {"HEAD", "OPTIONS"})
        if route.operation(method).is_v1 == is_v1
    ]


def ask(client: DatasetClient, route: Route, method: str, query: str, body: Any = None) -> Any:
    ids = {"id": client.dataset["id"], "name": "tag", "project_id": client.project_id}
    if "dataset_items/{id}" in route.path:
        ids["id"] = client.new_item()["id"]
    return client.api.ask(method, f"{route.path.format(**ids)}?{query}", body)


@pytest.mark.parametrize(("route", "method"), operations(is_v1=False))
def test_an_unknown_parameter_is_rejected_on_every_path_that_v1_lacked(
    client: DatasetClient, route: Route, method: str
) -> None:
    error = assert_error(ask(client, route, method, "revison=3"), 400, "unknown_parameter", "revison")

    assert error["detail"] == "Unknown parameter: revison"


@pytest.mark.parametrize(("route", "method"), operations(is_v1=True))
def test_an_unknown_parameter_is_rejected_on_v1s_paths_with_strict(
    client: DatasetClient, route: Route, method: str
) -> None:
    assert_error(ask(client, route, method, "revison=3&strict=true", {}), 400, "unknown_parameter", "revison")
    for lenient in ("revison=3", "revison=3&strict=false", "revison=3&strict="):
        response = ask(client, route, method, lenient, {})
        assert b"revison" not in response.content.replace(b"revison=3", b"")


@pytest.mark.parametrize(("route", "method"), operations(is_v1=False))
def test_a_parameter_with_two_values_is_refused_on_every_path_that_v1_lacked(
    client: DatasetClient, route: Route, method: str
) -> None:
    for name in route.operation(method).params:
        error = assert_error(ask(client, route, method, f"{name}=1&{name}=0", {}), 400, "invalid_input", name)
        assert error["detail"] == "This parameter is given more than once, with different values."


def test_of_two_values_of_v1s_parameters_the_last_counts(client: DatasetClient) -> None:
    for number in range(3):
        client.new_item(input=number)

    assert len(client.results("&limit=1&limit=2&other=1&other=2")) == 2
    for query in ("limit=1&limit=2&strict=true", "search=a&search=b", "metadata__a=1&metadata__a=2"):
        name = query.partition("=")[0]
        assert_error(client.api.get(f"{client.items}?{query}"), 400, "invalid_input", name)
    assert len(client.results("&search=0&search=0")) == 1


@pytest.mark.parametrize(("route", "method"), operations(is_v1=False) + operations(is_v1=True))
def test_every_declared_parameter_is_known(client: DatasetClient, route: Route, method: str) -> None:
    query = "&".join(f"{name}=" for name in route.operation(method).params)

    response = ask(client, route, method, f"{query}&format=json&strict=true", {})

    assert b"unknown_parameter" not in response.getvalue()


@pytest.mark.parametrize(("route", "method"), operations(is_v1=False) + operations(is_v1=True))
def test_every_parameter_has_a_maximum_length(client: DatasetClient, route: Route, method: str) -> None:
    for name, param in route.operation(method).params.items():
        if name not in {"limit", "offset", "strict"}:
            response = ask(client, route, method, f"{name}={'1' * (param.max_length + 1)}", {})
            assert_error(response, 400, "max_length", name)


def test_too_many_ids_are_rejected(client: DatasetClient) -> None:
    ids = ",".join([client.dataset["id"]] * 1000)

    for path in (client.items, client.datasets):
        ok(client.api.get(f"{path}?id__in={ids}"))
        assert_error(client.api.get(f"{path}?id__in={ids},{client.dataset['id']}"), 400, "max_length", "id__in")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "tags/golden/", {"revision": 1, "forced": True}),
        ("POST", "fork/", {"name": "Fork", "revison": 1}),
        ("PUT", "schemas/", {"inputs": {}}),
        ("POST", "duplicates/?on=input", {"dry_run": True}),
    ],
)
def test_an_unknown_member_is_rejected_below_a_dataset(
    client: DatasetClient, method: str, path: str, body: dict[str, Any]
) -> None:
    name = list(body)[-1]

    error = assert_error(client.api.ask(method, client.path(path), body), 400, "unknown_field", name)

    assert error["detail"] == f"Unknown field: {name}"


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({"itmes": []}, "itmes"),
        ({"items": [{"input": 1}, {"inptu": 1}]}, "items.1.inptu"),
        ({"items": [{"expected_output": 1}]}, "items.0.expected_output"),
    ],
)
def test_an_unknown_member_is_rejected_in_a_bulk(client: DatasetClient, body: dict[str, Any], attr: str) -> None:
    response = client.api.post(f"{client.items}bulk/", {"dataset": client.dataset["id"]} | body)

    assert_error(response, 400, "unknown_field", attr)
    assert client.results() == []


@pytest.mark.parametrize(
    ("body", "attr"), [({"chnages": {}}, "chnages"), ({"changes": {"ouptut": 1}}, "changes.ouptut")]
)
def test_an_unknown_member_is_rejected_in_a_bulk_change(client: DatasetClient, body: dict[str, Any], attr: str) -> None:
    made = client.new_item()

    response = client.api.patch(f"{client.items}bulk/", {"ids": [made["id"]], "changes": {}} | body)

    assert_error(response, 400, "unknown_field", attr)


def test_a_row_that_was_read_can_be_sent_back(client: DatasetClient) -> None:
    made = client.new_item(input={"q": 1})

    ok(client.api.post(f"{client.items}bulk/", {"dataset": client.dataset["id"], "items": [made]}))
    ok(client.api.put(f"{client.item_path(made)}?strict=true", made))
    ok(client.api.put(f"{client.path()}?strict=true", client.dataset))


def test_unknown_members_of_v1s_bodies_are_ignored_without_strict(client: DatasetClient) -> None:
    body = {"dataset": client.dataset["id"], "inptu": 1}

    created(client.api.post(client.items, body))
    assert_error(client.api.post(f"{client.items}?strict=true", body), 400, "unknown_field", "inptu")
    assert_error(client.api.post(f"{client.datasets}?strict=1", {"name": "x", "nmae": 1}), 400, "unknown_field", "nmae")
    assert len(client.results()) == 1


@pytest.mark.parametrize("name", LATER_API)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize("is_form", [False, True], ids=["json", "form"])
def test_members_of_the_later_api_are_rejected_and_nothing_is_stored(
    client: DatasetClient, name: str, method: str, *, is_form: bool
) -> None:
    made = client.new_item(input=1)
    path = client.items if method == "POST" else client.item_path(made)
    dataset = client.dataset["id"]
    body: Any = f"dataset={dataset}&input=2&{name}=1" if is_form else {"dataset": dataset, "input": 2, name: None}

    response = client.api.ask(method, path, body, content_type=FORM if is_form else "application/json")

    error = assert_error(response, 400, "unknown_field", name)
    assert error["detail"] == LATER_API_TEXT
    assert [each["input"] for each in client.results()] == [1]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_dataset_rejects_members_of_the_later_api(client: DatasetClient, method: str) -> None:
    path = client.datasets if method == "POST" else client.path()

    response = client.api.ask(method, path, {"name": "New", "base_version": 1})

    assert_error(response, 400, "unknown_field", "base_version")
    assert ok(client.api.get(client.path()))["name"] == client.dataset["name"]


def test_a_key_in_the_body_is_a_known_member(client: DatasetClient) -> None:
    value = client.api.headers["authorization"].removeprefix("Bearer ")
    client.api.headers = {}

    created(client.api.post(client.path("fork/"), {"name": "Fork", "personal_api_key": value}))
    ok(client.api.get(f"{client.path('revisions/')}?personal_api_key={value}"))
