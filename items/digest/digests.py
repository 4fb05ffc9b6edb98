"""Digests of revisions. Each is computed once, as a revision never changes; an erasure voids it."""

import hashlib
from typing import Any, NamedTuple
from uuid import UUID

from database.backend.timeouts import statement_timeout
from database.query import execute, fetch_one, stream
from database.routers import use_primary
from database.sql import sql
from items.digest.item_hashes import FORCE_CUSTOM_PLAN, hash_items
from items.erasure.copies import share_erasure_lock
from items.history.as_of import VALID_AT_REVISION, snapshot_parameters
from items.history.snapshots import Snapshot

HEADING = b"dataset-digest 1\n"
# How long a request computes hashes; the next one continues.
MAX_HASHING_SECONDS = 5.0
# The time limit of the two statements that read all hashes of a revision.
MAX_STATEMENT_SECONDS = 60

FIND_DIGEST = sql(
    "find_dataset_digest",
    """
SELECT digest, erased_count FROM dataset_digest
 WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND revision = %(revision)s
""",
)
# The manifest in 256 parts, to keep each short.
READ_MANIFEST = sql(
    "read_digest_manifest",
    """
SELECT count(*), string_agg(encode(h.hash, 'hex') || E'\\n', '' ORDER BY h.hash)
  FROM (SELECT item_id, version FROM item_validity WHERE $valid_at_revision) p
  JOIN item_hash h ON h.team_id = %(project_id)s AND h.item_id = p.item_id AND h.version = p.version
 GROUP BY get_byte(h.hash, 0) ORDER BY get_byte(h.hash, 0)
""",
    valid_at_revision=VALID_AT_REVISION,
)
COUNT_ERASED = sql(
    "count_erased_items",
    """
SELECT count(*) FROM (SELECT item_id FROM item_validity WHERE $valid_at_revision) p
  JOIN dataset_erasure e ON e.team_id = %(project_id)s AND e.item_id = p.item_id
""",
    valid_at_revision=VALID_AT_REVISION,
)
KEEP_DIGEST = sql(
    "keep_dataset_digest",
    """
INSERT INTO dataset_digest (team_id, dataset_id, revision, digest, erased_count)
SELECT h.team_id, h.dataset_id, %(revision)s, %(digest)s, %(erased_count)s FROM dataset_head h
 WHERE h.team_id = %(project_id)s AND h.dataset_id = %(dataset_id)s
    ON CONFLICT DO NOTHING
""",
)


class Digest(NamedTuple):
    sha256: str
    erased_count: int  # items of the revision that have been erased

    @property
    def text(self) -> str:
        return f"sha256:{self.sha256}"


def get_digest(project_id: int, dataset_id: UUID, snapshot: Snapshot) -> Digest | None:
    """Return the stored digest or compute it; None if time ran out, and the next call continues."""
    parameters = snapshot_parameters(project_id, dataset_id, snapshot)
    if kept := fetch_one(FIND_DIGEST, parameters):
        return Digest(kept[0].hex(), kept[1])
    with use_primary():
        if not hash_items(parameters, max_seconds=MAX_HASHING_SECONDS):
            return None
        return compute_digest(parameters, snapshot.item_count)


def compute_digest(snapshot: dict[str, Any], item_count: int) -> Digest | None:
    """Return and store the digest of a revision; None if an erasure has deleted hashes meanwhile."""
    with statement_timeout(MAX_STATEMENT_SECONDS):
        execute(FORCE_CUSTOM_PLAN, {})
        share_erasure_lock(snapshot["project_id"])
        count, manifest = read_manifest(snapshot)
        if count != item_count:
            return None
        erased_count = count_erased(snapshot)
        execute(KEEP_DIGEST, snapshot | {"digest": manifest, "erased_count": erased_count})
    return Digest(manifest.hex(), erased_count)


def read_manifest(snapshot: dict[str, Any]) -> tuple[int, bytes]:
    """Return the number of items in the manifest, and its SHA-256."""
    count, manifest = 0, hashlib.sha256(HEADING)
    for part_count, part in stream(READ_MANIFEST, snapshot):
        count += part_count
        manifest.update(part.encode())
    return count, manifest.digest()


def count_erased(snapshot: dict[str, Any]) -> int:
    row = fetch_one(COUNT_ERASED, snapshot)
    return row[0] if row else 0
