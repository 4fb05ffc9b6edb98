"""Columns arrive as PostgreSQL reads them, whatever their values."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from database.backend.timeouts import timeout_settings
from database.columns import (
    BigintColumn,
    BooleanColumn,
    Column,
    IntegerColumn,
    JSONColumn,
    TextColumn,
    TimeColumn,
    UUIDColumn,
    arrays_sql,
    columns_of,
)
from database.query import fetch_all

pytestmark = pytest.mark.django_db
UNNEST = "SELECT * FROM unnest({}) WITH ORDINALITY ORDER BY ordinality"
LATE = datetime(9999, 12, 31, 23, 59, 59, 999999, UTC)
VALUES: dict[type[Column], list[Any]] = {
    TextColumn: ["", "a", "NULL", '{"x", "y"}', '\\ " \n', "\u20ac \U0001f600", "x" * 100_000],
    UUIDColumn: [UUID(int=0), UUID(int=2**128 - 1)],
    IntegerColumn: [0, -1, 2**31 - 1, -(2**31)],
    BigintColumn: [0, -1, 2**63 - 1, -(2**63)],
    TimeColumn: [datetime(1, 1, 1, tzinfo=UTC), datetime(1999, 12, 31, 23, 59, 59, 999999, UTC), LATE],
    BooleanColumn: [True, False],
}


@pytest.fixture(params=["prepared", "by a cursor"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "by a cursor":
        monkeypatch.setattr(timeout_settings, "seconds", None)
        connection.ensure_connection()
        monkeypatch.setattr(connection.connection, "prepared", None)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("kind", VALUES)
def test_values_arrive_as_they_are(kind: type[Column]) -> None:
    values = VALUES[kind] * 2
    kinds = {"value": kind}

    rows = fetch_all(UNNEST.format(arrays_sql(kinds)), columns_of(kinds, [(value,) for value in values]))

    assert [value for value, _ in rows] == values


@pytest.mark.parametrize("kind", [kind for kind in VALUES if kind is not UUIDColumn])
def test_any_value_may_be_none(kind: type[Column]) -> None:
    values = [None, *VALUES[kind], None]
    kinds = {"value": kind}

    rows = fetch_all(UNNEST.format(arrays_sql(kinds)), columns_of(kinds, [(value,) for value in values]))

    assert [value for value, _ in rows] == values


def test_json_keeps_its_spelling() -> None:
    values = ['{"b":1e2,  "a": 1.10, "b": "\\u20ac"}', "null", None]

    rows = fetch_all("SELECT n::text FROM unnest(%(json)s::json[]) n", {"json": JSONColumn(values)})

    assert [value for (value,) in rows] == values


def test_times_of_other_zones_are_the_same_instants() -> None:
    time = datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=5, minutes=45)))

    assert fetch_all("SELECT unnest(%(times)s::timestamptz[])", {"times": TimeColumn([time])}) == [(time,)]


def test_columns_without_values_are_null() -> None:
    kinds = {"number": BigintColumn, "text": TextColumn}
    columns = columns_of(kinds, [(1, None), (2, None)])

    assert columns["text"] is None
    rows = fetch_all(UNNEST.format(arrays_sql(kinds)), columns)
    assert [(number, text) for number, text, _ in rows] == [(1, None), (2, None)]
