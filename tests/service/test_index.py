"""The path `/`: links for programs, the console for browsers."""

import pytest
import yaml

from datasets_api.version import VERSION
from tests.api import Api
from tests.people import People, key
from tests.service_process import PROJECT_DIR

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize("accept", ["application/json", "*/*", "", "image/png", "application/json, text/html;q=0.9"])
def test_programs_get_links(accept: str) -> None:
    response = Api().get("/", headers={"Accept": accept})

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert "Accept" in response.headers["Vary"]
    assert response.json() == {
        "name": "Datasets API",
        "version": VERSION,
        "documentation": "http://testserver/api/schema/swagger-ui/",
        "openapi": "http://testserver/api/schema/",
        "openapi_v2": "http://testserver/v2/api/schema/",
        "health": "http://testserver/_readyz/",
        "projects": "http://testserver/api/projects/",
    }


@pytest.mark.parametrize("accept", [BROWSER, "text/html"])
def test_browsers_get_the_console(accept: str) -> None:
    response = Api().get("/", headers={"Accept": accept})

    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/html")
    assert "Accept" in response.headers["Vary"]
    assert "Content-Security-Policy" in response.headers


@pytest.mark.django_db
def test_each_link_works() -> None:
    owner = Api(key(People().owner))
    links = [link for link in Api().get("/").json().values() if link.startswith("http")]

    assert [owner.get(link.removeprefix("http://testserver")).status_code for link in links] == [200] * 5


def test_a_head_request_has_no_body() -> None:
    response = Api().ask("HEAD", "/")

    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_other_methods_are_not_allowed(method: str) -> None:
    assert Api().ask(method, "/").status_code == 405


def test_a_host_that_is_not_allowed_gets_no_links(settings: pytest.MonkeyPatch) -> None:
    settings.ALLOWED_HOSTS = ["datasets.example.com"]

    response = Api().get("/", headers={"Host": "evil.example.com"})

    assert response.status_code == 400
    assert response.json()["type"] == "invalid_request"


@pytest.mark.parametrize("file", ["openapi.yaml", "openapi-v2.yaml"])
def test_openapi_files_contain_the_version(file: str) -> None:
    assert yaml.safe_load((PROJECT_DIR / file).read_text(encoding="utf-8"))["info"]["version"] == VERSION
