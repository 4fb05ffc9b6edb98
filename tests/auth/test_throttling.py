"""The two rate limits: which requests count, against whom, and the response to throttled ones."""

import http.client
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import LazySettings
from django.db.models import F

from auth import rate_limits
from auth.models import RateLimit
from rest.rates import Rate
from tests.api import Api, envelope
from tests.people import People, key, key_row
from tests.rows import dataset
from tests.service_process import ServiceProcess

BURST, SUSTAINED = 3, 5


@pytest.fixture
def limited(db: None, settings: LazySettings) -> None:
    """Limit the rates to three requests a minute and five an hour."""
    settings.RATE_LIMIT_ENABLED = True
    settings.RATE_LIMIT_BURST = Rate(BURST, 60)
    settings.RATE_LIMIT_SUSTAINED = Rate(SUSTAINED, 3600)


def datasets_path(people: People) -> str:
    return f"/api/projects/{people.project.id}/datasets/"


def statuses(api: Api, path: str, times: int, **more: Any) -> list[int]:
    return [api.get(path, **more).status_code for _ in range(times)]


def throttled(seconds: str) -> dict[str, Any]:
    return {
        "type": "throttled_error",
        "code": "throttled",
        "detail": f"Request was throttled. Expected available in {seconds}.",
        "attr": None,
    }


def move_windows_back(*, burst: float = 0, sustained: float = 0) -> None:
    RateLimit.objects.update(
        burst_started_at=F("burst_started_at") - burst, sustained_started_at=F("sustained_started_at") - sustained
    )


# --- The response ----------------------------------------------------------------------------------------------------


def test_a_request_over_the_burst_rate_gets_retry_after(limited: None) -> None:
    people = People()
    api = Api(key(people.colleague))
    assert statuses(api, datasets_path(people), BURST) == [200] * BURST

    answer = api.get(datasets_path(people))

    assert answer.status_code == 429
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Retry-After"] == "60"
    assert envelope(answer) == throttled("60 seconds")


def test_a_wait_of_one_second_is_singular(limited: None) -> None:
    people = People()
    api = Api(key(people.colleague))
    statuses(api, datasets_path(people), BURST)

    move_windows_back(burst=59.5)
    answer = api.get(datasets_path(people))

    assert answer.headers["Retry-After"] == "1"
    assert envelope(answer) == throttled("1 second")


def test_the_sustained_rate_applies_below_the_burst_rate(limited: None) -> None:
    people = People()
    api = Api(key(people.colleague))
    statuses(api, datasets_path(people), BURST)
    move_windows_back(burst=61)
    assert statuses(api, datasets_path(people), SUSTAINED - BURST) == [200] * (SUSTAINED - BURST)

    answer = api.get(datasets_path(people))

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "3600"
    assert envelope(answer) == throttled("3600 seconds")


def test_with_both_rates_exceeded_the_longer_wait_is_returned(limited: None) -> None:
    people = People()
    api = Api(key(people.colleague))
    statuses(api, datasets_path(people), SUSTAINED)

    answer = api.get(datasets_path(people))

    assert answer.headers["Retry-After"] == "3600"


def test_an_expired_window_starts_a_new_count(limited: None) -> None:
    people = People()
    api = Api(key(people.colleague))
    assert statuses(api, datasets_path(people), BURST + 1) == [200] * BURST + [429]

    move_windows_back(burst=60, sustained=3600)

    assert statuses(api, datasets_path(people), BURST + 1) == [200] * BURST + [429]


def test_a_window_that_is_almost_over_still_counts(limited: None) -> None:
    people = People()
    api = Api(key(people.colleague))
    statuses(api, datasets_path(people), BURST)

    move_windows_back(burst=58)

    assert api.get(datasets_path(people)).headers["Retry-After"] in {"1", "2"}


def test_limits_are_off_by_default_and_store_nothing(db: None) -> None:
    people = People()

    assert statuses(Api(key(people.colleague)), datasets_path(people), 20) == [200] * 20
    assert statuses(Api("wrong"), datasets_path(people), 20) == [401] * 20
    assert not RateLimit.objects.exists()


# --- Counting valid keys ---------------------------------------------------------------------------------------------


def test_a_user_has_one_count_for_all_keys(limited: None) -> None:
    people = People()
    first, second, other = Api(key(people.colleague)), Api(key(people.colleague)), Api(key(people.owner))

    assert statuses(first, datasets_path(people), BURST) == [200] * BURST
    assert statuses(second, datasets_path(people), 1) == [429]
    assert statuses(other, datasets_path(people), BURST + 1) == [200] * BURST + [429]


