"""Keys never appear in links, errors, redirects or log lines."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.api import Api
from tests.auth.project_endpoint import ProjectEndpoint
from tests.rows import dataset, item

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["personal_api_key", "personal%5Fapi%5Fkey", "%70ersonal_api_key"])
@pytest.mark.parametrize("resource", ["datasets/", "datasets", "dataset_items/", "dataset_items.json"])
def test_no_link_contains_a_key(name: str, resource: str) -> None:
    endpoint = ProjectEndpoint()
    for _ in range(3):
        item(dataset(endpoint.people.project))
    path = f"/api/projects/{endpoint.people.project.id}/{resource}"

    answer = Api().get(f"{path}?zeta=1&{name}={endpoint.key}&limit=1&offset=1&personal_api_key={endpoint.key}")

    page = answer.json()
    assert parse_qs(urlsplit(page["next"]).query) == {"limit": ["1"], "offset": ["2"], "zeta": ["1"]}
    assert parse_qs(urlsplit(page["previous"]).query) == {"limit": ["1"], "zeta": ["1"]}
    assert endpoint.key not in answer.content.decode()
    assert endpoint.key not in str(answer.headers)


def test_no_link_of_the_project_list_contains_a_key() -> None:
    endpoint = ProjectEndpoint()

    answer = Api().get(f"/api/projects/?personal_api_key={endpoint.key}&limit=1&offset=1")

    assert answer.json()["previous"] == "http://testserver/api/projects/?limit=1"
    assert endpoint.key not in answer.content.decode()


def test_no_error_and_no_log_line_contains_a_key(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    endpoint = ProjectEndpoint()
    in_query = f"?personal_api_key={endpoint.key}"

    answers = [
        Api().get(f"{endpoint.path}{in_query}x"),
        Api().get(f"{endpoint.path}{in_query}&order_by=nope"),
        Api().get(f"{endpoint.path}{in_query}&id__in=nope"),
        Api().get(f"/api/nowhere/{in_query}"),
        Api().get(f"/api/projects/0/datasets/{in_query}"),
        Api().post(f"{endpoint.path}{in_query}", "{"),
        Api().post(endpoint.path, {"personal_api_key": endpoint.key, "name": ""}),
        Api().post(endpoint.path, {"personal_api_key": endpoint.key + "x", "name": ""}),
        Api(endpoint.key + "x").get(endpoint.path),
    ]

    for answer in answers:
        assert answer.status_code >= 400
        assert endpoint.key not in answer.content.decode()
    printed = capfd.readouterr()
    assert endpoint.key not in caplog.text + printed.out + printed.err


ANYWHERE = [
    "{base}", "{base}nothing/", "/api/nowhere/", "/api", "/nowhere", "/_livez", "/api/schema/swagger-ui/",
    "/api/schema/", "//x",
]  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "DELETE", "TRACE", "BREW"])
@pytest.mark.parametrize("path", ANYWHERE)
def test_no_response_contains_a_key(method: str, path: str) -> None:
    """Neither in the body nor in the headers; there are no redirects either."""
    endpoint = ProjectEndpoint()
    query = f"?personal_api_key={endpoint.key}&search=x&limit={endpoint.key}&script={endpoint.key}"

    for tail in (query, query.partition("&")[0]):
        answer = Api().ask(method, path.format(base=endpoint.path) + tail, headers={"x-other": endpoint.key})

        assert "Location" not in answer.headers
        assert endpoint.key not in str(answer.headers)
        assert endpoint.key not in answer.content.decode()
