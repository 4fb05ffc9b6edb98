"""Revisions kept on disk: a revision never changes, so it is fetched once.

`<cache>/<dataset id>/<revision>.jsonl` has the rows as the server exported them, and `.json` beside it their count, the
SHA-256 of the file, and the digest of the content where it was asked for. Files are written beside and renamed, so that
a process that is killed leaves no half file under a good name.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO

from datasets_client._digest import Digest


@dataclass(frozen=True)
class CachedRevision:
    """A revision on disk."""

    path: Path
    items: int
    sha256: str
    digest: str | None = None

    def lines(self) -> Iterator[str]:
        """Yield the texts of the items, oldest first."""
        with self.path.open(encoding="utf-8", newline="\n") as file:
            for line in file:
                yield line[:-1]


class Cache:
    """The folder of cached revisions; None keeps nothing beyond the process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.verified: set[Path] = set()

    def path_of(self, dataset_id: str, revision: int) -> Path:
        return self.folder / "revisions" / dataset_id.lower() / f"{revision}.jsonl"

    def find(self, dataset_id: str, revision: int) -> CachedRevision | None:
        """Return a revision if it is here, and whole."""
        path = self.path_of(dataset_id, revision)
        try:
            notes = json.loads(path.with_suffix(".json").read_text("utf-8"))
            found = CachedRevision(path, notes["items"], notes["sha256"], notes.get("digest"))
            if path not in self.verified:
                if file_hash(path) != found.sha256:
                    return None
                self.verified.add(path)
        except (OSError, ValueError, KeyError):
            return None
        return found

    @contextmanager
    def write(self, dataset_id: str, revision: int) -> Generator[RevisionWriter, None, None]:
        """Take the lines of a revision; it is there once the block ends without an error."""
        path = self.path_of(dataset_id, revision)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = tempfile.mkstemp(prefix=f"{revision}-", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                writer = RevisionWriter(file)
                yield writer
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        self.save_notes(CachedRevision(path, writer.items, writer.hash.hexdigest()))

    def save_notes(self, cached: CachedRevision) -> None:
        notes = {name: value for name, value in asdict(cached).items() if name != "path"}
        write_atomically(cached.path.with_suffix(".json"), json.dumps(notes) + "\n")

    def digest_of(self, cached: CachedRevision) -> str:
        """Return the digest of a cached revision, computed once and kept."""
        if cached.digest is not None:
            return cached.digest
        digest = Digest()
        for line in cached.lines():
            digest.add(line)
        self.save_notes(replace(cached, digest=digest.result()))
        return digest.result()

    def find_versions(self, dataset_id: str, revision: int) -> dict[str, int] | None:
        """Return the versions of the items of a revision, by id, if they are here."""
        path = self.path_of(dataset_id, revision).with_suffix(".versions.json")
        try:
            return {str(name): int(version) for name, version in json.loads(path.read_text("utf-8")).items()}
        except (OSError, ValueError, AttributeError):
            return None

    def save_versions(self, dataset_id: str, revision: int, versions: dict[str, int]) -> None:
        path = self.path_of(dataset_id, revision).with_suffix(".versions.json")
        write_atomically(path, json.dumps(versions) + "\n")

    def remove(self, dataset_id: str, revision: int) -> None:
        """Forget a revision."""
        path = self.path_of(dataset_id, revision)
        path.with_suffix(".json").unlink(missing_ok=True)
        path.unlink(missing_ok=True)

    def remember_name(self, project_url: str, name: str, dataset_id: str) -> None:
        """Save the id of a name, for use while the server is away."""
        write_atomically(self.name_path(project_url, name), json.dumps({"name": name, "id": dataset_id}) + "\n")

    def recall_name(self, project_url: str, name: str) -> str | None:
        try:
            return str(json.loads(self.name_path(project_url, name).read_text("utf-8"))["id"])
        except (OSError, ValueError, KeyError):
            return None

    def name_path(self, project_url: str, name: str) -> Path:
        return self.folder / "names" / (hashlib.sha256(f"{project_url}\n{name}".encode()).hexdigest() + ".json")


class RevisionWriter:
    """Lines on their way to disk, counted and hashed."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.hash = hashlib.sha256()
        self.items = 0

    def add(self, line: bytes) -> None:
        self.file.write(line + b"\n")
        self.hash.update(line + b"\n")
        self.items += 1


def file_hash(path: Path) -> str:
    total = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1024 * 1024):
            total.update(chunk)
    return total.hexdigest()


def write_atomically(path: Path, text: str) -> None:
    """Write a file that only its owner can read."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).replace(path)
