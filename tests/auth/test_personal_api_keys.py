"""One's own keys. What matters most: no key can be used to get a stronger one."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from typing import Any
from uuid import uuid4

import pytest

from auth.keys import hash_key
from auth.models import PersonalAPIKey
from tests.api import FORM, Api, envelope
from tests.people import OWNER, Everyone, key, key_row, organization, person, project, unscoped_key

pytestmark = pytest.mark.django_db

PATH = "/api/personal_api_keys/"
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
BEYOND_SCOPES = "A key cannot make or roll a key with scopes that it does not have itself."
BEYOND_PROJECTS = "A key cannot make or roll a key with access to more projects than its own."
BEYOND_ORGANIZATIONS = "A key cannot make or roll a key with access to more organizations than its own."


def wanted(*scopes: str, **more: Any) -> dict[str, Any]:
    return {"label": "new", "scopes": list(scopes or ("*",))} | more


def assert_refused(answer: Any, detail: str) -> None:
    assert answer.status_code == 403, answer.content
    assert envelope(answer) == {
        "type": "authentication_error",
        "code": "permission_denied",
        "detail": detail,
        "attr": None,
    }


class Belongings:
    """Wanda owns organisations A (projects 1 and 2) and B (project 3); C (project 4) is not hers."""

    def __init__(self) -> None:
        self.a, self.b, self.c = (organization(name) for name in "ABC")
        self.one, self.two = project("1", self.a), project("2", self.a)
        self.three, self.four = project("3", self.b), project("4", self.c)
        self.wanda = person("wanda", self.a, self.b, level=OWNER)

    def api(self, *scopes: str, **restrictions: Any) -> Api:
        return Api(key(self.wanda, *scopes, **restrictions))


# --- Create, list, show, roll, revoke --------------------------------------------------------------------------------


def test_a_new_key_is_shown_once_and_works() -> None:
    people = Everyone()
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


def test_a_key_is_kept_as_its_hash_and_mask_alone() -> None:
    people = Everyone()

    made = Api(key(people.colleague)).post(PATH, wanted()).json()

    row = PersonalAPIKey.objects.filter(id=made["id"]).values().get()
    assert row["secure_value"] == hash_key(made["value"])
    assert row["mask_value"] == made["mask_value"]
    assert made["value"] not in str(row)


def test_keys_are_random_and_of_posthogs_shape() -> None:
    api = Api(key(Everyone().colleague))

    values = {api.post(PATH, wanted()).json()["value"] for _ in range(20)}

    assert len(values) == 20
    for value in values:
        assert value.startswith("phx_")
        assert value.removeprefix("phx_").isalnum()
        assert 46 <= len(value.removeprefix("phx_")) <= 48


def test_restrictions_are_kept_and_shown() -> None:
    world = Belongings()

    made = world.api().post(PATH, wanted(scoped_teams=[world.one.id], scoped_organizations=[str(world.a.id).upper()]))

    assert made.json()["scoped_teams"] == [world.one.id]
    assert made.json()["scoped_organizations"] == [str(world.a.id)]
    restricted = Api(made.json()["value"])
    assert restricted.get(f"/api/projects/{world.one.id}/").status_code == 200
    assert restricted.get(f"/api/projects/{world.two.id}/").status_code == 403
    assert restricted.get(f"/api/projects/{world.three.id}/").status_code == 403


@pytest.mark.parametrize("empty", [None, []])
def test_null_and_empty_restrictions_restrict_nothing(empty: Any) -> None:
    world = Belongings()

    made = world.api().post(PATH, wanted(scoped_teams=empty, scoped_organizations=empty)).json()

    assert (made["scoped_teams"], made["scoped_organizations"]) == (None, None)
    assert Api(made["value"]).get("/api/projects/").json()["count"] == 3


def test_a_form_makes_a_key_too() -> None:
    world = Belongings()
    form = f"label=CI&scopes=dataset:read&scopes=project:read&scoped_teams={world.one.id}"

    made = world.api().post(PATH, form, content_type=FORM)

    assert made.status_code == 201
    assert made.json()["scopes"] == ["dataset:read", "project:read"]
    assert made.json()["scoped_teams"] == [world.one.id]


def test_what_the_service_decides_cannot_be_sent() -> None:
    people = Everyone()
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

    made = Api(key(people.colleague)).post(PATH, wanted() | sent).json()

    assert {name for name in sent if name in made and made[name] == sent[name]} == set()
    assert made["user_id"] == people.colleague.id
    assert PersonalAPIKey.objects.filter(id__in=[mine.id, theirs.id]).count() == 2
    assert Api("phx_chosen_by_the_client").get(PATH).status_code == 401


def test_the_list_is_a_plain_array_of_ones_own_keys_newest_first_without_values() -> None:
    people = Everyone()
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
def test_the_list_has_every_spelling_of_its_path(path: str) -> None:
    api = Api(key(Everyone().colleague))

    assert api.get(PATH.removesuffix("/") + path).status_code == 200
    assert api.post(PATH.removesuffix("/") + path, wanted()).status_code == 201


def test_one_key_is_shown_by_its_id_and_as_current() -> None:
    people = Everyone()
    row, value = key_row(people.colleague)

    by_id = Api(value).get(f"{PATH}{row.id}/").json()
    current = Api(value).get(f"{PATH}@current/").json()

    assert by_id == current
    assert (current["id"], current["value"], current["mask_value"]) == (row.id, None, row.mask_value)


@pytest.mark.parametrize("suffix", ["roll/", "roll", "roll.json"])
def test_a_rolled_key_has_a_new_value_and_all_else_as_before(suffix: str) -> None:
    world = Belongings()
    row, value = key_row(world.wanda, "dataset:read", teams=[world.one.id])

    answer = world.api().post(f"{PATH}{row.id}/{suffix}")

    rolled = answer.json()
    assert answer.status_code == 200
    assert list(rolled) == FIELDS
    assert rolled["value"] != value
    assert rolled["mask_value"] == f"phx_...{rolled['value'][-4:]}"
    assert rolled["last_rolled_at"] is not None
    kept = (rolled["id"], rolled["label"], rolled["scopes"], rolled["scoped_teams"])
    assert kept == (row.id, row.label, ["dataset:read"], [world.one.id])
    assert Api(rolled["value"]).get(f"/api/projects/{world.one.id}/datasets/").status_code == 200
    assert Api(value).get(f"/api/projects/{world.one.id}/datasets/").status_code == 401


def test_a_revoked_key_is_gone() -> None:
    people = Everyone()
    row, value = key_row(people.colleague)
    api = Api(key(people.colleague))

    answer = api.delete(f"{PATH}{row.id}/")

    assert (answer.status_code, answer.content) == (204, b"")
    assert api.get(f"{PATH}{row.id}/").status_code == 404
    assert api.delete(f"{PATH}{row.id}/").status_code == 404
    assert Api(value).get(PATH).status_code == 401


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_key_cannot_be_changed(method: str) -> None:
    people = Everyone()
    row, _ = key_row(people.colleague, "dataset:read")

    answer = Api(key(people.colleague)).ask(method, f"{PATH}{row.id}/", wanted("*"))

    assert answer.status_code == 405
    row.refresh_from_db()
    assert row.scopes == ["dataset:read"]


def test_reading_keys_and_making_them_are_different_scopes() -> None:
    people = Everyone()
    row, _ = key_row(people.colleague, "dataset:read")
    reader, writer = (Api(key(people.colleague, f"personal_api_key:{action}")) for action in ("read", "write"))

    assert reader.get(PATH).status_code == 200
    assert_refused(reader.post(PATH, wanted()), "API key missing required scope 'personal_api_key:write'")
    assert_refused(reader.post(f"{PATH}{row.id}/roll/"), "API key missing required scope 'personal_api_key:write'")
    assert_refused(reader.delete(f"{PATH}{row.id}/"), "API key missing required scope 'personal_api_key:write'")
    assert writer.get(PATH).status_code == 200


# --- Keys of others --------------------------------------------------------------------------------------------------


def test_keys_of_others_are_unknown() -> None:
    people = Everyone()
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
def test_an_id_that_no_text_column_holds_is_unknown(key_id: str) -> None:
    answer = Api(key(Everyone().colleague)).get(f"{PATH}{key_id}/")

    assert answer.status_code == 404


# --- No key makes a stronger one -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "allowed", "refused"),
    [
        (["personal_api_key:write"], ["personal_api_key:write", "personal_api_key:read"], ["*", "dataset:read"]),
        (
            ["personal_api_key:write", "dataset:read"],
            ["dataset:read", "personal_api_key:read"],
            ["*", "dataset:write", "project:read", "insight:read"],
        ),
        (
            ["personal_api_key:write", "dataset:write"],
            ["dataset:read", "dataset:write"],
            ["*", "project:read", "datasets:read", "dataset_items:read"],
        ),
        (["*"], ["*", "dataset:write", "insight:read"], []),
    ],
)
def test_a_new_key_has_no_scope_that_its_maker_lacks(held: list[str], allowed: list[str], refused: list[str]) -> None:
    api = Belongings().api(*held)

    for scope in allowed:
        assert api.post(PATH, wanted(scope)).status_code == 201, scope
    assert api.post(PATH, wanted(*allowed, *allowed)).status_code == 201
    for scope in refused:
        assert_refused(api.post(PATH, wanted(scope)), BEYOND_SCOPES)
        assert_refused(api.post(PATH, wanted(*allowed, scope)), BEYOND_SCOPES)
        assert_refused(api.post(PATH, wanted(scope, *allowed)), BEYOND_SCOPES)


def test_a_key_for_one_project_makes_keys_for_that_project_alone() -> None:
    world = Belongings()
    api = world.api(teams=[world.one.id])
    own, sibling, other = world.one.id, world.two.id, world.three.id

    for teams in ([own], [own, own], [str(own)]):
        assert api.post(PATH, wanted(scoped_teams=teams)).status_code == 201
    assert api.post(PATH, wanted(scoped_teams=[own], scoped_organizations=[str(world.a.id)])).status_code == 201
    for restriction in (
        {},
        {"scoped_teams": None},
        {"scoped_teams": []},
        {"scoped_teams": [sibling]},
        {"scoped_teams": [other]},
        {"scoped_teams": [own, sibling]},
        {"scoped_teams": [sibling, own, own]},
        {"scoped_organizations": [str(world.a.id)]},
        {"scoped_organizations": [str(world.b.id)]},
        {"scoped_organizations": [str(world.a.id)], "scoped_teams": []},
        {"scoped_organizations": [str(world.a.id)], "scoped_teams": [own, sibling]},
    ):
        assert_refused(api.post(PATH, wanted(**restriction)), BEYOND_PROJECTS)


def test_a_key_for_one_organization_makes_keys_for_that_organization_alone() -> None:
    world = Belongings()
    api = world.api(organizations=[world.a.id])
    own, other = str(world.a.id), str(world.b.id)

    for restriction in (
        {"scoped_organizations": [own]},
        {"scoped_organizations": [own, own]},
        {"scoped_organizations": [own.upper()]},
        {"scoped_organizations": [own], "scoped_teams": [world.one.id]},
        {"scoped_teams": [world.one.id, world.two.id]},
    ):
        assert api.post(PATH, wanted(**restriction)).status_code == 201, restriction
    for restriction in (
        {},
        {"scoped_organizations": None},
        {"scoped_organizations": []},
        {"scoped_organizations": [other]},
        {"scoped_organizations": [own, other]},
        {"scoped_teams": []},
        {"scoped_teams": [world.three.id]},
        {"scoped_teams": [world.one.id, world.three.id]},
        {"scoped_organizations": [other], "scoped_teams": [world.one.id]},
    ):
        assert_refused(api.post(PATH, wanted(**restriction)), BEYOND_ORGANIZATIONS)


def test_a_key_with_both_restrictions_keeps_both() -> None:
    world = Belongings()
    api = world.api(teams=[world.one.id, world.three.id], organizations=[world.a.id])

    assert api.post(PATH, wanted(scoped_teams=[world.one.id])).status_code == 201
    assert_refused(api.post(PATH, wanted(scoped_teams=[world.three.id])), BEYOND_ORGANIZATIONS)
    assert_refused(api.post(PATH, wanted(scoped_organizations=[str(world.a.id)])), BEYOND_PROJECTS)
    assert_refused(api.post(PATH, wanted()), BEYOND_PROJECTS)


def test_a_form_gets_round_no_restriction() -> None:
    world = Belongings()
    api = world.api(teams=[world.one.id])

    for form in ("label=x&scopes=*", "label=x&scopes[0]=*", f"label=x&scopes=*&scoped_teams={world.two.id}"):
        assert api.post(PATH, form, content_type=FORM).status_code == 403
    assert api.post(PATH, "label=x&scopes=*&scoped_teams=", content_type=FORM).status_code in {400, 403}


def subsets(values: list[Any]) -> Iterator[list[Any]]:
    return (list(chosen) for size in range(len(values) + 1) for chosen in combinations(values, size))


def test_whatever_a_key_makes_reaches_no_more_than_itself_now_and_later() -> None:
    world = Belongings()
    teams = list(subsets([world.one.id, world.three.id]))
    organizations = list(subsets([str(world.a.id), str(world.b.id)]))
    pairs, refused = [], 0
    for own_teams, own_organizations in product(teams, organizations):
        maker = world.api(teams=own_teams, organizations=own_organizations)
        for scoped_teams, scoped_organizations in product(teams, organizations):
            answer = maker.post(PATH, wanted(scoped_teams=scoped_teams, scoped_organizations=scoped_organizations))
            is_same = (scoped_teams, scoped_organizations) == (own_teams, own_organizations)
            assert answer.status_code == 201 if is_same else answer.status_code in {201, 403}
            if answer.status_code == 201:
                pairs.append((maker, Api(answer.json()["value"])))
            refused += answer.status_code == 403

    # What comes later: a project beside the others, and an organisation that is joined.
    later = organization("Later")
    project("5", world.a), project("6", later)
    world.wanda.memberships.create(organization=later)

    reached: dict[int, set[int]] = {}
    for maker, made in pairs:
        for api in (maker, made):
            if id(api) not in reached:
                reached[id(api)] = {row["id"] for row in api.get("/api/projects/").json()["results"]}
        assert reached[id(made)] <= reached[id(maker)]
    assert min(len(pairs), refused) > 50


def test_a_stronger_key_of_ones_own_cannot_be_rolled_through_a_weaker_one() -> None:
    world = Belongings()
    scopes = ("dataset:read", "personal_api_key:write")
    one = [world.one.id]
    for weak, strong, detail in (
        ({}, {"scopes": ["*"]}, BEYOND_SCOPES),
        ({}, {"scopes": ["dataset:write"]}, BEYOND_SCOPES),
        ({}, {"scopes": [*scopes, "project:read"]}, BEYOND_SCOPES),
        ({"teams": one}, {}, BEYOND_PROJECTS),
        ({"teams": one}, {"scoped_teams": []}, BEYOND_PROJECTS),
        ({"teams": one}, {"scoped_teams": [world.one.id, world.two.id]}, BEYOND_PROJECTS),
        ({"teams": one}, {"scoped_organizations": [str(world.a.id)]}, BEYOND_PROJECTS),
        ({"organizations": [world.a.id]}, {}, BEYOND_ORGANIZATIONS),
        ({"organizations": [world.a.id]}, {"scoped_organizations": []}, BEYOND_ORGANIZATIONS),
        ({"organizations": [world.a.id]}, {"scoped_organizations": [str(world.b.id)]}, BEYOND_ORGANIZATIONS),
        ({"organizations": [world.a.id]}, {"scoped_teams": [world.three.id]}, BEYOND_ORGANIZATIONS),
    ):
        row, value = key_row(world.wanda, *scopes)
        PersonalAPIKey.objects.filter(id=row.id).update(**strong)
        before = PersonalAPIKey.objects.filter(id=row.id).values().get()

        answer = world.api(*scopes, **weak).post(f"{PATH}{row.id}/roll/")

        assert_refused(answer, detail)
        assert PersonalAPIKey.objects.filter(id=row.id).values().get() == before
        assert value not in answer.content.decode()


def test_a_weaker_or_equal_key_of_ones_own_can_be_rolled() -> None:
    world = Belongings()
    scopes = ("dataset:write", "personal_api_key:write")
    api = world.api(*scopes, teams=[world.one.id, world.two.id])

    for own, teams in ((scopes, [world.one.id, world.two.id]), (["dataset:read"], [world.two.id])):
        row, _ = key_row(world.wanda, *own, teams=teams)
        assert api.post(f"{PATH}{row.id}/roll/").status_code == 200
    assert api.post(f"{PATH}@current/roll/").status_code == 200


def test_a_key_without_scopes_makes_and_rolls_nothing() -> None:
    world = Belongings()
    api = Api(unscoped_key(world.wanda))

    assert api.post(PATH, wanted("dataset:read")).status_code == 403
    assert api.post(f"{PATH}@current/roll/").status_code == 403


# --- Bad input -------------------------------------------------------------------------------------------------------

NOT_ALL_TEAMS = "You must be a member of all teams that you are scoping the key to."
NOT_ALL_ORGANIZATIONS = "You must be a member of all organizations that you are scoping the key to."


def test_a_key_is_only_restricted_to_what_its_user_belongs_to() -> None:
    world = Belongings()
    api = world.api()

    for teams in ([world.four.id], [world.one.id, world.four.id], [987654321]):
        error = envelope(api.post(PATH, wanted(scoped_teams=teams)))
        assert (error["code"], error["detail"], error["attr"]) == ("invalid_input", NOT_ALL_TEAMS, "scoped_teams")
    for organizations in ([str(world.c.id)], [str(world.a.id), str(world.c.id)], [str(uuid4())]):
        error = envelope(api.post(PATH, wanted(scoped_organizations=organizations)))
        found = (error["code"], error["detail"], error["attr"])
        assert found == ("invalid_input", NOT_ALL_ORGANIZATIONS, "scoped_organizations")
    assert PersonalAPIKey.objects.filter(label="new").count() == 0


def test_a_former_member_cannot_restrict_a_key_to_the_organization_left() -> None:
    people = Everyone()
    api = Api(key(people.former))

    assert envelope(api.post(PATH, wanted(scoped_teams=[people.project.id])))["attr"] == "scoped_teams"
    assert (
        envelope(api.post(PATH, wanted(scoped_organizations=[str(people.home.id)])))["attr"] == "scoped_organizations"
    )


@pytest.mark.parametrize(
    ("body", "code", "detail", "attr"),
    [
        ({}, "required", "This field is required.", "label"),
        ({"label": "x"}, "required", "This field is required.", "scopes"),
        (wanted(label=None), "null", "This field may not be null.", "label"),
        (wanted(label=""), "blank", "This field may not be blank.", "label"),
        (wanted(label="  "), "blank", "This field may not be blank.", "label"),
        (wanted(label="x" * 41), "max_length", "Ensure this field has no more than 40 characters.", "label"),
        (wanted(label=True), "invalid_input", "Not a valid string.", "label"),
        (wanted(label=[]), "invalid_input", "Not a valid string.", "label"),
        (wanted(label="a\0"), "null_characters_not_allowed", "Null characters are not allowed.", "label"),
        (
            wanted(label="\ud800"),
            "surrogate_characters_not_allowed",
            "Surrogate characters are not allowed: U+D800.",
            "label",
        ),
        (wanted(scopes=None), "null", "This field may not be null.", "scopes"),
        (wanted(scopes=[]), "empty", "This list may not be empty.", "scopes"),
        (wanted(scopes="*"), "not_a_list", 'Expected a list of items but got type "str".', "scopes"),
        (wanted(scopes={"*": 1}), "not_a_list", 'Expected a list of items but got type "dict".', "scopes"),
        (wanted("dataset"), "invalid_input", "Invalid scope: dataset", "scopes__0"),
        (wanted("dataset:read", "dataset:admin"), "invalid_input", "Invalid scope: dataset:admin", "scopes__1"),
        (wanted("Dataset:read"), "invalid_input", "Invalid scope: Dataset:read", "scopes__0"),
        (wanted("*:read"), "invalid_input", "Invalid scope: *:read", "scopes__0"),
        (wanted("dataset:*"), "invalid_input", "Invalid scope: dataset:*", "scopes__0"),
        (
            wanted("dataset:read,dataset:write"),
            "invalid_input",
            "Invalid scope: dataset:read,dataset:write",
            "scopes__0",
        ),
        (wanted("\ud800"), "invalid_input", "Invalid scope: \ud800", "scopes__0"),
        (wanted(scopes=[None]), "null", "This field may not be null.", "scopes__0"),
        (wanted(scopes=[True]), "invalid_input", "Not a valid string.", "scopes__0"),
        (wanted(scopes=[["*"]]), "invalid_input", "Not a valid string.", "scopes__0"),
        (wanted(scopes=[""]), "blank", "This field may not be blank.", "scopes__0"),
        (wanted(scoped_teams=1), "not_a_list", 'Expected a list of items but got type "int".', "scoped_teams"),
        (wanted(scoped_teams=["x"]), "invalid_input", "A valid integer is required.", "scoped_teams__0"),
        (wanted(scoped_teams=[True]), "invalid_input", "A valid integer is required.", "scoped_teams__0"),
        (wanted(scoped_teams=[None]), "null", "This field may not be null.", "scoped_teams__0"),
        (
            wanted(scoped_teams=[0]),
            "min_value",
            "Ensure this value is greater than or equal to 1.",
            "scoped_teams__0",
        ),
        (
            wanted(scoped_teams=[2**63]),
            "max_value",
            "Ensure this value is less than or equal to 9223372036854775807.",
            "scoped_teams__0",
        ),
        (wanted(scoped_teams=[2**63 - 1]), "invalid_input", NOT_ALL_TEAMS, "scoped_teams"),
        (wanted(scoped_organizations=["x"]), "invalid_input", "Must be a valid UUID.", "scoped_organizations__0"),
        (wanted(scoped_organizations=[None]), "null", "This field may not be null.", "scoped_organizations__0"),
        (wanted(scoped_organizations=[2**200]), "invalid_input", "Must be a valid UUID.", "scoped_organizations__0"),
        (
            wanted(scoped_organizations={}),
            "not_a_list",
            'Expected a list of items but got type "dict".',
            "scoped_organizations",
        ),
        ([], "invalid_input", "Invalid data. Expected a dictionary, but got list.", None),
        ("null", "null", "No data provided", None),
        ("7", "invalid_input", "Invalid data. Expected a dictionary, but got int.", None),
    ],
)
def test_bad_input_is_answered_with_the_envelope(body: Any, code: str, detail: str, attr: str | None) -> None:
    people = Everyone()
    api = Api(key(people.colleague))
    before = PersonalAPIKey.objects.count()

    answer = api.post(PATH, body)

    assert answer.status_code == 400
    assert envelope(answer) == {"type": "validation_error", "code": code, "detail": detail, "attr": attr}
    assert PersonalAPIKey.objects.count() == before


def test_a_body_that_cannot_be_read_is_refused() -> None:
    api = Api(key(Everyone().colleague))

    assert envelope(api.post(PATH, "{"))["code"] == "parse_error"
    assert envelope(api.post(PATH, "x", content_type="text/plain"))["code"] == "unsupported_media_type"