@pytest.mark.parametrize("rate", ["burst", "sustained"])
def test_a_clock_that_was_ahead_locks_nobody_out(limited: None, rate: str) -> None:
    people = People()
    api = Api(key(people.colleague))
    statuses(api, datasets_path(people), SUSTAINED)
    move_windows_back(**{rate: -86_400})

    held = api.get(datasets_path(people))
    move_windows_back(burst=60, sustained=3600)

    assert int(held.headers["Retry-After"]) <= 3600
    assert statuses(api, datasets_path(people), BURST) == [200] * BURST


def test_a_user_has_one_count_for_all_routes_methods_and_places(limited: None) -> None:
    people = People()
    value = key(people.colleague)
    path = datasets_path(people)

    assert Api(value).get("/api/users/@me/").status_code == 200
    assert Api().ask("OPTIONS", f"{path}?personal_api_key={value}").status_code == 200
    assert Api().post(path, {"name": "x", "personal_api_key": value}).status_code == 201
    assert Api(value).ask("HEAD", path.replace("projects", "environments")).status_code == 429


def test_a_rolled_key_keeps_its_count(limited: None) -> None:
    people = People()
    row, value = key_row(people.colleague)
    statuses(Api(value), datasets_path(people), BURST - 1)

    rolled = Api(value).post(f"/api/personal_api_keys/{row.id}/roll/").json()["value"]

    assert Api(rolled).get(datasets_path(people)).status_code == 429


def test_the_table_contains_no_key(limited: None) -> None:
    people = People()
    value = key(people.colleague)

    Api(value).get(datasets_path(people))
    Api(value + "x").get(datasets_path(people))

    idents = set(RateLimit.objects.values_list("ident", flat=True))
    assert idents == {f"user:{people.colleague.id}", "address:127.0.0.1"}


def test_requests_without_access_are_not_counted(limited: None) -> None:
    people = People()
    wrong_scope = Api(key(people.colleague, "insight:read"))
    stranger = Api(key(people.stranger))
    restricted = Api(key(people.colleague, teams=[people.sibling.id]))
    right = Api(key(people.colleague))

    assert statuses(wrong_scope, datasets_path(people), 10) == [403] * 10
    assert statuses(stranger, datasets_path(people), 10) == [403] * 10
    assert statuses(restricted, datasets_path(people), 10) == [403] * 10
    assert statuses(right, "/api/projects/0/datasets/", 10) == [404] * 10
    assert statuses(Api(), datasets_path(people), 10) == [401] * 10
    assert not RateLimit.objects.exists()
    assert statuses(right, datasets_path(people), BURST) == [200] * BURST


def test_a_throttled_key_still_gets_403_without_access(limited: None) -> None:
    people = People()
    api = Api(key(people.colleague))
    statuses(api, datasets_path(people), BURST + 1)

    assert api.get(f"/api/projects/{people.foreign_project.id}/").status_code == 403
    assert api.get("/api/projects/0/").status_code == 404
    assert api.ask("TRACE", datasets_path(people)).status_code == 403


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("PUT", "", {}),
        ("DELETE", "", None),
        ("GET", "unknown/", None),
        ("POST", "", {}),
        ("GET", "?order_by=nope", None),
    ],
)
def test_requests_that_fail_are_counted_and_throttled(limited: None, method: str, rest: str, body: Any) -> None:
    people = People()
    api = Api(key(people.colleague))

    answers = [api.ask(method, datasets_path(people) + rest, body).status_code for _ in range(BURST + 1)]

    assert set(answers[:BURST]) <= {400, 404, 405}
    assert answers[BURST] == 429


def test_a_throttled_write_writes_nothing(limited: None) -> None:
    people = People()
    api = Api(key(people.colleague))

    answers = [api.post(datasets_path(people), {"name": "x"}).status_code for _ in range(BURST + 3)]

    assert answers == [201] * BURST + [429] * 3
    move_windows_back(burst=61, sustained=3601)
    assert api.get(datasets_path(people)).json()["count"] == BURST


def test_the_limit_costs_one_statement(limited: None, django_assert_num_queries: Any) -> None:
    people = People()
    dataset(people.project, author=people.colleague.id)
    api = Api(key(people.colleague))

    with django_assert_num_queries(3):
        api.get(datasets_path(people))


# --- Counting invalid keys -------------------------------------------------------------------------------------------


def test_invalid_keys_are_counted_by_address(limited: None) -> None:
    people = People()
    here, there = Api("wrong", REMOTE_ADDR="10.0.0.1"), Api("wrong", REMOTE_ADDR="10.0.0.2")
    assert statuses(here, datasets_path(people), BURST) == [401] * BURST

    answer = here.get(datasets_path(people))

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    assert envelope(answer) == throttled("60 seconds")
    assert there.get(datasets_path(people)).status_code == 401


