"""Which texts are keys and until when, and how those that are none are refused."""

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.authentication import is_jwt_of_other_algorithm
from auth.models import PersonalAPIKey
from tests.api import Api, envelope
from tests.auth.project_endpoint import ProjectEndpoint, authentication_error, invalid_key_error
from tests.people import key, key_row

pytestmark = pytest.mark.django_db
WRONG = ["phx_wrong", "xx", "a b", "phc_token", "phs_token", "pha", "PHA_x", "a.b", "a.b.c", "a.b.c.d", "...", "éé"]


def jwt(header: Any, *, payload: bytes = b"{}") -> str:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (text, payload, b"signature"))


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_key_is_invalid(text: str) -> None:
    asked = ProjectEndpoint()

    answer = Api().get(asked.path, headers={"authorization": f"Bearer {text}"})

    assert answer.status_code == 401
    assert envelope(answer) == invalid_key_error("Authorization header")


def test_a_right_key_with_something_added_or_missing_or_in_other_case_is_invalid() -> None:
    asked = ProjectEndpoint()
    almost = [
        asked.key + "x",
        asked.key[:-1],
        asked.key.swapcase(),
        f'"{asked.key}"',
        f"{asked.key} {asked.key}",
        f"{asked.key}\0",
    ]

    for text in almost:
        answer = Api().get(f"{asked.path}?personal_api_key={quote(text)}")

        assert envelope(answer) == invalid_key_error("query string")


def test_what_is_stored_of_a_key_is_no_key() -> None:
    asked = ProjectEndpoint()
    row = PersonalAPIKey.objects.get(user=asked.people.colleague)

    for text in (row.id, row.secure_value, row.secure_value.removeprefix("sha256$"), row.mask_value):
        assert Api(text).get(asked.path).status_code == 401


@pytest.mark.parametrize("text", ["pha_x", "pha_", "pha_abc.def.ghi"])
def test_an_oauth_token_is_refused_as_one(text: str) -> None:
    answer = Api(text).get(ProjectEndpoint().path)

    assert answer.status_code == 401
    assert envelope(answer) == authentication_error("Invalid access token.")


@pytest.mark.parametrize(
    "token",
    [
        jwt({"alg": "RS256", "typ": "JWT"}),
        jwt({"alg": "none"}),
        jwt({}),
        jwt({"alg": None}),
    ],
)
def test_a_jwt_of_another_algorithm_is_refused_as_one(token: str) -> None:
    answer = Api(token).get(ProjectEndpoint().path)

    assert answer.status_code == 401
    assert envelope(answer) == authentication_error("Token invalid.")


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(jwt({"alg": "HS256"}), id="HS256"),
        pytest.param(jwt([]), id="list"),
        pytest.param(jwt(7), id="number"),
        pytest.param(jwt(b"not json"), id="no JSON"),
        pytest.param(jwt(b"\xff\xfe"), id="no UTF-8"),
        pytest.param(jwt(b"[" * 5000), id="nested lists"),
        pytest.param(jwt(b'{"alg":' * 5000), id="nested objects"),
        pytest.param("!.!.!", id="no base64"),
    ],
)
def test_what_only_looks_like_a_jwt_is_tried_as_a_key(token: str) -> None:
    answer = Api(token).get(ProjectEndpoint().path)

    assert answer.status_code == 401
    assert envelope(answer) == invalid_key_error("Authorization header")


@given(st.text(max_size=60))
def test_no_text_is_too_odd_to_be_asked_whether_it_is_a_jwt(text: str) -> None:
    assert is_jwt_of_other_algorithm(f"{text}.{text}.{text}") in {True, False}


def test_the_key_of_an_inactive_user_is_invalid() -> None:
    asked = ProjectEndpoint()
    value = key(asked.people.inactive)

    assert envelope(Api(value).get(asked.path)) == invalid_key_error("Authorization header")
    assert envelope(Api().get(f"{asked.path}?personal_api_key={value}")) == invalid_key_error("query string")


def test_a_user_who_is_made_inactive_is_out_at_once() -> None:
    asked = ProjectEndpoint()
    api = Api(asked.key)
    assert api.get(asked.path).status_code == 200

    asked.people.colleague.is_active = False
    asked.people.colleague.save()

    assert api.get(asked.path).status_code == 401


def test_a_revoked_key_is_out_at_once() -> None:
    asked = ProjectEndpoint()
    row, value = key_row(asked.people.colleague)
    assert Api(value).get(asked.path).status_code == 200

    revoked = Api(asked.key).delete(f"/api/personal_api_keys/{row.id}/")

    assert revoked.status_code == 204
    assert Api(value).get(asked.path).status_code == 401
    assert Api(asked.key).get(asked.path).status_code == 200


def test_a_key_may_revoke_itself() -> None:
    asked = ProjectEndpoint()

    revoked = Api(asked.key).delete("/api/personal_api_keys/@current/")

    assert revoked.status_code == 204
    assert Api(asked.key).get(asked.path).status_code == 401


def test_a_rolled_key_is_out_at_once() -> None:
    asked = ProjectEndpoint()

    rolled = Api(asked.key).post("/api/personal_api_keys/@current/roll/")

    assert Api(asked.key).get(asked.path).status_code == 401
    assert Api(rolled.json()["value"]).get(asked.path).status_code == 200
