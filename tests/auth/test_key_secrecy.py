"""No key leaves the service: not in links, errors, redirects or log lines."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.api import Api
from tests.auth.project_endpoint import ProjectEndpoint
from tests.rows import dataset, item

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["personal_api_key", "personal%5Fapi%5Fkey", "%70ersonal_api_key"])
@pytest.mark.parametrize("resource", ["datasets/", "datasets", "dataset_items/", "dataset_items.json"])
def test_no_link_echoes_a_key(name: str, resource: str) -> None:
    asked = ProjectEndpoint()
    for _ in range(3):
        item(dataset(asked.people.project))
    path = f"/api/projects/{asked.people.project.id}/{resource}"

    answer = Api().get(f"{path}?zeta=1&{name}={asked.key}&limit=1&offset=1&personal_api_key={asked.key}")

    page = answer.json()
    assert parse_qs(urlsplit(page["next"]).query) == {"limit": ["1"], "offset": ["2"], "zeta": ["1"]}
    assert parse_qs(urlsplit(page["previous"]).query) == {"limit": ["1"], "zeta": ["1"]}
    assert asked.key not in answer.content.decode()
    assert asked.key not in str(answer.headers)


def test_no_link_of_the_project_list_echoes_a_key() -> None:
    asked = ProjectEndpoint()

    answer = Api().get(f"/api/projects/?personal_api_key={asked.key}&limit=1&offset=1")

    assert answer.json()["previous"] == "http://testserver/api/projects/?limit=1"
    assert asked.key not in answer.content.decode()


def test_no_error_and_no_log_line_echoes_a_key(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    asked = ProjectEndpoint()
    in_query = f"?personal_api_key={asked.key}"

    answers = [
        Api().get(f"{asked.path}{in_query}x"),
        Api().get(f"{asked.path}{in_query}&order_by=nope"),
        Api().get(f"{asked.path}{in_query}&id__in=nope"),
        Api().get(f"/api/nowhere/{in_query}"),
        Api().get(f"/api/projects/0/datasets/{in_query}"),
        Api().post(f"{asked.path}{in_query}", "{"),
        Api().post(asked.path, {"personal_api_key": asked.key, "name": ""}),
        Api().post(asked.path, {"personal_api_key": asked.key + "x", "name": ""}),
        Api(asked.key + "x").get(asked.path),
    ]

    for answer in answers:
        assert answer.status_code >= 400
        assert asked.key not in answer.content.decode()
    printed = capfd.readouterr()
    assert asked.key not in caplog.text + printed.out + printed.err


ANYWHERE = [
    "{base}", "{base}nothing/", "/api/nowhere/", "/api", "/nowhere", "/_livez", "/api/schema/swagger-ui/",
    "/api/schema/", "//x",
]  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "DELETE", "TRACE", "BREW"])
@pytest.mark.parametrize("path", ANYWHERE)
def test_no_answer_echoes_a_key_in_its_body_or_headers(method: str, path: str) -> None:
    """Nor does any redirect: there is none."""
    asked = ProjectEndpoint()
    query = f"?personal_api_key={asked.key}&search=x&limit={asked.key}&script={asked.key}"

    for tail in (query, query.partition("&")[0]):
        answer = Api().ask(method, path.format(base=asked.path) + tail, headers={"x-other": asked.key})

        assert "Location" not in answer.headers
        assert asked.key not in str(answer.headers)
        assert asked.key not in answer.content.decode()
