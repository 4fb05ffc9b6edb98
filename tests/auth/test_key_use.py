"""last_used_at: what using a key leaves behind."""

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


def used_at(value_of: PersonalAPIKey) -> datetime | None:
    value_of.refresh_from_db()
    return value_of.last_used_at


def key_used(ago: timedelta | None) -> tuple[ProjectEndpoint, PersonalAPIKey, str]:
    asked = ProjectEndpoint()
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
def test_use_is_not_recorded_again_within_the_hour(ago: timedelta) -> None:
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

    answer = match.func(request, **match.kwargs)

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
