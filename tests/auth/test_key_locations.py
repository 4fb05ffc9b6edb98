"""The places in a request where a key is looked for."""

import json
from typing import Any

import pytest

from rest.body_limits import SMALL_BODY_BYTES
from tests.api import FORM, Api, envelope
from tests.auth.project_endpoint import ABSENT, ProjectEndpoint, invalid_key_error

pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    endpoint = ProjectEndpoint()

    answer = Api(endpoint.key).get(endpoint.path)

    assert answer.status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER ", "bEaReR ", "Bearer   ", "Bearer \t"])
def test_the_scheme_is_case_insensitive_and_any_whitespace_may_follow(scheme: str) -> None:
    endpoint = ProjectEndpoint()

    answer = Api().get(endpoint.path, headers={"authorization": scheme + endpoint.key})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer x", "Token {key}", "Basic {key}", "{key}", "Bearer{key}"]
)
def test_another_authorization_scheme_is_ignored(header: str) -> None:
    endpoint = ProjectEndpoint()

    answer = Api().get(endpoint.path, headers={"authorization": header.format(key=endpoint.key)})

    assert answer.status_code == 401
    assert envelope(answer) == ABSENT
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer x", "Token {key}", "Basic dXNlcjpwYXNz"])
def test_without_a_usable_header_the_body_and_then_the_query_are_searched(header: str | None) -> None:
    endpoint = ProjectEndpoint()
    headers = {"authorization": header.format(key=endpoint.key)} if header else {}

    in_json = Api().post(endpoint.path, {"name": "a", "personal_api_key": endpoint.key}, headers=headers)
    in_form = Api().post(endpoint.path, f"name=b&personal_api_key={endpoint.key}", content_type=FORM, headers=headers)
    in_query = Api().get(f"{endpoint.path}?personal_api_key={endpoint.key}", headers=headers)

    assert (in_json.status_code, in_form.status_code, in_query.status_code) == (201, 201, 200)


def test_a_key_may_be_in_a_multipart_body_or_the_body_of_a_get() -> None:
    endpoint = ProjectEndpoint()
    multipart = f'--x\r\nContent-Disposition: form-data; name="personal_api_key"\r\n\r\n{endpoint.key}\r\n--x--\r\n'

    for body, content_type in (
        (multipart, "multipart/form-data; boundary=x"),
        (json.dumps({"personal_api_key": endpoint.key}), "application/json"),
    ):
        assert Api().get(endpoint.path, body=body, content_type=content_type).status_code == 200


def test_only_the_first_key_found_is_tried() -> None:
    endpoint = ProjectEndpoint()
    wrong = "phx_wrong"

    for header, body, query, expected in (
        (wrong, endpoint.key, endpoint.key, "Authorization header"),
        (None, wrong, endpoint.key, "body"),
        (None, None, wrong, "query string"),
    ):
        answer = Api(header).post(
            endpoint.path + (f"?personal_api_key={query}" if query else ""),
            {"name": "x"} | ({"personal_api_key": body} if body else {}),
        )

        assert answer.status_code == 401
        assert envelope(answer) == invalid_key_error(expected)
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_invalid_keys_elsewhere_are_ignored_with_a_valid_key_in_the_header() -> None:
    endpoint = ProjectEndpoint()

    answer = Api(endpoint.key).post(f"{endpoint.path}?personal_api_key=wrong", {"name": "x", "personal_api_key": 7})

    assert answer.status_code == 201


