"""The OpenAPI file and its page are public; their errors use the envelope."""

import json
from typing import Any

import pytest
import yaml
from django.test import Client

from tests.contract.openapi_file import DOCUMENT, GOLDEN

FILE = "/api/schema/"
PAGE = "/api/schema/swagger-ui/"


@pytest.mark.parametrize("path", [FILE, FILE.rstrip("/")])
def test_file_is_yaml_by_default(client: Client, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/vnd.oai.openapi; charset=utf-8"
    assert answer["Content-Disposition"] == 'inline; filename="openapi.yaml"'
    assert answer.content == GOLDEN.read_bytes()


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        ("?format=json", "*/*", "application/vnd.oai.openapi+json"),
        ("", "application/json", "application/json"),
        ("", "application/vnd.oai.openapi+json", "application/vnd.oai.openapi+json"),
    ],
)
def test_file_is_json_when_asked_for(client: Client, query: str, accept: str, media_type: str) -> None:
    answer = client.get(FILE + query, headers={"accept": accept})

    assert answer["Content-Type"] == media_type
    assert json.loads(answer.content) == DOCUMENT


def test_file_is_yaml_when_asked_for(client: Client) -> None:
    answer = client.get(FILE, {"format": "yaml"}, headers={"accept": "application/json, */*"})

    assert yaml.safe_load(answer.content) == DOCUMENT


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

    answer = client.generic(method, path + query, headers={"accept": accept})

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/json"
    assert json.loads(answer.content) == {"type": "invalid_request", "code": code, "detail": detail, "attr": None}


@pytest.mark.parametrize("path", [FILE, PAGE])
@pytest.mark.parametrize("accept", ["*/*", "application/json"])
def test_options_lists_the_methods(client: Client, path: str, accept: str) -> None:
    answer = client.options(path, headers={"accept": accept})

    described: dict[str, Any] = json.loads(answer.content)
    assert answer.status_code == 200
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
    assert list(described) == ["name", "description", "renders", "parses"]


def test_page_names_only_files_of_this_server(client: Client) -> None:
    html = client.get(PAGE).content.decode()

    assert "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js" in html
    assert "//" not in html.replace("<!DOCTYPE html>", "")
