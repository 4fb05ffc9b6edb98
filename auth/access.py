"""Who is asking and what they may touch: everything the decisions need, in one row read by one statement."""

from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Protocol, Self
from uuid import UUID

import orjson
from django.conf import settings

from auth.keys import hash_key
from auth.read_floors import HAS_REPLICA, READ_FLOOR
from auth.scopes import sufficient
from database.statements import Row, execute, fetch_all, fetch_one


@dataclass(frozen=True, slots=True)
class Person:
    """A user as `created_by` shows one."""

    id: int
    uuid: UUID
    distinct_id: str | None
    first_name: str
    last_name: str
    email: str
    is_email_verified: bool | None
    hedgehog_config: dict[str, Any] | None
    role_at_organization: str | None

    is_authenticated = True  # what DRF asks of a request's user

    @classmethod
    def from_row(cls, row: tuple[Any, ...]) -> Self:
        *others, config, role = row
        if config is not None:
            # Not spliced in as it is: PostgreSQL writes jsonb with blanks.
            config = orjson.loads(config)
        return cls(*others, config, role)  # type: ignore[call-arg]  # the others are as many as there are fields


PERSON_FIELDS = tuple(field.name for field in fields(Person))
# To be read from api_auth_user AS u.
PERSON_COLUMNS = ", ".join(f"u.{name}::text" if name == "hedgehog_config" else f"u.{name}" for name in PERSON_FIELDS)
USE_IS_DUE_AFTER = timedelta(hours=1)

# Of a key that is plainly let in. Others may be, too: what was not read along is read afterwards.
IS_PLAINLY_LET_IN = """
       m.level IS NOT NULL AND o.members_can_use_personal_api_keys AND k.scopes::text[] && %(scopes)s
       AND coalesce(cardinality(k.scoped_teams), 0) = 0 AND coalesce(cardinality(k.scoped_organizations), 0) = 0"""


def find_access_statement(project: str, along: str | None = None) -> str:
    """One text for each way to name a project: with both in one, PostgreSQL would plan it anew at every request.

    `along` is a read of one row. OFFSET 0 keeps PostgreSQL from reading first and asking then for whom.
    """
    columns = join = ""
    if along:
        columns = ", along.*"
        join = f"""LEFT JOIN LATERAL (
       SELECT read.* FROM ({along}) read WHERE {IS_PLAINLY_LET_IN} OFFSET 0) along ON true"""  # noqa: S608
    return f"""
SELECT k.id, k.scopes, k.scoped_teams, k.scoped_organizations, k.last_used_at,
       p.id, o.id, o.name, o.members_can_use_personal_api_keys, m.level, {READ_FLOOR},
       {PERSON_COLUMNS}{columns}
  FROM api_auth_personalapikey k
  JOIN api_auth_user u ON u.id = k.user_id
  LEFT JOIN api_auth_project p ON p.id = {project}
  LEFT JOIN api_auth_organization o ON o.id = p.organization_id
  LEFT JOIN api_auth_membership m ON m.organization_id = o.id AND m.user_id = u.id
  {join}
 WHERE k.secure_value = %(secure_value)s AND u.is_active
"""  # noqa: S608  put together from constants


FIND_ACCESS = find_access_statement("%(project)s")
FIND_ACCESS_TO_CURRENT = find_access_statement("""coalesce(u.current_team_id, (
       SELECT min(reachable.id) FROM api_auth_project reachable
         JOIN api_auth_membership own ON own.organization_id = reachable.organization_id AND own.user_id = u.id))""")

# Where in its row the person begins, and what is read along.
PERSON_AT = 11
ALONG_AT = PERSON_AT + len(PERSON_FIELDS)

RECORD_USE = """
UPDATE api_auth_personalapikey SET last_used_at = %(now)s
 WHERE id = %(key)s AND (last_used_at IS NULL OR last_used_at < %(due)s)
"""

FIND_PEOPLE = f"SELECT {PERSON_COLUMNS} FROM api_auth_user u WHERE u.id = ANY(%s)"  # noqa: S608


class OrganizationPolicy(Protocol):
    """What the decisions need to know of an organisation; the model Organization has it too."""

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


@dataclass(frozen=True, slots=True)
class ProjectAccess:
    """The project that a URL names, and how the asking user stands to it (level None: not a member)."""

    id: int
    organization: OrganizationRow
    level: int | None


@dataclass(frozen=True, slots=True)
class Access:
    """A known key, its user and, under a project prefix, the project (None: there is no such project)."""

    key_id: str
    scopes: tuple[str, ...]
    scoped_teams: tuple[int, ...]
    scoped_organizations: tuple[str, ...]
    last_used_at: datetime | None
    project: ProjectAccess | None
    person: Person
    # How far a replica must be for this user to read from it; None: nobody knows.
    read_floor: int | None
    # What was read along with all this; empty or nulls where nothing was: see Along.
    along: Row = ()

    @property
    def is_use_due(self) -> bool:
        return self.last_used_at is None or datetime.now(UTC) - self.last_used_at > USE_IS_DUE_AFTER

    def record_use(self) -> None:
        now = datetime.now(UTC)
        execute(RECORD_USE, {"now": now, "key": self.key_id, "due": now - USE_IS_DUE_AFTER})


class Along(NamedTuple):
    """A read of one row of the project by the statement that finds access: one way to the database instead of two.

    That the row has been read decides nothing: nobody is shown it before all decisions about access. If it was not
    read, it may still be there.
    """

    statement: str  # by find_access_statement
    parameters: dict[str, Any]
    scope: str  # which the request needs


def find_access(
    key: str, *, project_id: int | None, current_project: bool = False, along: Along | None = None
) -> Access | None:
    """None for an unknown key and for one of an inactive user. `current_project` stands for @current.

    Nothing is read along where the project's number is not known yet, where a replica could be asked for it, and where
    a refusal by the rate limits would cost as much as an answer.
    """
    statement = FIND_ACCESS_TO_CURRENT if current_project else FIND_ACCESS
    parameters: dict[str, Any] = {"secure_value": hash_key(key), "project": project_id}
    if along and project_id is not None and not HAS_REPLICA and not settings.RATE_LIMIT_ENABLED:
        statement = along.statement
        parameters |= along.parameters | {"scopes": sorted(sufficient(along.scope))}
    row = fetch_one(statement, parameters)
    if row is None:
        return None
    key_id, scopes, teams, organizations, last_used_at, found_id, *of_project, read_floor = row[:PERSON_AT]
    project = ProjectAccess(found_id, OrganizationRow(*of_project[:3]), of_project[3]) if found_id is not None else None
    return Access(
        key_id=key_id,
        scopes=tuple(scopes or ()),
        scoped_teams=tuple(teams or ()),
        scoped_organizations=tuple(organizations or ()),
        last_used_at=last_used_at,
        project=project,
        person=Person.from_row(row[PERSON_AT:ALONG_AT]),
        read_floor=read_floor,
        along=row[ALONG_AT:],
    )


def find_people(ids: list[int]) -> dict[int, Person]:
    people = map(Person.from_row, fetch_all(FIND_PEOPLE, [ids]))
    return {person.id: person for person in people}
