"""Journals of pushes on disk: repeating an interrupted push resumes it, and stores nothing twice.

Only for pushes without a key column, whose rows the server cannot recognize. The journal is made before the first part
is sent and removed after the last one; its push id makes the idempotency keys, so that the part that was under way when
the process died is stored once, whether or not it had arrived.
"""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from pathlib import Path
from typing import Any

from datasets_client._cache import write_atomically
from datasets_client._errors import UnfinishedPush

# The server keeps idempotency keys for 24 hours.
MAX_AGE_SECONDS = 23 * 3600


class Journal:
    """The journal of one push."""

    def __init__(self, path: Path, push_id: str, parts: list[dict[str, Any]], started: float) -> None:
        self.path, self.push_id, self.parts, self.started = path, push_id, parts, started

    @classmethod
    def open(cls, folder: Path, target: str, first_part: bytes, *, resume: bool = True) -> Journal:
        """Return the journal of an interrupted push that began with the same part, or a new one."""
        path = folder / "pushes" / f"{hashlib.sha256(target.encode() + first_part).hexdigest()}.json"
        if resume and (found := cls.read(path)):
            return found
        return cls(path, uuid.uuid4().hex, [], time.time())

    @classmethod
    def read(cls, path: Path) -> Journal | None:
        try:
            notes = json.loads(path.read_text("utf-8"))
            journal = cls(path, notes["push_id"], notes["parts"], notes["started"])
        except (OSError, ValueError, KeyError):
            return None
        if time.time() - journal.started > MAX_AGE_SECONDS:
            raise UnfinishedPush(
                "A push of these rows was interrupted more than 23 hours ago, and cannot be continued safely. See what"
                " the dataset holds, then push the rows that are missing with resume=False."
            )
        return journal

    def key(self, index: int, part: bytes) -> str:
        """Return the idempotency key of a part, which is written down before it is sent."""
        digest = part_hash(part)
        if index == len(self.parts):
            self.parts.append({"sha256": digest, "answer": None})
            self.save()
        elif self.parts[index]["sha256"] != digest:
            raise UnfinishedPush(
                f"An interrupted push began with the same rows, but part {index + 1} had other ones. Push the same rows"
                " to finish it, or pass resume=False to store all of these."
            )
        return f"{self.push_id}-{index}"

    def answer(self, index: int, part: bytes) -> dict[str, Any] | None:
        """Return what the server answered to a part that is stored already."""
        if index < len(self.parts) and self.parts[index]["sha256"] == part_hash(part):
            answer: dict[str, Any] | None = self.parts[index]["answer"]
            return answer
        return None

    def record(self, index: int, answer: dict[str, Any]) -> None:
        self.parts[index]["answer"] = {name: value for name, value in answer.items() if isinstance(value, int)}
        self.save()

    def forget(self, index: int) -> None:
        """A refused part stored nothing, so that it may have other rows the next time."""
        del self.parts[index:]
        if self.parts:
            self.save()
        else:
            self.remove()

    def save(self) -> None:
        notes = {"push_id": self.push_id, "started": self.started, "parts": self.parts}
        write_atomically(self.path, json.dumps(notes) + "\n")

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)


def part_hash(part: bytes) -> str:
    return hashlib.sha256(part).hexdigest()
