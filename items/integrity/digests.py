"""Rules about the hashes of items, and the digests of revisions."""

from database.sql import fragment
from items.digest.canonical import CanonicalWriter, ItemContent
from items.digest.item_hashes import hash_item
from items.integrity.rule import Rule
from items.rows import CONTENT_COLUMNS

HASH_OF_NULLS = hash_item(CanonicalWriter(), ItemContent(*[None] * len(CONTENT_COLUMNS))).hex()

DIGESTS = (
    Rule(
        "hashes",
        "Every hash is of an existing version; an erased item's is the hash of six nulls.",
        fragment(
            """
        SELECT h.team_id AS project, h.item_id AS item, h.version, encode(h.hash, 'hex') AS hash FROM item_hash h
          LEFT JOIN dataset_item i ON i.team_id = h.team_id AND i.id = h.item_id
          LEFT JOIN dataset_erasure e ON e.team_id = h.team_id AND e.item_id = h.item_id
         WHERE i.version IS NULL OR h.version > i.version
            OR e.id IS NOT NULL AND encode(h.hash, 'hex') <> '$hash_of_nulls'
        """,
            hash_of_nulls=HASH_OF_NULLS,
        ),
    ),
    Rule(
        "digests",
        "Every digest is of an existing revision, and later than all erasures of its items.",
        """
        SELECT d.team_id AS project, d.dataset_id AS dataset, d.revision, d.erased_count FROM dataset_digest d
         WHERE d.revision NOT BETWEEN 0 AND (
                 SELECT h.revision FROM dataset_head h WHERE h.team_id = d.team_id AND h.dataset_id = d.dataset_id)
            OR d.erased_count <> (
                 SELECT count(*) FROM item_validity p
                   JOIN dataset_erasure e ON e.team_id = p.team_id AND e.item_id = p.item_id
                  WHERE p.team_id = d.team_id AND p.dataset_id = d.dataset_id
                    AND p.valid_from <= d.revision AND p.valid_to > d.revision)
        """,
    ),
)
