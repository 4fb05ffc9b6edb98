"""Where a key is looked for, and what counts as none."""

import json
from typing import Any

import pytest

from rest.uploads import SMALL_BODY_BYTES
from tests.api import FORM, Api, envelope
from tests.auth.project_endpoint import ABSENT, ProjectEndpoint, invalid_key_error

pytestmark = pytest.mark.django_db


def test_a_right_key_is_let_in() -> None:
    asked = ProjectEndpoint()

    answer = Api(asked.key).get(asked.path)

    assert answer.status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER ", "bEaReR ", "Bearer   ", "Bearer \t"])
def test_the_scheme_is_case_insensitive_and_white_space_after_it_is_free(scheme: str) -> None:
    asked = ProjectEndpoint()

    answer = Api().get(asked.path, headers={"authorization": scheme + asked.key})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer x", "Token {key}", "Basic {key}", "{key}", "Bearer{key}"]
)
def test_another_authorization_header_counts_as_none(header: str) -> None:
    asked = ProjectEndpoint()

    answer = Api().get(asked.path, headers={"authorization": header.format(key=asked.key)})

    assert answer.status_code == 401
    assert envelope(answer) == ABSENT
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer x", "Token {key}", "Basic dXNlcjpwYXNz"])
def test_without_a_usable_header_the_body_and_then_the_query_are_searched(header: str | None) -> None:
    asked = ProjectEndpoint()
    headers = {"authorization": header.format(key=asked.key)} if header else {}

    in_json = Api().post(asked.path, {"name": "a", "personal_api_key": asked.key}, headers=headers)
    in_form = Api().post(asked.path, f"name=b&personal_api_key={asked.key}", content_type=FORM, headers=headers)
    in_query = Api().get(f"{asked.path}?personal_api_key={asked.key}", headers=headers)

    assert (in_json.status_code, in_form.status_code, in_query.status_code) == (201, 201, 200)


def test_a_key_may_stand_in_a_multipart_body_and_in_that_of_a_get() -> None:
    asked = ProjectEndpoint()
    multipart = f'--x\r\nContent-Disposition: form-data; name="personal_api_key"\r\n\r\n{asked.key}\r\n--x--\r\n'

    for body, content_type in (
        (multipart, "multipart/form-data; boundary=x"),
        (json.dumps({"personal_api_key": asked.key}), "application/json"),
    ):
        assert Api().get(asked.path, body=body, content_type=content_type).status_code == 200


def test_only_the_first_key_found_is_tried() -> None:
    asked = ProjectEndpoint()
    wrong = "phx_wrong"

    for header, body, query, expected in (
        (wrong, asked.key, asked.key, "Authorization header"),
        (None, wrong, asked.key, "body"),
        (None, None, wrong, "query string"),
    ):
        answer = Api(header).post(
            asked.path + (f"?personal_api_key={query}" if query else ""),
            {"name": "x"} | ({"personal_api_key": body} if body else {}),
        )

        assert answer.status_code == 401
        assert envelope(answer) == invalid_key_error(expected)
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_right_key_in_the_header_makes_wrong_ones_elsewhere_irrelevant() -> None:
    asked = ProjectEndpoint()

    answer = Api(asked.key).post(f"{asked.path}?personal_api_key=wrong", {"name": "x", "personal_api_key": 7})

    assert answer.status_code == 201


@pytest.mark.parametrize(
    "value", [None, True, False, 7, 1.5, [], ["phx"], {}, {"a": 1}, "", "\ud800", "\0", "x" * 10_000]
)
def test_a_key_in_a_body_that_is_no_key_is_a_wrong_one(value: Any) -> None:
    asked = ProjectEndpoint()

    answer = Api().post(f"{asked.path}?personal_api_key={asked.key}", {"personal_api_key": value})

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
def test_a_request_with_an_odd_body_and_no_key_is_anonymous(body: bytes, content_type: str) -> None:
    asked = ProjectEndpoint()

    for method in ("POST", "GET"):
        answer = Api().ask(method, asked.path, body, content_type=content_type)

        assert answer.status_code == 401
        assert envelope(answer) == ABSENT


def test_an_odd_body_does_not_hide_a_key_in_the_query() -> None:
    asked = ProjectEndpoint()

    answer = Api().post(f"{asked.path}?personal_api_key={asked.key}", "{")

    assert answer.status_code == 400
    assert envelope(answer)["code"] == "parse_error"


FILLING = json.dumps("x" * SMALL_BODY_BYTES)


@pytest.mark.parametrize("kind", ["JSON", "form"])
def test_no_key_is_looked_for_in_a_long_body(kind: str) -> None:
    """It would cost seconds and a gigabyte before anybody knows who sends it."""
    asked = ProjectEndpoint()
    content_type = FORM if kind == "form" else "application/json"
    body = (
        f"personal_api_key={asked.key}&name={FILLING}"
        if kind == "form"
        else (f'{{"personal_api_key": "{asked.key}", "name": "a", "description": {FILLING}}}')
    )

    anonymous = Api().post(asked.path, body, content_type=content_type)
    by_header = Api(asked.key).post(asked.path, body, content_type=content_type)

    assert (anonymous.status_code, envelope(anonymous)) == (401, ABSENT)
    assert by_header.status_code == (400 if kind == "form" else 201)


@pytest.mark.parametrize(
    "text", [f"[{FILLING}]", FILLING, f"[{FILLING}", "[" * SMALL_BODY_BYTES * 2, " " * SMALL_BODY_BYTES * 2]
)
def test_a_long_body_that_is_no_object_has_no_key(text: str) -> None:
    asked = ProjectEndpoint()

    anonymous = Api().post(asked.path, text)
    by_query = Api().post(f"{asked.path}?personal_api_key={asked.key}", text)

    assert envelope(anonymous) == ABSENT
    assert by_query.status_code == 400


@pytest.mark.parametrize("status", [200, 304, 401, 404])
def test_what_a_key_in_the_query_opens_is_not_to_be_kept(status: int) -> None:
    """The address alone opens it."""
    asked = ProjectEndpoint()
    made = Api(asked.key).post(asked.path, {"name": "x"})
    path = f"{asked.path}{'none' if status == 404 else made.json()['id']}/"
    etag = made.headers["ETag"]
    headers = {"If-None-Match": etag} if status == 304 else {}

    key = "wrong" if status == 401 else asked.key
    in_query = Api().get(f"{path}?personal_api_key={key}", headers=headers)
    in_header = Api(key).get(path, headers=headers)

    assert (in_query.status_code, in_query.headers["Cache-Control"]) == (status, "no-store")
    assert "Cache-Control" not in in_header.headers


def test_what_a_query_that_cannot_be_read_gets_is_not_to_be_kept() -> None:
    asked = ProjectEndpoint()

    answer = Api(asked.key).get(f"{asked.path}?{'&'.join(['a=1'] * 1001)}")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (400, "no-store")
