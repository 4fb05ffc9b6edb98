"""The key, user and project of a request, and everything else that access depends on, fetched by one statement."""

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol, Self
from uuid import UUID

import orjson

from auth.api_keys.tokens import hash_key
from auth.key_uses import USE_IS_DUE_AFTER, key_uses
from auth.prefetch import PrefetchQuery, can_prefetch
from auth.replica.positions import MIN_LSN
from database.query import Row, fetch_all, fetch_one
from database.sql import fragment, sql


# Not frozen: a frozen dataclass sets each field through object.__setattr__, which took 2 % of a retrieve.
@dataclass(slots=True)
class UserRow:
    """A user, with the fields that `created_by` shows."""

    id: int
    uuid: UUID
    distinct_id: str | None
    first_name: str
    last_name: str
    email: str
    is_email_verified: bool | None
    hedgehog_config: dict[str, Any] | None
    role_at_organization: str | None

    is_authenticated = True  # DRF reads it

    @classmethod
    def from_row(cls, row: tuple[Any, ...]) -> Self:
        *others, config, role = row
        if config is not None:
            # Parsed and written again, because PostgreSQL formats jsonb with spaces.
            config = orjson.loads(config)
        return cls(*others, config, role)  # type: ignore[call-arg]  # one value per field


USER_FIELDS = tuple(field.name for field in fields(UserRow))
# The columns of api_auth_user AS u.
USER_COLUMNS = ", ".join(f"u.{name}::text" if name == "hedgehog_config" else f"u.{name}" for name in USER_FIELDS)

# Sufficient for access but not necessary: without it, the row is fetched later, once access is decided.
HAS_UNRESTRICTED_ACCESS = """
       m.level IS NOT NULL AND o.members_can_use_personal_api_keys AND k.scopes::text[] && %(scopes)s::text[]
       AND coalesce(cardinality(k.scoped_teams), 0) = 0 AND coalesce(cardinality(k.scoped_organizations), 0) = 0"""


ACCESS_SQL = """
SELECT k.id, k.scopes, k.scoped_teams, k.scoped_organizations, k.last_used_at,
       p.id, o.id, o.name, o.members_can_use_personal_api_keys, m.level, $min_lsn,
       $user_columns$prefetched_columns
  FROM api_auth_personalapikey k
  JOIN api_auth_user u ON u.id = k.user_id
  LEFT JOIN api_auth_project p ON p.id = $project
  LEFT JOIN api_auth_organization o ON o.id = p.organization_id
  LEFT JOIN api_auth_membership m ON m.organization_id = o.id AND m.user_id = u.id
  $prefetch_join
 WHERE k.secure_value = %(secure_value)s AND u.is_active
"""
# OFFSET 0 makes PostgreSQL evaluate the condition before it reads the row.
PREFETCH_JOIN = """LEFT JOIN LATERAL (
       SELECT read.* FROM ($prefetch) read WHERE $has_unrestricted_access OFFSET 0) prefetched ON true"""


def access_sql(name: str, project: str, prefetch: str | None = None) -> str:
    """Build the statement for one way to name a project: with both ways in one, PostgreSQL would replan each execution.

    `prefetch` selects one row.
    """
    join = ""
    if prefetch:
        join = fragment(PREFETCH_JOIN, prefetch=prefetch, has_unrestricted_access=HAS_UNRESTRICTED_ACCESS)
    return sql(
        name,
        ACCESS_SQL,
        project=project,
        min_lsn=MIN_LSN,
        user_columns=USER_COLUMNS,
        prefetched_columns=", prefetched.*" if prefetch else "",
        prefetch_join=join,
    )


FETCH_ACCESS = access_sql("fetch_access", "%(project_id)s")
FETCH_ACCESS_TO_CURRENT = access_sql(
    "fetch_access_to_current_project",
    """coalesce(u.current_team_id, (
       SELECT min(visible.id) FROM api_auth_project visible
         JOIN api_auth_membership own ON own.organization_id = visible.organization_id AND own.user_id = u.id))""",
)

# The indexes at which the user's columns and the prefetched columns begin.
USER_OFFSET = 11
PREFETCH_OFFSET = USER_OFFSET + len(USER_FIELDS)

FETCH_USERS = sql("fetch_users", "SELECT $columns FROM api_auth_user u WHERE u.id = ANY(%(ids)s)", columns=USER_COLUMNS)


class OrganizationPolicy(Protocol):
    """The organization's fields that access depends on; both OrganizationRow and the model have them."""

    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def members_can_use_personal_api_keys(self) -> bool: ...


class OrganizationRow(NamedTuple):
    id: UUID
    name: str
    members_can_use_personal_api_keys: bool


@dataclass(slots=True)
class ProjectAccess:
    """The project in the URL, and the user's level in its organization; None if the user is not a member."""

    id: int
    organization: OrganizationRow
    level: int | None


@dataclass(slots=True)
class Access:
    """A valid key, its user and the project in the URL; the project is None if there is none or it does not exist."""

    key_id: str
    scopes: tuple[str, ...]
    scoped_teams: tuple[int, ...]
    scoped_organizations: tuple[str, ...]
    last_used_at: datetime | None
    project: ProjectAccess | None
    user: UserRow
    # The position that a replica must have replayed for this user to read from it; None if unknown.
    min_lsn: int | None
    # The prefetched row: empty without a prefetch, NULLs if no row was fetched; see prefetch.py.
    prefetch: Row = ()

    @property
    def is_use_due(self) -> bool:
        return self.last_used_at is None or datetime.now(UTC) - self.last_used_at > USE_IS_DUE_AFTER

    def record_use(self) -> None:
        key_uses.record(self.key_id)


def fetch_access(
    key: str, *, project_id: int | None, current_project: bool = False, prefetch: PrefetchQuery | None = None
) -> Access | None:
    """Return None for an unknown key and for an inactive user's key. `current_project` stands for @current."""
    statement = FETCH_ACCESS_TO_CURRENT if current_project else FETCH_ACCESS
    parameters: dict[str, Any] = {"secure_value": hash_key(key), "project_id": project_id}
    if prefetch and can_prefetch(project_id):
        statement = prefetch.statement
        parameters |= prefetch.parameters
    row = fetch_one(statement, parameters)
    if row is None:
        return None
    key_id, scopes, teams, organizations, last_used_at, project_key, *of_project, min_lsn = row[:USER_OFFSET]
    project = (
        ProjectAccess(project_key, OrganizationRow(*of_project[:3]), of_project[3]) if project_key is not None else None
    )
    return Access(
        key_id=key_id,
        scopes=tuple(scopes or ()),
        scoped_teams=tuple(teams or ()),
        scoped_organizations=tuple(organizations or ()),
        last_used_at=last_used_at,
        project=project,
        user=UserRow.from_row(row[USER_OFFSET:PREFETCH_OFFSET]),
        min_lsn=min_lsn,
        prefetch=row[PREFETCH_OFFSET:],
    )


def fetch_users(ids: list[int]) -> dict[int, UserRow]:
    users = map(UserRow.from_row, fetch_all(FETCH_USERS, {"ids": ids}))
    return {user.id: user for user in users}
