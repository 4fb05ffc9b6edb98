"""Small requests that would cost much: values that swell, texts that are patterns, JSON that is deep or wide."""

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.api import Api, envelope
from tests.auth.two_tenants import TwoTenants
from tests.people import key
from tests.service_process import PROJECT_DIR

pytestmark = pytest.mark.django_db

# Nine bytes, of which jsonb makes a text of 131,072.
SWELLING = "1e131071"
LIMIT = 20_971_520
JSON_FIELDS = ("input", "output", "metadata")


class Home:
    """The owner's view of the project."""

    def __init__(self, tenants: TwoTenants) -> None:
        self.api = Api(key(tenants.people.owner))
        self.datasets = f"/api/projects/{tenants.people.project.id}/datasets/"
        self.items = f"/api/projects/{tenants.people.project.id}/dataset_items/"
        self.dataset_id, self.item_id = tenants.dataset.id, tenants.item.id

    def make_item(self, **texts: str) -> Any:
        members = "".join(f',"{name}":{text}' for name, text in texts.items())
        return self.api.post(self.items, f'{{"dataset":"{self.dataset_id}"{members}}}')

    def found(self, path: str, **query: str) -> Any:
        answer = self.api.client.get(path, query, headers=self.api.headers)
        assert answer.status_code == 200, answer.content
        return [row["id"] for row in answer.json()["results"]]


@pytest.fixture
def home(tenants: TwoTenants) -> Home:
    return Home(tenants)


def test_numbers_that_swell_do_not_stop_a_search_of_datasets(home: Home) -> None:
    numbers = f"[{','.join([SWELLING] * 10_000)}]"
    body = f'{{"name":"swelling","metadata":{{"needle":"1e10","of":{numbers}}}}}'
    made = home.api.post(home.datasets, body)
    assert made.status_code == 201

    assert home.found(home.datasets, search="needle") == [made.json()["id"]]
    assert home.found(home.datasets, search="no such text") == []


def test_a_search_of_datasets_reads_metadata_as_ever(home: Home) -> None:
    """As jsonb spells it: numbers in full and a blank behind colons, exponents inside strings or not."""
    plain = {"rate": 1e-05, "hash": "3e12345678"}
    long = {"hash": "3e12345678", "text": 'a "quoted" one \\ ' * 100}
    made = [home.api.post(home.datasets, {"name": "x", "metadata": each}).json()["id"] for each in (plain, long)]

    assert home.found(home.datasets, search="0.00001") == made[:1]
    assert home.found(home.datasets, search='"hash": "3e', order_by="created_at") == made


def test_a_search_of_datasets_is_given_up_in_time(home: Home, settings: Any) -> None:
    settings.SEARCH_TIMEOUT_SECONDS = 0.001
    metadata = json.dumps("lorem ipsum " * 200_000)
    for _ in range(3):
        assert home.api.post(home.datasets, f'{{"name":"x","metadata":{metadata}}}').status_code == 201

    answer = home.api.get(f"{home.datasets}?search=nothing+like+it")

    assert answer.status_code == 400
    assert envelope(answer)["code"] == "search_timeout"
    assert "datasets" in envelope(answer)["detail"]


def test_numbers_that_swell_are_found_compared_and_restored(home: Home) -> None:
    numbers = f"[{','.join([SWELLING] * 10_000)}]"
    made = home.make_item(**dict.fromkeys(JSON_FIELDS, numbers))
    item_id = made.json()["id"]
    assert made.status_code == 201

    for name in JSON_FIELDS:
        assert home.found(home.items, **{f"{name}__contains": f"[{SWELLING}]"}) == [item_id]
    assert home.found(home.items, search="e13107") == [item_id]
    assert home.api.patch(f"{home.items}{item_id}/", {"metadata": 1}).status_code == 200
    compared = home.api.get(f"{home.datasets}{home.dataset_id}/diff/?from=2&to=3")
    assert compared.status_code == 200
    assert compared.json()["counts"] == {"added": 0, "removed": 0, "changed": 1}
    assert home.api.post(f"{home.items}{item_id}/restore/", {"source_version": 1}).status_code == 200


# Letters that patterns, LIKE, JSON and query languages give a meaning, or that change their length with their case.
MEANINGFUL = "\\%_*+?.^$()[]{}|/\"'`-:;,!<>=&#~ \t\n\r\x01\x7f\u2028aAßİıſﬀΣς😀0123456789eE"


@settings(max_examples=40)
@given(text=st.text(st.sampled_from(MEANINGFUL) | st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_a_search_for_any_text_is_answered(tenants: TwoTenants, text: str) -> None:
    home = Home(tenants)
    expected = 400 if "\0" in text else 200

    for path in (home.items, home.datasets):
        assert home.api.client.get(path, {"search": text}, headers=home.api.headers).status_code == expected


@pytest.mark.parametrize("letter", ["(", "(a+)+$", "[", "\\", "/", '"', "\x01", "é", "😀", "İ", "a{1000}", ".*", "\\1"])
def test_a_long_search_is_no_pattern_and_finds_what_it_says(letter: str, home: Home) -> None:
    text = (letter * 1000)[:1000]
    made = home.make_item(
        input=json.dumps({"a": text}), ref_trace_id='"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"'
    )

    assert home.found(home.items, search=text) == [made.json()["id"]]


@pytest.mark.parametrize("field", JSON_FIELDS)
@pytest.mark.parametrize(("depth", "status"), [(249, 201), (250, 201), (251, 400), (100_000, 400)])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_json_is_as_deep_as_the_limit_and_no_deeper(
    field: str, depth: int, status: int, opening: str, closing: str, home: Home
) -> None:
    inner = "1" if opening != "[" else ""
    answer = home.make_item(**{field: opening * depth + inner + closing * depth})

    assert answer.status_code == status
    if status == 201:
        assert json.loads(answer.content)["id"]
    else:
        assert envelope(answer)["code"] in {"max_depth", "parse_error"}


def test_a_million_keys_are_kept_in_order_and_found(home: Home) -> None:
    """In Python as in PostgreSQL no choice of keys is worse than another: Python's hash has a secret, jsonb sorts."""
    text = "{" + ",".join(f'"{number:07x}":{number % 10}' for number in reversed(range(1_000_000))) + "}"
    assert len(text) < LIMIT

    made = home.make_item(input=text)

    assert made.status_code == 201
    kept = home.api.get(f"{home.items}{made.json()['id']}/").content
    assert text.encode() in kept
    assert home.found(home.items, input__contains='{"00000ff":5}', fields="id") == [made.json()["id"]]


@pytest.mark.parametrize("key_in_body", ["", '"personal_api_key":"wrong",', '"personal_api_key":[],'])
def test_a_body_costs_little_before_it_is_known_whose_it_is(key_in_body: str, home: Home) -> None:
    """Millions of lists: to read them takes seconds, during which no other thread goes on."""
    body = f'{{{key_in_body}"input":[{",".join(["[]"] * 6_900_000)}]}}'
    start = time.thread_time()

    answer = Api().post(home.items, body)

    assert answer.status_code == 401
    assert time.thread_time() - start < 1


def test_the_secret_of_hashes_is_not_fixed() -> None:
    """The start of the service must not set PYTHONHASHSEED: with a known seed, colliding keys can be computed."""
    starters = [PROJECT_DIR / "Dockerfile", PROJECT_DIR / "docker-compose.yml", *(PROJECT_DIR / "scripts").iterdir()]

    assert not [path for path in starters if path.is_file() and "PYTHONHASHSEED" in path.read_text()]