@pytest.mark.parametrize(
    "value", [None, True, False, 7, 1.5, [], ["phx"], {}, {"a": 1}, "", "\ud800", "\0", "x" * 10_000]
)
def test_a_key_of_another_type_in_the_body_is_invalid(value: Any) -> None:
    endpoint = ProjectEndpoint()

    answer = Api().post(f"{endpoint.path}?personal_api_key={endpoint.key}", {"personal_api_key": value})

    assert answer.status_code == 401
    assert envelope(answer) == invalid_key_error("body")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", "application/json"),
        (b"\xff", "application/json"),
        (b"7", "application/json"),
        (b"null", "application/json"),
        (b'"personal_api_key"', "application/json"),
        (b'["personal_api_key"]', "application/json"),
        (b"[" * 5000, "application/json"),
        (b'{"a":' * 5000, "application/json"),
        (b"x", "text/plain"),
        (b"x", ""),
        (b"x", "nonsense"),
        (b"x", "multipart/form-data"),
        (b"x", "multipart/form-data; boundary=x"),
        pytest.param(b"&".join(b"a=1" for _ in range(1001)), FORM, id="1001 fields"),
        (b"%ff=%00", FORM),
    ],
)
def test_a_malformed_body_without_a_key_is_anonymous(body: bytes, content_type: str) -> None:
    endpoint = ProjectEndpoint()

    for method in ("POST", "GET"):
        answer = Api().ask(method, endpoint.path, body, content_type=content_type)

        assert answer.status_code == 401
        assert envelope(answer) == ABSENT


def test_a_malformed_body_does_not_hide_a_key_in_the_query() -> None:
    endpoint = ProjectEndpoint()

    answer = Api().post(f"{endpoint.path}?personal_api_key={endpoint.key}", "{")

    assert answer.status_code == 400
    assert envelope(answer)["code"] == "parse_error"


FILLING = json.dumps("x" * SMALL_BODY_BYTES)


@pytest.mark.parametrize("kind", ["JSON", "form"])
def test_a_key_in_a_large_body_is_ignored(kind: str) -> None:
    """Parsing it before access is decided could take seconds and a gigabyte."""
    endpoint = ProjectEndpoint()
    content_type = FORM if kind == "form" else "application/json"
    body = (
        f"personal_api_key={endpoint.key}&name={FILLING}"
        if kind == "form"
        else (f'{{"personal_api_key": "{endpoint.key}", "name": "a", "description": {FILLING}}}')
    )

    anonymous = Api().post(endpoint.path, body, content_type=content_type)
    by_header = Api(endpoint.key).post(endpoint.path, body, content_type=content_type)

    assert (anonymous.status_code, envelope(anonymous)) == (401, ABSENT)
    assert by_header.status_code == (400 if kind == "form" else 201)


@pytest.mark.parametrize(
    "text", [f"[{FILLING}]", FILLING, f"[{FILLING}", "[" * SMALL_BODY_BYTES * 2, " " * SMALL_BODY_BYTES * 2]
)
def test_a_large_body_that_is_not_an_object_has_no_key(text: str) -> None:
    endpoint = ProjectEndpoint()

    anonymous = Api().post(endpoint.path, text)
    by_query = Api().post(f"{endpoint.path}?personal_api_key={endpoint.key}", text)

    assert envelope(anonymous) == ABSENT
    assert by_query.status_code == 400


@pytest.mark.parametrize("status", [200, 304, 401, 404])
def test_responses_to_a_key_in_the_query_must_not_be_cached(status: int) -> None:
    """The URL alone gives access."""
    endpoint = ProjectEndpoint()
    made = Api(endpoint.key).post(endpoint.path, {"name": "x"})
    path = f"{endpoint.path}{'none' if status == 404 else made.json()['id']}/"
    etag = made.headers["ETag"]
    headers = {"If-None-Match": etag} if status == 304 else {}

    key = "wrong" if status == 401 else endpoint.key
    in_query = Api().get(f"{path}?personal_api_key={key}", headers=headers)
    in_header = Api(key).get(path, headers=headers)

    assert (in_query.status_code, in_query.headers["Cache-Control"]) == (status, "no-store")
    assert "Cache-Control" not in in_header.headers


def test_responses_to_a_malformed_query_must_not_be_cached() -> None:
    endpoint = ProjectEndpoint()

    answer = Api(endpoint.key).get(f"{endpoint.path}?{'&'.join(['a=1'] * 1001)}")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (400, "no-store")
