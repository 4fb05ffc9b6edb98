"""Which tables are there? Each is one of these; a test fails for a table that is none."""

import re

# Owned by a project: split by team_id, with all that belongs to one project in one place. In an order in which each
# refers to earlier ones only.
TEAM_OWNED = (
    "dataset",
    "dataset_head",
    "dataset_item",
    "dataset_change",
    "dataset_tag",
    "dataset_schema",
    "dataset_digest",
    "dataset_erasure",
    "item_validity",
    "item_version",
    "item_fork_origin",
    "item_source",
    "item_hash",
    "idempotency_record",
)
# Small and seldom written: the same everywhere.
REFERENCE = (
    "api_auth_organization",
    "api_auth_project",
    "api_auth_user",
    "api_auth_membership",
    "api_auth_personalapikey",
)
# Asked for in one place, never together with the others.
LOCAL = ("api_auth_ratelimit", "api_auth_replicaposition", "django_migrations")

NAMES_A_TEAM_OWNED_TABLE = re.compile(rf"\b({'|'.join(TEAM_OWNED)})\b")
