"""Compiled row serializers return the same as the declared serializers."""

import json
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from rest_framework.renderers import JSONRenderer as PlainRenderer

from auth.access import UserRow
from items.history.serializers import ItemVersionSerializer, RevisionSerializer
from items.history.snapshots import Revision
from items.history.views import ItemVersionsView, RevisionsView
from items.rows import DatasetRow, ItemRow
from items.serializers import DatasetItemSerializer, DatasetSerializer
from items.viewsets.datasets import DatasetViewSet
from items.viewsets.items import DatasetItemViewSet
from rest.renderers import JSONRenderer
from rest.row_serializer import RowSerializer
from tests.json_strategies import CHARACTERS, json_texts

TEXTS = st.text(CHARACTERS, max_size=20)
TIMES = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)).map(  # noqa: DTZ001
    lambda naive: naive.replace(tzinfo=UTC)
)
NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
AUTHOR_ROW = UserRow(7, UUID(int=7), None, "Ada", "Lovelace", "ada@example.com", None, None, "engineering")
COMMON = {
    "team_id": st.integers(1, 2**63 - 1),
    "id": st.uuids(),
    "metadata": st.none() | json_texts(),
    "created_at": TIMES,
    "updated_at": TIMES,
    "deleted": st.none() | st.booleans(),
    "created_by_id": st.sampled_from([None, 7]),
    "version": st.just(1),
}
VersionRow = namedtuple("VersionRow", (*ItemRow._fields, "version_created_at", "version_created_by_id"))
ITEM = COMMON | {
    "dataset_id": st.uuids(),
    "input": st.none() | json_texts(),
    "output": st.none() | json_texts(),
    "ref_trace_id": st.none() | TEXTS,
    "ref_timestamp": st.none() | TIMES,
    "ref_source_id": st.none() | TEXTS,
    "version": st.integers(1, 2**63 - 1),
    "revision": st.integers(1, 2**63 - 1),
}
ITEMS = st.builds(ItemRow, **ITEM)
VERSIONS = st.builds(
    VersionRow, **ITEM, version_created_at=st.none() | TIMES, version_created_by_id=st.sampled_from([None, 7])
)
NUMBERS = st.integers(0, 2**31 - 1)
REVISIONS = st.builds(
    Revision,
    revision=st.integers(1, 2**63 - 1),
    created_at=TIMES,
    created_by_id=st.sampled_from([None, 7]),
    created=NUMBERS,
    updated=NUMBERS,
    archived=NUMBERS,
    restored=NUMBERS,
    tags=st.lists(TEXTS),
)
DATASETS = st.builds(DatasetRow, **COMMON, name=TEXTS, description=st.none() | TEXTS)


def declared(serializer: Any, row: Any) -> Any:
    """Serialize the row with DRF, without our shortcuts; the user is where the serializer looks for it."""
    user = SimpleNamespace(**{name: getattr(AUTHOR_ROW, name) for name in UserRow.__slots__})
    instance = SimpleNamespace(**row._asdict())
    for name in ("created_by_id", "version_created_by_id"):
        setattr(instance, name, user if getattr(row, name, None) else None)
    return json.loads(PlainRenderer().render(serializer(instance).data))


def compiled(row_serializer: RowSerializer, row: Any) -> Any:
    return json.loads(JSONRenderer().render(row_serializer.serialize(row, {7: AUTHOR_ROW})))


def assert_same(serializer: Any, row_serializer: RowSerializer, row: Any) -> None:
    """Compare stored JSON exactly, everything else by value: the plain renderer has no large numbers."""
    fields = serializer().fields
    texts = {name: getattr(row, name) for name, field in fields.items() if getattr(field, "is_json_text", False)}
    without = row._replace(**dict.fromkeys(texts))

    shown = compiled(row_serializer, without)
    rendered = JSONRenderer().render(row_serializer.serialize(row, {7: AUTHOR_ROW})).decode()

    assert list(shown) == list(fields)
    assert shown == declared(serializer, without)
    for name, text in texts.items():
        assert f'"{name}":{text or "null"},' in rendered


@given(ITEMS)
def test_an_item_is_serialized_as_declared(row: ItemRow) -> None:
    assert_same(DatasetItemSerializer, DatasetItemViewSet.row_serializer, row)


@given(DATASETS)
def test_a_dataset_is_serialized_as_declared(row: DatasetRow) -> None:
    assert_same(DatasetSerializer, DatasetViewSet.row_serializer, row)


@given(VERSIONS)
def test_a_version_is_serialized_as_declared(row: Any) -> None:
    assert_same(ItemVersionSerializer, ItemVersionsView.row_serializer, row)


@given(REVISIONS)
def test_a_revision_is_serialized_as_declared(row: Revision) -> None:
    assert_same(RevisionSerializer, RevisionsView.row_serializer, row)


@given(st.integers(0, 10**6 - 1))
def test_times_show_six_decimals_or_none(microsecond: int) -> None:
    shown = json.loads(JSONRenderer().render(NOW.replace(microsecond=0) + timedelta(microseconds=microsecond)))

    assert shown == f"2026-01-02T03:04:05{f'.{microsecond:06d}' if microsecond else ''}Z"
