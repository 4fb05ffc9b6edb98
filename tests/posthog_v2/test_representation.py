"""Derived ids, and one representation of an item however it is read."""

from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthog_v2.representation import derive_id
from posthog_v2.serializers import MAX_NUMBER
from tests.dataset_client import ok
from tests.posthog_v2.v2_client import V2Client

TIMES = ["2026-01-02T03:04:05+02:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.1Z"]


@given(st.uuids(), st.integers(1, MAX_NUMBER))
def test_derived_ids_are_uuids_of_version_5(owner: UUID, number: int) -> None:
    assert derive_id(owner, number) == derive_id(str(owner), number) == str(uuid5(owner, str(number)))


@pytest.mark.parametrize("time", TIMES)
def test_every_way_to_read_an_item_has_the_same_bytes(v2: V2Client, time: str, monkeypatch: pytest.MonkeyPatch) -> None:
    body = """{"dataset": "%s", "input": {"b": 1.00, "a": 1e400}, "metadata": {"ü": "\\n"}, "source_output": [-0],
               "source_trace_id": "\\"t", "source_timestamp": "%s"}"""
    item = v2.api.post(v2.items, body % (v2.dataset["id"], time)).json()
    ok(v2.v1.colleague.patch(v2.v1.item_path(item), {"output": None, "metadata": [1]}))
    shown = v2.get(item).content

    def reads(query: str) -> list[Any]:
        return [v2.page(query), v2.page(f"{query}&revision=2"), v2.get(item, "versions/")]

    near = reads("")
    monkeypatch.setattr("posthog_v2.items.DEEP_OFFSET", -1)
    for response in (*near, *reads("")):
        assert shown in response.content, response.content
    assert v2.get(item, "?revision=2").content == shown
    assert v2.v1.item(item).content in v2.v1.colleague.get(f"{v2.v1.items}?dataset={v2.dataset['id']}").content
