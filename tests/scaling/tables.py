"""All tables by kind; a test fails for a table without a kind."""

import re

# Tables of projects, distributed by team_id so that all rows of a project are on one machine. Foreign keys refer to
# earlier tables only.
TEAM_OWNED = (
    "dataset",
    "project_head",
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
# Small and rarely written tables, copied to every machine.
REFERENCE = (
    "api_auth_organization",
    "api_auth_project",
    "api_auth_user",
    "api_auth_membership",
    "api_auth_personalapikey",
)
# Tables on one machine, never queried together with others.
LOCAL = ("api_auth_ratelimit", "api_auth_replicaposition", "django_migrations")

NAMES_A_TEAM_OWNED_TABLE = re.compile(rf"\b({'|'.join(TEAM_OWNED)})\b")
