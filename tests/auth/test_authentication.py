"""Where a key is looked for, which texts are keys, and what using one leaves behind."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import RequestFactory
from django.urls import resolve
from hypothesis import given
from hypothesis import strategies as st

from auth.authentication import is_jwt_of_other_algorithm
from auth.models import PersonalAPIKey
from tests.api import FORM, Api, envelope
from tests.items.rows import dataset, item
from tests.people import Everyone, key, key_row

pytestmark = pytest.mark.django_db

ABSENT = {
    "type": "authentication_error",
    "code": "not_authenticated",
    "detail": "Authentication credentials were not provided.",
    "attr": None,
}


def refused(detail: str) -> dict[str, Any]:
    return {"type": "authentication_error", "code": "authentication_failed", "detail": detail, "attr": None}


def invalid_in(place: str) -> dict[str, Any]:
    return refused(f"Personal API key found in request {place} is invalid.")


def jwt(header: Any, *, payload: bytes = b"{}") -> str:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (text, payload, b"signature"))


class Asked:
    """A project with a dataset, and a right key for it."""

    def __init__(self) -> None:
        self.people = Everyone()
        self.key = key(self.people.colleague)
        self.path = f"/api/projects/{self.people.project.id}/datasets/"


# --- Where a key may stand -------------------------------------------------------------------------------------------


def test_a_right_key_is_let_in() -> None:
    asked = Asked()

    answer = Api(asked.key).get(asked.path)

    assert answer.status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER ", "bEaReR ", "Bearer   ", "Bearer \t"])
def test_the_scheme_is_case_insensitive_and_white_space_after_it_is_free(scheme: str) -> None:
    asked = Asked()

    answer = Api().get(asked.path, headers={"authorization": scheme + asked.key})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer x", "Token {key}", "Basic {key}", "{key}", "Bearer{key}"]
)
def test_another_authorization_header_counts_as_none(header: str) -> None:
    asked = Asked()

    answer = Api().get(asked.path, headers={"authorization": header.format(key=asked.key)})

    assert answer.status_code == 401
    assert envelope(answer) == ABSENT
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer x", "Token {key}", "Basic dXNlcjpwYXNz"])
def test_without_a_usable_header_the_body_and_then_the_query_are_searched(header: str | None) -> None:
    asked = Asked()
    headers = {"authorization": header.format(key=asked.key)} if header else {}

    in_json = Api().post(asked.path, {"name": "a", "personal_api_key": asked.key}, headers=headers)
    in_form = Api().post(asked.path, f"name=b&personal_api_key={asked.key}", content_type=FORM, headers=headers)
    in_query = Api().get(f"{asked.path}?personal_api_key={asked.key}", headers=headers)

    assert (in_json.status_code, in_form.status_code, in_query.status_code) == (201, 201, 200)


def test_a_key_may_stand_in_a_multipart_body_and_in_that_of_a_get() -> None:
    asked = Asked()
    multipart = f'--x\r\nContent-Disposition: form-data; name="personal_api_key"\r\n\r\n{asked.key}\r\n--x--\r\n'

    for body, content_type in (
        (multipart, "multipart/form-data; boundary=x"),
        (json.dumps({"personal_api_key": asked.key}), "application/json"),
    ):
        assert Api().get(asked.path, body=body, content_type=content_type).status_code == 200


def test_only_the_first_key_found_is_tried() -> None:
    asked = Asked()
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
        assert envelope(answer) == invalid_in(expected)
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_right_key_in_the_header_makes_wrong_ones_elsewhere_irrelevant() -> None:
    asked = Asked()

    answer = Api(asked.key).post(f"{asked.path}?personal_api_key=wrong", {"name": "x", "personal_api_key": 7})

    assert answer.status_code == 201


@pytest.mark.parametrize(
    "value", [None, True, False, 7, 1.5, [], ["phx"], {}, {"a": 1}, "", "\ud800", "\0", "x" * 100_000]
)
def test_a_key_in_a_body_that_is_no_key_is_a_wrong_one(value: Any) -> None:
    asked = Asked()

    answer = Api().post(f"{asked.path}?personal_api_key={asked.key}", {"personal_api_key": value})

    assert answer.status_code == 401
    assert envelope(answer) == invalid_in("body")


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
    asked = Asked()

    for method in ("POST", "GET"):
        answer = Api().ask(method, asked.path, body, content_type=content_type)

        assert answer.status_code == 401
        assert envelope(answer) == ABSENT


def test_an_odd_body_does_not_hide_a_key_in_the_query() -> None:
    asked = Asked()

    answer = Api().post(f"{asked.path}?personal_api_key={asked.key}", "{")

    assert answer.status_code == 400
    assert envelope(answer)["code"] == "parse_error"


# --- Which texts are keys --------------------------------------------------------------------------------------------


WRONG = ["phx_wrong", "xx", "a b", "phc_token", "phs_token", "pha", "PHA_x", "a.b", "a.b.c", "a.b.c.d", "...", "éé"]


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_key_is_invalid(text: str) -> None:
    asked = Asked()

    answer = Api().get(asked.path, headers={"authorization": f"Bearer {text}"})

    assert answer.status_code == 401
    assert envelope(answer) == invalid_in("Authorization header")


def test_a_right_key_with_something_added_or_missing_or_in_other_case_is_invalid() -> None:
    asked = Asked()
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

        assert envelope(answer) == invalid_in("query string")


def test_what_is_stored_of_a_key_is_no_key() -> None:
    asked = Asked()
    row = PersonalAPIKey.objects.get(user=asked.people.colleague)

    for text in (row.id, row.secure_value, row.secure_value.removeprefix("sha256$"), row.mask_value):
        assert Api(text).get(asked.path).status_code == 401


@pytest.mark.parametrize("text", ["pha_x", "pha_", "pha_abc.def.ghi"])
def test_an_oauth_token_is_refused_as_one(text: str) -> None:
    answer = Api(text).get(Asked().path)

    assert answer.status_code == 401
    assert envelope(answer) == refused("Invalid access token.")


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
    answer = Api(token).get(Asked().path)

    assert answer.status_code == 401
    assert envelope(answer) == refused("Token invalid.")


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
    answer = Api(token).get(Asked().path)

    assert answer.status_code == 401
    assert envelope(answer) == invalid_in("Authorization header")


@given(st.text(max_size=60))
def test_no_text_is_too_odd_to_be_asked_whether_it_is_a_jwt(text: str) -> None:
    assert is_jwt_of_other_algorithm(f"{text}.{text}.{text}") in {True, False}


def test_the_key_of_an_inactive_user_is_invalid() -> None:
    asked = Asked()
    value = key(asked.people.inactive)

    assert envelope(Api(value).get(asked.path)) == invalid_in("Authorization header")
    assert envelope(Api().get(f"{asked.path}?personal_api_key={value}")) == invalid_in("query string")


def test_a_user_who_is_made_inactive_is_out_at_once() -> None:
    asked = Asked()
    api = Api(asked.key)
    assert api.get(asked.path).status_code == 200

    asked.people.colleague.is_active = False
    asked.people.colleague.save()

    assert api.get(asked.path).status_code == 401


def test_a_revoked_key_is_out_at_once() -> None:
    asked = Asked()
    row, value = key_row(asked.people.colleague)
    assert Api(value).get(asked.path).status_code == 200

    revoked = Api(asked.key).delete(f"/api/personal_api_keys/{row.id}/")

    assert revoked.status_code == 204
    assert Api(value).get(asked.path).status_code == 401
    assert Api(asked.key).get(asked.path).status_code == 200


def test_a_key_may_revoke_itself() -> None:
    asked = Asked()

    revoked = Api(asked.key).delete("/api/personal_api_keys/@current/")

    assert revoked.status_code == 204
    assert Api(asked.key).get(asked.path).status_code == 401


def test_a_rolled_key_is_out_at_once() -> None:
    asked = Asked()

    rolled = Api(asked.key).post("/api/personal_api_keys/@current/roll/")

    assert Api(asked.key).get(asked.path).status_code == 401
    assert Api(rolled.json()["value"]).get(asked.path).status_code == 200


# --- No key leaves the service ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["personal_api_key", "personal%5Fapi%5Fkey", "%70ersonal_api_key"])
@pytest.mark.parametrize("resource", ["datasets/", "datasets", "dataset_items/", "dataset_items.json"])
def test_no_link_echoes_a_key(name: str, resource: str) -> None:
    asked = Asked()
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
    asked = Asked()

    answer = Api().get(f"/api/projects/?personal_api_key={asked.key}&limit=1&offset=1")

    assert answer.json()["previous"] == "http://testserver/api/projects/?limit=1"
    assert asked.key not in answer.content.decode()


def test_no_error_and_no_log_line_echoes_a_key(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    asked = Asked()
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
    asked = Asked()
    query = f"?personal_api_key={asked.key}&search=x&limit={asked.key}&script={asked.key}"

    for tail in (query, query.partition("&")[0]):
        answer = Api().ask(method, path.format(base=asked.path) + tail, headers={"x-other": asked.key})

        assert "Location" not in answer.headers
        assert asked.key not in str(answer.headers)
        assert asked.key not in answer.content.decode()


# --- last_used_at ----------------------------------------------------------------------------------------------------


def used_at(value_of: PersonalAPIKey) -> datetime | None:
    value_of.refresh_from_db()
    return value_of.last_used_at


def key_used(ago: timedelta | None) -> tuple[Asked, PersonalAPIKey, str]:
    asked = Asked()
    row, value = key_row(asked.people.colleague)
    row.last_used_at = None if ago is None else datetime.now(UTC) - ago
    row.save()
    return asked, row, value


@pytest.mark.parametrize("ago", [None, timedelta(hours=1, seconds=1), timedelta(days=400)])
def test_use_is_recorded_for_a_key_unused_for_an_hour(ago: timedelta | None) -> None:
    asked, row, value = key_used(ago)

    Api(value).get(asked.path)

    now = used_at(row)
    assert now is not None
    assert datetime.now(UTC) - now < timedelta(seconds=10)


@pytest.mark.parametrize("ago", [timedelta(0), timedelta(minutes=1), timedelta(minutes=59, seconds=50)])
def test_use_is_not_recorded_anew_within_the_hour(ago: timedelta) -> None:
    asked, row, value = key_used(ago)
    before = used_at(row)

    Api(value).get(asked.path)

    assert used_at(row) == before


def test_one_of_many_requests_records_the_use() -> None:
    asked, row, value = key_used(None)
    Api(value).get(asked.path)
    before = used_at(row)

    for _ in range(3):
        Api(value).get(asked.path)

    assert used_at(row) == before


@pytest.mark.parametrize("place", ["body", "query"])
def test_use_is_recorded_wherever_the_key_stood(place: str) -> None:
    asked, row, value = key_used(None)

    if place == "body":
        Api().post(asked.path, {"name": "x", "personal_api_key": value})
    else:
        Api().get(f"{asked.path}?personal_api_key={value}")

    assert used_at(row)


def test_use_is_recorded_after_the_answer_has_gone_out() -> None:
    asked, row, value = key_used(None)
    match = resolve(asked.path)
    request = RequestFactory().get(asked.path, headers={"authorization": f"Bearer {value}"})

    answer = match.func(request, **match.kwargs).render()

    assert used_at(row) is None
    # Closing an answer also closes connections, which the test's transaction must outlive.
    request_finished.disconnect(close_old_connections)
    answer.close()
    request_finished.connect(close_old_connections)
    assert used_at(row)


def test_a_wrong_key_touches_no_row() -> None:
    asked, row, _ = key_used(None)

    Api("phx_wrong").get(asked.path)

    assert used_at(row) is None
