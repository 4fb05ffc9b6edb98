"""Users create, list, show, roll and revoke their own keys; those of others are unknown."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from auth.api_keys.tokens import hash_key
from auth.models import PersonalAPIKey
from tests.api import FORM, Api, envelope
from tests.auth.api_keys import PATH, TwoOfThreeOrganizations, assert_permission_denied, key_request
from tests.people import People, key, key_row

pytestmark = pytest.mark.django_db

FIELDS = [
    "id",
    "label",
    "value",
    "mask_value",
    "created_at",
    "last_used_at",
    "last_rolled_at",
    "user_id",
    "scopes",
    "scoped_teams",
    "scoped_organizations",
]


def test_a_new_key_is_shown_once_and_works() -> None:
    people = People()
    api = Api(key(people.colleague))

    answer = api.post(PATH, {"label": "CI", "scopes": ["dataset:read"]})

    made = answer.json()
    assert answer.status_code == 201
    assert list(made) == FIELDS
    assert made | {"id": 0, "value": 0, "mask_value": 0, "created_at": 0} == {
        "id": 0,
        "label": "CI",
        "value": 0,
        "mask_value": 0,
        "created_at": 0,
        "last_used_at": None,
        "last_rolled_at": None,
        "user_id": people.colleague.id,
        "scopes": ["dataset:read"],
        "scoped_teams": None,
        "scoped_organizations": None,
    }
    assert made["mask_value"] == f"phx_...{made['value'][-4:]}"
    assert Api(made["value"]).get(f"/api/projects/{people.project.id}/datasets/").status_code == 200


def test_only_the_hash_and_mask_of_a_key_are_stored() -> None:
    people = People()

    made = Api(key(people.colleague)).post(PATH, key_request()).json()

    row = PersonalAPIKey.objects.filter(id=made["id"]).values().get()
    assert row["secure_value"] == hash_key(made["value"])
    assert row["mask_value"] == made["mask_value"]
    assert made["value"] not in str(row)


def test_keys_are_random_and_have_posthogs_format() -> None:
    api = Api(key(People().colleague))

    values = {api.post(PATH, key_request()).json()["value"] for _ in range(20)}

    assert len(values) == 20
    for value in values:
        assert value.startswith("phx_")
        assert value.removeprefix("phx_").isalnum()
        assert 46 <= len(value.removeprefix("phx_")) <= 48


def test_restrictions_are_stored_and_shown() -> None:
    tenants = TwoOfThreeOrganizations()

    made = tenants.api().post(
        PATH, key_request(scoped_teams=[tenants.one.id], scoped_organizations=[str(tenants.a.id).upper()])
    )

    assert made.json()["scoped_teams"] == [tenants.one.id]
    assert made.json()["scoped_organizations"] == [str(tenants.a.id)]
    restricted = Api(made.json()["value"])
    assert restricted.get(f"/api/projects/{tenants.one.id}/").status_code == 200
    assert restricted.get(f"/api/projects/{tenants.two.id}/").status_code == 403
    assert restricted.get(f"/api/projects/{tenants.three.id}/").status_code == 403


@pytest.mark.parametrize("empty", [None, []])
def test_null_and_empty_restrictions_restrict_nothing(empty: Any) -> None:
    tenants = TwoOfThreeOrganizations()

    made = tenants.api().post(PATH, key_request(scoped_teams=empty, scoped_organizations=empty)).json()

    assert (made["scoped_teams"], made["scoped_organizations"]) == (None, None)
    assert Api(made["value"]).get("/api/projects/").json()["count"] == 3


def test_a_form_creates_a_key() -> None:
    tenants = TwoOfThreeOrganizations()
    form = f"label=CI&scopes=dataset:read&scopes=project:read&scoped_teams={tenants.one.id}"

    made = tenants.api().post(PATH, form, content_type=FORM)

    assert made.status_code == 201
    assert made.json()["scopes"] == ["dataset:read", "project:read"]
    assert made.json()["scoped_teams"] == [tenants.one.id]


def test_read_only_fields_are_ignored() -> None:
    people = People()
    mine, theirs = key_row(people.colleague)[0], key_row(people.stranger)[0]
    sent = {
        "id": theirs.id,
        "user": people.stranger.id,
        "user_id": people.stranger.id,
        "value": "phx_chosen_by_the_client",
        "secure_value": theirs.secure_value,
        "mask_value": "phx_...mask",
        "last_used_at": "2020-01-01T00:00:00Z",
        "last_rolled_at": "2020-01-01T00:00:00Z",
        "created_at": "2020-01-01T00:00:00Z",
    }

    made = Api(key(people.colleague)).post(PATH, key_request() | sent).json()

    assert {name for name in sent if name in made and made[name] == sent[name]} == set()
    assert made["user_id"] == people.colleague.id
    assert PersonalAPIKey.objects.filter(id__in=[mine.id, theirs.id]).count() == 2
    assert Api("phx_chosen_by_the_client").get(PATH).status_code == 401


def test_the_list_is_a_plain_array_of_own_keys_newest_first_without_values() -> None:
    people = People()
    key_row(people.stranger)
    rows = [key_row(people.colleague)[0] for _ in range(3)]
    for days, row in enumerate(rows):
        PersonalAPIKey.objects.filter(id=row.id).update(created_at=datetime.now(UTC) - timedelta(days=days + 1))
    value = key(people.colleague)

    answer = Api(value).get(PATH)

    listed = answer.json()
    assert [each["id"] for each in listed[1:]] == [row.id for row in rows]
    assert {each["user_id"] for each in listed} == {people.colleague.id}
    assert {each["value"] for each in listed} == {None}
    assert [list(each) for each in listed] == [FIELDS] * 4
    assert value not in answer.content.decode()
    assert "sha256" not in answer.content.decode()


@pytest.mark.parametrize("path", ["", ".json"])
def test_the_list_has_all_path_spellings(path: str) -> None:
    api = Api(key(People().colleague))

    assert api.get(PATH.removesuffix("/") + path).status_code == 200
    assert api.post(PATH.removesuffix("/") + path, key_request()).status_code == 201


def test_a_key_is_shown_by_its_id_and_as_current() -> None:
    people = People()
    row, value = key_row(people.colleague)

    by_id = Api(value).get(f"{PATH}{row.id}/").json()
    current = Api(value).get(f"{PATH}@current/").json()

    assert by_id == current
    assert (current["id"], current["value"], current["mask_value"]) == (row.id, None, row.mask_value)


@pytest.mark.parametrize("suffix", ["roll/", "roll", "roll.json"])
def test_rolling_changes_only_the_value_of_a_key(suffix: str) -> None:
    tenants = TwoOfThreeOrganizations()
    row, value = key_row(tenants.wanda, "dataset:read", teams=[tenants.one.id])

    answer = tenants.api().post(f"{PATH}{row.id}/{suffix}")

    rolled = answer.json()
    assert answer.status_code == 200
    assert list(rolled) == FIELDS
    assert rolled["value"] != value
    assert rolled["mask_value"] == f"phx_...{rolled['value'][-4:]}"
    assert rolled["last_rolled_at"] is not None
    kept = (rolled["id"], rolled["label"], rolled["scopes"], rolled["scoped_teams"])
    assert kept == (row.id, row.label, ["dataset:read"], [tenants.one.id])
    assert Api(rolled["value"]).get(f"/api/projects/{tenants.one.id}/datasets/").status_code == 200
    assert Api(value).get(f"/api/projects/{tenants.one.id}/datasets/").status_code == 401


def test_a_revoked_key_is_gone() -> None:
    people = People()
    row, value = key_row(people.colleague)
    api = Api(key(people.colleague))

    answer = api.delete(f"{PATH}{row.id}/")

    assert (answer.status_code, answer.content) == (204, b"")
    assert api.get(f"{PATH}{row.id}/").status_code == 404
    assert api.delete(f"{PATH}{row.id}/").status_code == 404
    assert Api(value).get(PATH).status_code == 401


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_key_cannot_be_updated(method: str) -> None:
    people = People()
    row, _ = key_row(people.colleague, "dataset:read")

    answer = Api(key(people.colleague)).ask(method, f"{PATH}{row.id}/", key_request("*"))

    assert answer.status_code == 405
    row.refresh_from_db()
    assert row.scopes == ["dataset:read"]


def test_reading_and_creating_keys_need_different_scopes() -> None:
    people = People()
    row, _ = key_row(people.colleague, "dataset:read")
    reader, writer = (Api(key(people.colleague, f"personal_api_key:{action}")) for action in ("read", "write"))

    assert reader.get(PATH).status_code == 200
    assert_permission_denied(
        reader.post(PATH, key_request()), "API key missing required scope 'personal_api_key:write'"
    )
    assert_permission_denied(
        reader.post(f"{PATH}{row.id}/roll/"), "API key missing required scope 'personal_api_key:write'"
    )
    assert_permission_denied(
        reader.delete(f"{PATH}{row.id}/"), "API key missing required scope 'personal_api_key:write'"
    )
    assert writer.get(PATH).status_code == 200


# --- Keys of others --------------------------------------------------------------------------------------------------


def test_keys_of_others_are_unknown() -> None:
    people = People()
    theirs, value = key_row(people.owner)
    api = Api(key(people.colleague))
    before = PersonalAPIKey.objects.filter(id=theirs.id).values().get()

    for key_id in (theirs.id, uuid4().hex, theirs.label, "@me", "0", "x" * 300):
        for method, suffix in (("GET", ""), ("DELETE", ""), ("POST", "roll/")):
            answer = api.ask(method, f"{PATH}{key_id}/{suffix}")

            assert answer.status_code == 404
            assert envelope(answer)["detail"] == "Not found."
    assert PersonalAPIKey.objects.filter(id=theirs.id).values().get() == before
    assert Api(value).get(PATH).status_code == 200


@pytest.mark.parametrize("key_id", ["%00", "a%00b", "%ff", "%ed%a0%80"])
def test_an_id_that_postgresql_cannot_store_is_unknown(key_id: str) -> None:
    answer = Api(key(People().colleague)).get(f"{PATH}{key_id}/")

    assert answer.status_code == 404
