"""datasets.lock: which revision of which dataset a repository uses, and the digest of its content."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from datasets_client._errors import LockError
from datasets_client._refs import Connection, DatasetRef, Identity, Pin, Snapshot

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # pyright: ignore[reportMissingImports]  only Python 3.10 has it

LOCK_NAME = "datasets.lock"
LOCK_VERSION = 1
HEAD = f"""\
# Made by `dsets lock`. Commit this file, and review its changes as you review code.
version = {LOCK_VERSION}
"""
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True)
class LockedDataset:
    """One dataset of a lock file."""

    name: str
    url: str
    id: str
    revision: int
    items: int
    digest: str
    tag: str | None = None

    def ref(self, connection: Connection) -> DatasetRef:
        """Return the dataset at the locked revision."""
        identity = Identity(self.name, self.id, self.name)
        snapshot = Snapshot(self.revision, self.items, self.digest)
        return DatasetRef(connection, identity, Pin(revision=self.revision), snapshot)

    def to_toml(self) -> str:
        lines = [f"\n[datasets.{toml_key(self.name)}]", f"url = {toml_text(self.url)}", f"id = {toml_text(self.id)}"]
        lines += [f"tag = {toml_text(self.tag)}"] if self.tag else []
        lines += [f"revision = {self.revision}", f"items = {self.items}", f"digest = {toml_text(self.digest)}"]
        return "\n".join(lines) + "\n"


@dataclass
class Lock:
    """A lock file."""

    path: Path
    datasets: dict[str, LockedDataset] = field(default_factory=dict[str, LockedDataset])

    def get(self, name: str) -> LockedDataset:
        if name not in self.datasets:
            raise LockError(f"{self.path} does not lock {name!r}. Run `dsets lock {name}` and commit the file.")
        return self.datasets[name]

    def put(self, locked: LockedDataset) -> None:
        self.datasets[locked.name] = locked

    def to_toml(self) -> str:
        return HEAD + "".join(self.datasets[name].to_toml() for name in sorted(self.datasets))

    def save(self) -> None:
        part = self.path.with_name(f".{self.path.name}.part")
        part.write_text(self.to_toml(), "utf-8", newline="\n")
        part.replace(self.path)


def toml_text(text: str) -> str:
    """Return a TOML basic string, which is a JSON string apart from U+007F."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def toml_key(name: str) -> str:
    return name if BARE_KEY.fullmatch(name) else toml_text(name)


def read_lock(path: Path, *, missing_ok: bool = False) -> Lock:
    """Return a lock file; raises LockError where it is missing or unreadable."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        if missing_ok:
            return Lock(path)
        raise LockError(f"{path} is missing. Run `dsets lock NAME` and commit the file.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise LockError(f"{path} cannot be read: {error}") from None
    return parse_lock(text, path)


def parse_lock(text: str, path: Path) -> Lock:
    """Return the lock file that a text is; raises LockError."""
    try:
        body = tomllib.loads(text)
    except ValueError as error:
        raise LockError(f"{path} is not TOML: {error}") from None
    if body.get("version") != LOCK_VERSION:
        raise LockError(f"{path} has version {body.get('version')!r}; this package reads version {LOCK_VERSION}.")
    datasets = body.get("datasets", {})
    return Lock(path, {name: parse_entry(name, entry, path) for name, entry in datasets.items()})


def parse_entry(name: str, entry: Mapping[str, Any], path: Path) -> LockedDataset:
    try:
        locked = LockedDataset(
            name=name, url=entry["url"], id=entry["id"], revision=entry["revision"], items=entry["items"],
            digest=entry["digest"], tag=entry.get("tag"),
        )  # fmt: skip
    except (KeyError, TypeError) as error:
        raise LockError(f"{path}: the entry {name!r} lacks {error}.") from None
    is_sound = type(locked.revision) is int and type(locked.items) is int and DIGEST.fullmatch(str(locked.digest))
    if not is_sound:
        raise LockError(f"{path}: the entry {name!r} has no sound revision, items and digest.")
    return locked
