"""Invalid input for personal API keys."""

from typing import Any
from uuid import uuid4

import pytest

from auth.models import PersonalAPIKey
from tests.api import Api, envelope
from tests.auth.api_keys import PATH, TwoOfThreeOrganizations, key_request
from tests.people import People, key

pytestmark = pytest.mark.django_db

NOT_ALL_TEAMS = "You must be a member of all teams that you are scoping the key to."
NOT_ALL_ORGANIZATIONS = "You must be a member of all organizations that you are scoping the key to."


def test_restrictions_must_be_projects_and_organizations_of_the_user() -> None:
    tenants = TwoOfThreeOrganizations()
    api = tenants.api()

    for teams in ([tenants.four.id], [tenants.one.id, tenants.four.id], [987654321]):
        error = envelope(api.post(PATH, key_request(scoped_teams=teams)))
        assert (error["code"], error["detail"], error["attr"]) == ("invalid_input", NOT_ALL_TEAMS, "scoped_teams")
    for organizations in ([str(tenants.c.id)], [str(tenants.a.id), str(tenants.c.id)], [str(uuid4())]):
        error = envelope(api.post(PATH, key_request(scoped_organizations=organizations)))
        found = (error["code"], error["detail"], error["attr"])
        assert found == ("invalid_input", NOT_ALL_ORGANIZATIONS, "scoped_organizations")
    assert PersonalAPIKey.objects.filter(label="new").count() == 0


def test_a_former_member_cannot_restrict_a_key_to_the_organization() -> None:
    people = People()
    api = Api(key(people.former))

    assert envelope(api.post(PATH, key_request(scoped_teams=[people.project.id])))["attr"] == "scoped_teams"
    assert (
        envelope(api.post(PATH, key_request(scoped_organizations=[str(people.home.id)])))["attr"]
        == "scoped_organizations"
    )


@pytest.mark.parametrize(
    ("body", "code", "detail", "attr"),
    [
        ({}, "required", "This field is required.", "label"),
        ({"label": "x"}, "required", "This field is required.", "scopes"),
        (key_request(label=None), "null", "This field may not be null.", "label"),
        (key_request(label=""), "blank", "This field may not be blank.", "label"),
        (key_request(label="  "), "blank", "This field may not be blank.", "label"),
        (key_request(label="x" * 41), "max_length", "Ensure this field has no more than 40 characters.", "label"),
        (key_request(label=True), "invalid_input", "Not a valid string.", "label"),
        (key_request(label=[]), "invalid_input", "Not a valid string.", "label"),
        *(
            (
                key_request(label=f"a{character}b"),
                "control_characters_not_allowed",
                "Control characters are not allowed.",
                "label",
            )
            for character in "\x1b\r\n\t\x9b\u202e\u2066"
        ),
        (key_request(label="a\0"), "null_characters_not_allowed", "Null characters are not allowed.", "label"),
        (
            key_request(label="\ud800"),
            "surrogate_characters_not_allowed",
            "Surrogate characters are not allowed: U+D800.",
            "label",
        ),
        (key_request(scopes=None), "null", "This field may not be null.", "scopes"),
        (key_request(scopes=[]), "empty", "This list may not be empty.", "scopes"),
        (key_request(scopes="*"), "not_a_list", 'Expected a list of items but got type "str".', "scopes"),
        (key_request(scopes={"*": 1}), "not_a_list", 'Expected a list of items but got type "dict".', "scopes"),
        (key_request("dataset"), "invalid_input", "Invalid scope: dataset", "scopes__0"),
        (key_request("dataset:read", "dataset:admin"), "invalid_input", "Invalid scope: dataset:admin", "scopes__1"),
        (key_request("Dataset:read"), "invalid_input", "Invalid scope: Dataset:read", "scopes__0"),
        (key_request("*:read"), "invalid_input", "Invalid scope: *:read", "scopes__0"),
        (key_request("dataset:*"), "invalid_input", "Invalid scope: dataset:*", "scopes__0"),
        (
            key_request("dataset:read,dataset:write"),
            "invalid_input",
            "Invalid scope: dataset:read,dataset:write",
            "scopes__0",
        ),
        (key_request("\ud800"), "invalid_input", "Invalid scope: \ud800", "scopes__0"),
        (key_request(scopes=[None]), "null", "This field may not be null.", "scopes__0"),
        (key_request(scopes=[True]), "invalid_input", "Not a valid string.", "scopes__0"),
        (key_request(scopes=[["*"]]), "invalid_input", "Not a valid string.", "scopes__0"),
        (key_request(scopes=[""]), "blank", "This field may not be blank.", "scopes__0"),
        (key_request(scoped_teams=1), "not_a_list", 'Expected a list of items but got type "int".', "scoped_teams"),
        (key_request(scoped_teams=["x"]), "invalid_input", "A valid integer is required.", "scoped_teams__0"),
        (key_request(scoped_teams=[True]), "invalid_input", "A valid integer is required.", "scoped_teams__0"),
        (key_request(scoped_teams=[None]), "null", "This field may not be null.", "scoped_teams__0"),
        (
            key_request(scoped_teams=[0]),
            "min_value",
            "Ensure this value is greater than or equal to 1.",
            "scoped_teams__0",
        ),
        (
            key_request(scoped_teams=[2**63]),
            "max_value",
            "Ensure this value is less than or equal to 9223372036854775807.",
            "scoped_teams__0",
        ),
        (key_request(scoped_teams=[2**63 - 1]), "invalid_input", NOT_ALL_TEAMS, "scoped_teams"),
        (key_request(scoped_organizations=["x"]), "invalid_input", "Must be a valid UUID.", "scoped_organizations__0"),
        (key_request(scoped_organizations=[None]), "null", "This field may not be null.", "scoped_organizations__0"),
        (
            key_request(scoped_organizations=[2**200]),
            "invalid_input",
            "Must be a valid UUID.",
            "scoped_organizations__0",
        ),
        (
            key_request(scoped_organizations={}),
            "not_a_list",
            'Expected a list of items but got type "dict".',
            "scoped_organizations",
        ),
        ([], "invalid_input", "Invalid data. Expected a dictionary, but got list.", None),
        ("null", "null", "No data provided", None),
        ("7", "invalid_input", "Invalid data. Expected a dictionary, but got int.", None),
    ],
)
def test_invalid_input_is_a_400_with_the_envelope(body: Any, code: str, detail: str, attr: str | None) -> None:
    people = People()
    api = Api(key(people.colleague))
    before = PersonalAPIKey.objects.count()

    answer = api.post(PATH, body)

    assert answer.status_code == 400
    assert envelope(answer) == {"type": "validation_error", "code": code, "detail": detail, "attr": attr}
    assert PersonalAPIKey.objects.count() == before


def test_a_malformed_body_is_rejected() -> None:
    api = Api(key(People().colleague))

    assert envelope(api.post(PATH, "{"))["code"] == "parse_error"
    assert envelope(api.post(PATH, "x", content_type="text/plain"))["code"] == "unsupported_media_type"