def test_different_invalid_keys_share_the_count_of_their_address(limited: None) -> None:
    people = People()
    path = datasets_path(people)

    assert Api("wrong-1").get(path).status_code == 401
    assert Api().get(f"{path}?personal_api_key=wrong-2").status_code == 401
    assert Api().post(path, {"personal_api_key": 3}).status_code == 401
    assert Api(key(people.inactive)).get("/api/users/@me/").status_code == 429


def test_a_valid_key_is_not_throttled_by_invalid_ones_from_its_address(limited: None) -> None:
    people = People()
    statuses(Api("wrong"), datasets_path(people), 20)

    assert statuses(Api(key(people.colleague)), datasets_path(people), BURST) == [200] * BURST


def test_a_valid_key_does_not_count_against_its_address(limited: None) -> None:
    people = People()
    statuses(Api(key(people.colleague)), datasets_path(people), 20)

    assert statuses(Api("wrong"), datasets_path(people), BURST) == [401] * BURST


def test_requests_without_a_key_are_not_counted(limited: None) -> None:
    people = People()

    assert statuses(Api(), datasets_path(people), 20) == [401] * 20
    assert statuses(Api(), datasets_path(people), 20, headers={"authorization": "Basic abc"}) == [401] * 20
    assert [Api().post(datasets_path(people), "{").status_code for _ in range(20)] == [401] * 20
    assert not RateLimit.objects.exists()


def test_a_client_cannot_choose_its_address(limited: None) -> None:
    people = People()

    answers = [
        Api("wrong").get(datasets_path(people), headers={"x-forwarded-for": f"10.0.0.{number}"}).status_code
        for number in range(BURST + 1)
    ]

    assert answers == [401] * BURST + [429]


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(limited: None, settings: LazySettings) -> None:
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}
    people = People()

    def ask(seen: str, claimed: str) -> int:
        forwarded = {"x-forwarded-for": f"{claimed}, {seen}"}
        return int(Api("wrong").get(datasets_path(people), headers=forwarded).status_code)

    assert [ask("10.0.0.1", f"1.2.3.{number}") for number in range(BURST + 1)] == [401] * BURST + [429]
    assert ask("10.0.0.2", "1.2.3.1") == 401


# --- The table -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("addresses", "callers"),
    [
        (["2001:db8::1", "2001:db8::2", "2001:0DB8:0:0:ffff::1"], ["2001:db8::/64"]),
        (["2001:db8:0:1::1", "2001:db8:0:2::1"], ["2001:db8:0:1::/64", "2001:db8:0:2::/64"]),
        (["192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2"], ["192.0.2.1", "192.0.2.2"]),
        (["[2001:db8::1]", "fe80::1%eth0", "unknown"], ["2001:db8::/64", "fe80::/64", "unknown"]),
    ],
)
def test_addresses_of_one_network_share_a_count(
    limited: None, settings: LazySettings, addresses: list[str], callers: list[str]
) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}

    for address in addresses:
        Api("wrong").get("/api/projects/1/datasets/", headers={"X-Forwarded-For": address})

    assert list(RateLimit.objects.order_by("ident").values_list("ident", flat=True)) == [
        f"address:{caller}" for caller in callers
    ]


def test_rows_of_expired_windows_are_deleted(limited: None, monkeypatch: pytest.MonkeyPatch) -> None:
    people = People()
    first, second = key(people.colleague), key(people.owner)
    Api(first).get(datasets_path(people))
    move_windows_back(burst=3601, sustained=3601)
    monkeypatch.setattr(rate_limits, "CLEANUP_ONE_IN", 1)

    Api(second).get(datasets_path(people))

    assert list(RateLimit.objects.values_list("ident", flat=True)) == [f"user:{people.owner.id}"]


def fresh_status(service: ServiceProcess, path: str, value: str) -> int:
    """Send a request on a new connection, so that either worker may accept it."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
    connection.request("GET", path, headers={"Authorization": f"Bearer {value}"})
    status = connection.getresponse().status
    connection.close()
    return status


def test_all_workers_share_one_count(throttled_service: ServiceProcess, live_database: None) -> None:
    people = People()
    value, other = key(people.colleague), key(people.owner)
    path = datasets_path(people)

    with ThreadPoolExecutor(8) as clients:
        right = list(clients.map(lambda _: fresh_status(throttled_service, path, value), range(24)))
        wrong = list(clients.map(lambda _: fresh_status(throttled_service, path, "wrong"), range(24)))

    assert sorted(right) == [200] * 3 + [429] * 21
    assert sorted(wrong) == [401] * 3 + [429] * 21
    assert fresh_status(throttled_service, path, other) == 200
