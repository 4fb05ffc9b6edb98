"""Render the effect of a change of datasets.lock as Markdown for a pull request."""

from __future__ import annotations

import difflib
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from datasets_client._errors import LockError
from datasets_client._json_text import JSON, write_json
from datasets_client._lock import Lock, LockedDataset, parse_lock
from datasets_client._results import Change, Diff

MAX_CHANGES = 50
MAX_VALUE = 300


@dataclass(frozen=True)
class LockChange:
    """One dataset in two lock files; None where one lacks it."""

    name: str
    before: LockedDataset | None
    after: LockedDataset | None

    @property
    def is_comparable(self) -> bool:
        return self.before is not None and self.after is not None and self.before.id == self.after.id


def lock_changes(before: Lock, after: Lock) -> list[LockChange]:
    """Return the datasets whose entries differ."""
    names = sorted(before.datasets.keys() | after.datasets.keys())
    pairs = [LockChange(name, before.datasets.get(name), after.datasets.get(name)) for name in names]
    return [pair for pair in pairs if pair.before != pair.after]


def lock_at(git_ref: str, path: Path) -> Lock:
    """Return the lock file as it is in a commit; one without it locks nothing. Raises LockError."""
    folder = path.absolute().parent
    if git_ref.startswith("-"):
        raise LockError(f"{git_ref!r} is not the name of a commit.")
    commit = git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{git_ref}^{{commit}}")
    if commit.returncode:
        raise LockError(f"Git knows no commit {git_ref!r} here. In CI, fetch it first (fetch-depth: 0).")
    shown = git(folder, "show", f"{commit.stdout.strip()}:./{path.name}")
    return parse_lock(shown.stdout, path) if shown.returncode == 0 else Lock(path)


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603  the arguments are ours, and a commit's name
            ["git", *arguments],  # noqa: S607  Git is where the user has it
            cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60,
        )  # fmt: skip
    except OSError as error:
        raise LockError(f"Git cannot be run: {error}") from None


def to_markdown(changes: Iterable[tuple[LockChange, Diff | None]]) -> str:
    """Return the Markdown of all changes."""
    parts = ["\n".join(dataset_section(change, found)) for change, found in changes]
    return "\n\n".join(["## Datasets", *parts]) + "\n" if parts else "## Datasets\n\nNo locked dataset changed.\n"


def dataset_section(change: LockChange, found: Diff | None) -> Iterator[str]:
    before, after = change.before, change.after
    name = inline(change.name)
    if after is None:
        yield f"### {name}: no longer locked"
    elif before is None:
        yield f"### {name}: locked at revision {after.revision} ({after.items:,} items)"
    elif found is None:
        yield f"### {name}: another dataset now ({inline(before.id)} → {inline(after.id)}), revision {after.revision}"
    else:
        yield f"### {name}: revision {before.revision} → {after.revision}"
        yield ""
        yield f"{found.added:,} added, {found.changed:,} changed, {found.removed:,} removed"
        yield from diff_lines(found)


def diff_lines(found: Diff) -> Iterator[str]:
    for change in sorted(found.changes, key=lambda change: (change.change, change.case_id))[:MAX_CHANGES]:
        yield ""
        yield from change_lines(change)
    if len(found.changes) > MAX_CHANGES:
        yield ""
        yield f"… and {len(found.changes) - MAX_CHANGES:,} more."


def change_lines(change: Change) -> Iterator[str]:
    case = inline(change.case_id)
    if change.change != "changed":
        item = change.after or change.before or {}
        yield f"- **{change.change}** {case}: input {inline(shorten(item.get('input')))}"
        return
    yield f"- **changed** {case}: {', '.join(change.fields)}"
    for name in change.fields:
        yield ""
        yield from field_diff(name, (change.before or {}).get(name), (change.after or {}).get(name))


def field_diff(name: str, before: JSON, after: JSON) -> Iterator[str]:
    """Yield a fenced diff of one field, whose fence is longer than any in the texts."""
    lines = [*difflib.ndiff(value_lines(before), value_lines(after))]
    body = [f"{line[0]} {line[2:]}" for line in lines if line[0] in "-+ "]
    fence = "`" * max(3, max_backtick_run("\n".join(body)) + 1)
    yield f"  {fence}diff"
    yield f"  # {name}"
    yield from (f"  {line}" for line in body)
    yield f"  {fence}"


def value_lines(value: JSON) -> list[str]:
    if isinstance(value, str):
        return [cut(line) for line in value.splitlines()] or ['""']
    if isinstance(value, dict):
        return [cut(f"{key}: {write_json(member)}") for key, member in value.items()] or ["{}"]
    return [cut(write_json(value))]


def shorten(value: JSON) -> str:
    return cut(write_json(value), 120)


def cut(text: str, length: int = MAX_VALUE) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def inline(text: str) -> str:
    """Return a text as Markdown code, whatever marks are in it."""
    mark = "`" * (max_backtick_run(text) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{mark}{space}{' '.join(text.split())}{space}{mark}"


def max_backtick_run(text: str) -> int:
    max_run = run = 0
    for character in text:
        run = run + 1 if character == "`" else 0
        max_run = max(max_run, run)
    return max_run
