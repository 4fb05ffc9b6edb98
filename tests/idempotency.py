"""Helpers for requests with an Idempotency-Key: the comparable parts of their responses and effects."""

from typing import Any

from items.models import ChangeLogEntry, Dataset, DatasetItem, DatasetTag

REPLAYED_HEADERS = ("ETag", "Dataset-Revision")


def idempotency_key(value: str) -> dict[str, str]:
    return {"Idempotency-Key": value}


def row_counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Dataset, DatasetItem, ChangeLogEntry, DatasetTag))


def replayable(answer: Any) -> tuple[int, bytes, list[Any], Any]:
    """Return the parts of a response that a replay repeats."""
    headers = [answer.headers.get(name) for name in REPLAYED_HEADERS]
    return answer.status_code, answer.content, headers, answer.headers["Content-Type"]
