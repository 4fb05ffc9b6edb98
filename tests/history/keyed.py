"""Requests with an Idempotency-Key, and what may be compared of their answers and effects."""

from typing import Any

from items.models import Dataset, DatasetChange, DatasetItem, DatasetTag

REPEATED = ("ETag", "Dataset-Revision")


def keyed(value: str) -> dict[str, str]:
    return {"Idempotency-Key": value}


def rows() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Dataset, DatasetItem, DatasetChange, DatasetTag))


def kept(answer: Any) -> tuple[int, bytes, list[Any], Any]:
    """What a replay repeats."""
    headers = [answer.headers.get(name) for name in REPEATED]
    return answer.status_code, answer.content, headers, answer.headers["Content-Type"]
