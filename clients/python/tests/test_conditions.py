"""Conditions: the parameters that they become, and what cached items are judged by."""

from datetime import datetime, timezone
from typing import Any

import pytest

from datasets_client._conditions import CannotJudge, matches, parameters

ITEM: dict[str, Any] = {
    "id": "1", "ref_source_id": "a", "input": {"question": "Tax REFUND?", "n": 10}, "output": "x",
    "metadata": {"split": "pr", "level": 7, "ok": True, "deep": {"er": "y"}, "none": None, "text": "7"},
}  # fmt: skip


def test_plain_names_are_keys_of_metadata() -> None:
    given = parameters({
        "split": "test", "search": "refund", "input__question__icontains": "tax", "metadata__a__b": 7, "level__gte": 3,
        "output__contains": None, "ref_source_id__x": "y", "level__in": [1, 2], "ok": True,
        "created_at__gte": datetime(2026, 1, 1, tzinfo=timezone.utc),
    })  # fmt: skip

    assert given == {
        "metadata__split": "test", "search": "refund", "input__question__icontains": "tax", "metadata__a.b": "7",
        "metadata__level__gte": "3", "output__contains": "null", "metadata__ref_source_id.x": "y",
        "metadata__level__in": "1,2", "metadata__ok": "true", "created_at__gte": "2026-01-01T00:00:00+00:00",
    }  # fmt: skip


@pytest.mark.parametrize("conditions", [{"split": ""}, {"search": ""}, {"level__in": []}])
def test_an_empty_condition_is_refused_since_it_would_show_everything(conditions: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="empty"):
        parameters(conditions)


def test_null_is_asked_for_by_contains() -> None:
    with pytest.raises(TypeError, match="metadata__contains"):
        parameters({"split": None})


MET = [
    {"split": "pr"}, {"level": 7}, {"level": "7"}, {"level": 7.0}, {"text": 7}, {"ok": True}, {"deep__er": "y"},
    {"split__ne": "full"}, {"missing__ne": "full"}, {"split__in": ["a", "pr"]}, {"level__gt": 6}, {"level__gte": 7},
    {"level__lt": 7.5}, {"split__gt": "pq"}, {"split__exists": True}, {"missing__exists": False},
    {"input__question__icontains": "tax refund"}, {"ref_source_id": "a"}, {"id__in": ["1", "2"]}, {"input__n__lte": 10},
]  # fmt: skip
UNMET = [
    {"split": "PR"}, {"level": 8}, {"ok": "True"}, {"deep": "y"}, {"none": "null"}, {"split__ne": "pr"},
    {"level__gt": 7}, {"missing__gt": 1}, {"missing__exists": True}, {"ref_source_id": "b"}, {"id__in": ["2"]},
]  # fmt: skip


@pytest.mark.parametrize("conditions", MET, ids=str)
def test_conditions_that_the_item_meets(conditions: dict[str, Any]) -> None:
    assert matches(ITEM, parameters(conditions))


@pytest.mark.parametrize("conditions", UNMET, ids=str)
def test_conditions_that_the_item_does_not_meet(conditions: dict[str, Any]) -> None:
    assert not matches(ITEM, parameters(conditions))


@pytest.mark.parametrize("conditions", [{"search": "x"}, {"created_by": 1}, {"metadata__contains": {}}], ids=str)
def test_conditions_that_only_the_server_can_judge_are_refused(conditions: dict[str, Any]) -> None:
    with pytest.raises(CannotJudge):
        matches(ITEM, parameters(conditions))
