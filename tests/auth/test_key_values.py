"""Valid, invalid, revoked and rolled keys, and tokens of other kinds."""

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
INVALID = ["phx_wrong", "xx", "a b", "phc_token", "phs_token", "pha", "PHA_x", "a.b", "a.b.c", "a.b.c.d", "...", "éé"]


def jwt(header: Any, *, payload: bytes = b"{}") -> str:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (text, payload, b"signature"))


@pytest.mark.parametrize("text", INVALID)
def test_an_unknown_key_is_invalid(text: str) -> None:
    endpoint = ProjectEndpoint()

    answer = Api().get(endpoint.path, headers={"authorization": f"Bearer {text}"})

    assert answer.status_code == 401
    assert envelope(answer) == invalid_key_error("Authorization header")


def test_a_slightly_changed_key_is_invalid() -> None:
    endpoint = ProjectEndpoint()
    almost = [
        endpoint.key + "x",
        endpoint.key[:-1],
        endpoint.key.swapcase(),
        f'"{endpoint.key}"',
        f"{endpoint.key} {endpoint.key}",
        f"{endpoint.key}\0",
    ]

    for text in almost:
        answer = Api().get(f"{endpoint.path}?personal_api_key={quote(text)}")

        assert envelope(answer) == invalid_key_error("query string")


def test_stored_values_of_a_key_are_not_keys() -> None:
    endpoint = ProjectEndpoint()
    row = PersonalAPIKey.objects.get(user=endpoint.people.colleague)

    for text in (row.id, row.secure_value, row.secure_value.removeprefix("sha256$"), row.mask_value):
        assert Api(text).get(endpoint.path).status_code == 401


@pytest.mark.parametrize("text", ["pha_x", "pha_", "pha_abc.def.ghi"])
def test_an_oauth_token_is_an_invalid_access_token(text: str) -> None:
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
def test_a_jwt_with_another_algorithm_is_an_invalid_token(token: str) -> None:
    answer = Api(token).get(ProjectEndpoint().path)

    assert answer.status_code == 401
    assert envelope(answer) == authentication_error("Token invalid.")


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(jwt({"alg": "HS256"}), id="HS256"),
        pytest.param(jwt([]), id="list"),
        pytest.param(jwt(7), id="number"),
        pytest.param(jwt(b"not json"), id="not JSON"),
        pytest.param(jwt(b"\xff\xfe"), id="not UTF-8"),
        pytest.param(jwt(b"[" * 5000), id="nested lists"),
        pytest.param(jwt(b'{"alg":' * 5000), id="nested objects"),
        pytest.param("!.!.!", id="not base64"),
    ],
)
def test_a_token_that_only_resembles_a_jwt_is_tried_as_a_key(token: str) -> None:
    answer = Api(token).get(ProjectEndpoint().path)

    assert answer.status_code == 401
    assert envelope(answer) == invalid_key_error("Authorization header")


@given(st.text(max_size=60))
def test_the_jwt_check_accepts_any_text(text: str) -> None:
    assert is_jwt_of_other_algorithm(f"{text}.{text}.{text}") in {True, False}


def test_the_key_of_an_inactive_user_is_invalid() -> None:
    endpoint = ProjectEndpoint()
    value = key(endpoint.people.inactive)

    assert envelope(Api(value).get(endpoint.path)) == invalid_key_error("Authorization header")
    assert envelope(Api().get(f"{endpoint.path}?personal_api_key={value}")) == invalid_key_error("query string")


def test_deactivating_a_user_invalidates_the_key_at_once() -> None:
    endpoint = ProjectEndpoint()
    api = Api(endpoint.key)
    assert api.get(endpoint.path).status_code == 200

    endpoint.people.colleague.is_active = False
    endpoint.people.colleague.save()

    assert api.get(endpoint.path).status_code == 401


def test_a_revoked_key_is_invalid_at_once() -> None:
    endpoint = ProjectEndpoint()
    row, value = key_row(endpoint.people.colleague)
    assert Api(value).get(endpoint.path).status_code == 200

    revoked = Api(endpoint.key).delete(f"/api/personal_api_keys/{row.id}/")

    assert revoked.status_code == 204
    assert Api(value).get(endpoint.path).status_code == 401
    assert Api(endpoint.key).get(endpoint.path).status_code == 200


def test_a_key_may_revoke_itself() -> None:
    endpoint = ProjectEndpoint()

    revoked = Api(endpoint.key).delete("/api/personal_api_keys/@current/")

    assert revoked.status_code == 204
    assert Api(endpoint.key).get(endpoint.path).status_code == 401


def test_a_rolled_key_is_invalid_at_once() -> None:
    endpoint = ProjectEndpoint()

    rolled = Api(endpoint.key).post("/api/personal_api_keys/@current/roll/")

    assert Api(endpoint.key).get(endpoint.path).status_code == 401
    assert Api(rolled.json()["value"]).get(endpoint.path).status_code == 200
