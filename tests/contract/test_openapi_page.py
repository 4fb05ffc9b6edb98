"""The OpenAPI file and its page are public; their errors use the envelope."""

import json
import re
from typing import Any

import pytest
import yaml
from django.test import Client

from tests.contract.openapi_file import DOCUMENT, GOLDEN

FILE = "/api/schema/"
PAGE = "/api/schema/swagger-ui/"


@pytest.mark.parametrize("path", [FILE, FILE.rstrip("/")])
def test_file_is_yaml_by_default(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 200
    assert response["Content-Type"] == "application/vnd.oai.openapi; charset=utf-8"
    assert response["Content-Disposition"] == 'inline; filename="openapi.yaml"'
    assert response.content == GOLDEN.read_bytes()


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        ("?format=json", "*/*", "application/vnd.oai.openapi+json"),
        ("", "application/json", "application/json"),
        ("", "application/vnd.oai.openapi+json", "application/vnd.oai.openapi+json"),
    ],
)
def test_file_is_json_when_asked_for(client: Client, query: str, accept: str, media_type: str) -> None:
    response = client.get(FILE + query, headers={"accept": accept})

    assert response["Content-Type"] == media_type
    assert json.loads(response.content) == DOCUMENT


def test_file_is_yaml_when_asked_for(client: Client) -> None:
    response = client.get(FILE, {"format": "yaml"}, headers={"accept": "application/json, */*"})

    assert yaml.safe_load(response.content) == DOCUMENT


@pytest.mark.parametrize("path", [FILE, PAGE])
def test_head_responds_like_get(client: Client, path: str) -> None:
    head = client.head(path)

    assert head.status_code == 200
    assert head["Content-Type"] == client.get(path)["Content-Type"]
    assert head.content == b""


@pytest.mark.parametrize("path", [FILE, PAGE])
@pytest.mark.parametrize(
    ("method", "query", "accept", "error"),
    [
        ("GET", "?format=xml", "*/*", (404, "not_found", "Not found.")),
        ("GET", "", "image/png", (406, "not_acceptable", "Could not satisfy the request Accept header.")),
        ("POST", "", "*/*", (405, "method_not_allowed", 'Method "POST" not allowed.')),
        ("DELETE", "", "*/*", (405, "method_not_allowed", 'Method "DELETE" not allowed.')),
    ],
)
def test_errors_are_in_the_envelope(
    client: Client, path: str, method: str, query: str, accept: str, *, error: tuple[int, str, str]
) -> None:
    status, code, detail = error

    response = client.generic(method, path + query, headers={"accept": accept})

    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    assert json.loads(response.content) == {"type": "invalid_request", "code": code, "detail": detail, "attr": None}


@pytest.mark.parametrize("path", [FILE, PAGE])
@pytest.mark.parametrize("accept", ["*/*", "application/json"])
def test_options_lists_the_methods(client: Client, path: str, accept: str) -> None:
    response = client.options(path, headers={"accept": accept})

    described: dict[str, Any] = json.loads(response.content)
    assert response.status_code == 200
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert list(described) == ["name", "description", "renders", "parses"]


def test_page_names_only_files_of_this_server(client: Client) -> None:
    html = client.get(PAGE).content.decode()

    assert "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js" in html
    assert "//" not in html.replace("<!DOCTYPE html>", "")


@pytest.mark.parametrize("query", ["environments=false", "environments=0&format=json"])
def test_file_without_the_deprecated_prefix(client: Client, query: str) -> None:
    half = yaml.safe_load(client.get(f"{FILE}?{query}").content)

    assert half["paths"] == {path: each for path, each in DOCUMENT["paths"].items() if "/environments/" not in path}
    assert half | {"paths": DOCUMENT["paths"]} == DOCUMENT


def test_page_shows_half_the_file(client: Client) -> None:
    script = client.get(f"{PAGE}?script=").content.decode()

    [url] = re.findall(r'^  url: "(.*)",$', script, re.MULTILINE)
    assert json.loads(f'"{url}"') == f"{FILE.rstrip('/')}?format=json&environments=false"
