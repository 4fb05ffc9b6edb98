"""The digest of a dataset's content, from the texts of its items; docs/digest.md defines it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from datasets_client._canonical import canonical_item

HEADING = b"dataset-digest 1\n"
PREFIX = "sha256:"


def item_hash(row: str) -> str:
    """Return the SHA-256 of an item's canonical form, in hexadecimal; `row` is its JSON text."""
    return hash_text(canonical_item(row)).hex()


def hash_text(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


class Digest:
    """Adds items one by one, in any order, and keeps 32 bytes of each."""

    def __init__(self) -> None:
        # Sorted bucket by bucket at the end, so that a million items never become a million objects at once.
        self._buckets = [bytearray() for _ in range(256)]
        self.count = 0

    def add(self, row: str) -> None:
        """Add an item, given by its JSON text."""
        self.add_hash(hash_text(canonical_item(row)))

    def add_hash(self, digest: bytes) -> None:
        """Add an item, given by the 32 bytes of its hash."""
        self._buckets[digest[0]] += digest
        self.count += 1

    def manifest(self) -> Iterable[bytes]:
        """Yield the manifest in parts."""
        yield HEADING
        for bucket in self._buckets:
            hashes = sorted(bytes(bucket[at : at + 32]) for at in range(0, len(bucket), 32))
            yield b"".join(digest.hex().encode() + b"\n" for digest in hashes)

    def result(self) -> str:
        """Return `sha256:…` over what was added so far."""
        total = hashlib.sha256()
        for part in self.manifest():
            total.update(part)
        return PREFIX + total.hexdigest()


def digest_rows(rows: Iterable[str]) -> str:
    """Return the digest of the items whose JSON texts are given."""
    digest = Digest()
    for row in rows:
        digest.add(row)
    return digest.result()
