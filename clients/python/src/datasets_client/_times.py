"""Times as the API writes them, for Pythons whose fromisoformat knows no Z."""

from __future__ import annotations

from datetime import datetime


def read_time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def read_optional_time(text: str | None) -> datetime | None:
    return None if text is None else read_time(text)
