"""The use of a key is recorded in its last_used_at, at most once an hour."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import RequestFactory
from django.urls import resolve

from auth.models import PersonalAPIKey
from tests.api import Api
from tests.auth.project_endpoint import ProjectEndpoint
from tests.people import key_row

pytestmark = pytest.mark.django_db


def used_at(row: PersonalAPIKey) -> datetime | None:
    row.refresh_from_db()
    return row.last_used_at


def key_used(ago: timedelta | None) -> tuple[ProjectEndpoint, PersonalAPIKey, str]:
    endpoint = ProjectEndpoint()
    row, value = key_row(endpoint.people.colleague)
    row.last_used_at = None if ago is None else datetime.now(UTC) - ago
    row.save()
    return endpoint, row, value


@pytest.mark.parametrize("ago", [None, timedelta(hours=1, seconds=1), timedelta(days=400)])
def test_use_is_recorded_if_the_key_was_unused_for_an_hour(ago: timedelta | None) -> None:
    endpoint, row, value = key_used(ago)

    Api(value).get(endpoint.path)

    now = used_at(row)
    assert now is not None
    assert datetime.now(UTC) - now < timedelta(seconds=10)


@pytest.mark.parametrize("ago", [timedelta(0), timedelta(minutes=1), timedelta(minutes=59, seconds=50)])
def test_use_is_not_recorded_again_within_the_hour(ago: timedelta) -> None:
    endpoint, row, value = key_used(ago)
    before = used_at(row)

    Api(value).get(endpoint.path)

    assert used_at(row) == before


def test_one_of_many_requests_records_the_use() -> None:
    endpoint, row, value = key_used(None)
    Api(value).get(endpoint.path)
    before = used_at(row)

    for _ in range(3):
        Api(value).get(endpoint.path)

    assert used_at(row) == before


@pytest.mark.parametrize("place", ["body", "query"])
def test_use_is_recorded_for_keys_in_the_body_and_query(place: str) -> None:
    endpoint, row, value = key_used(None)

    if place == "body":
        Api().post(endpoint.path, {"name": "x", "personal_api_key": value})
    else:
        Api().get(f"{endpoint.path}?personal_api_key={value}")

    assert used_at(row)


def test_use_is_recorded_after_the_response_was_sent() -> None:
    endpoint, row, value = key_used(None)
    match = resolve(endpoint.path)
    request = RequestFactory().get(endpoint.path, headers={"authorization": f"Bearer {value}"})

    answer = match.func(request, **match.kwargs)

    assert used_at(row) is None
    # Closing a response also closes database connections, but the test's transaction needs its own.
    request_finished.disconnect(close_old_connections)
    answer.close()
    request_finished.connect(close_old_connections)
    assert used_at(row)


def test_an_invalid_key_changes_no_row() -> None:
    endpoint, row, _ = key_used(None)

    Api("phx_wrong").get(endpoint.path)

    assert used_at(row) is None
