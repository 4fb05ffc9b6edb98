"""Which items are wanted: query parameters as a condition over a row `i` of items or of their versions.

    conditions = read_conditions({"metadata__contains": '{"split": "test"}', "deleted": "all"})
    fetch_all(f"SELECT … FROM dataset_item i WHERE i.team_id = %(team)s AND {conditions.sql}", conditions.parameters)

Texts depend on the names of the parameters alone: what a client sends is bound, never part of a statement.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from items.finding import values
from items.finding.search import MAX_LENGTH, TEXT_COLUMNS, search_condition, search_parameters
from items.json_values import MAX_DEPTH
from items.models import JSON_COLUMNS

DELETED = "deleted"
METADATA_PATH = "metadata__"
COMPARISONS = {"gte": ">=", "gt": ">", "lte": "<=", "lt": "<"}


class Shown(StrEnum):
    """?deleted=: which items a list shows. Null is as live as false."""

    LIVE = "false"
    TRASH = "true"
    ALL = "all"


class Clause(NamedTuple):
    sql: str
    parameters: dict[str, Any]


class Conditions(NamedTuple):
    clauses: tuple[Clause, ...] = ()
    shown: Shown = Shown.LIVE

    @property
    def sql(self) -> str:
        """Of items of one dataset; also says whether deleted ones are meant. To be put behind AND."""
        return self.sql_of(of_dataset=True)

    def sql_of(self, *, of_dataset: bool) -> str:
        return f"{shown_sql(self.shown, of_dataset=of_dataset)} AND {self.content_sql}"

    @property
    def content_sql(self) -> str:
        return " AND ".join(each.sql for each in self.clauses) or "true"

    @property
    def parameters(self) -> dict[str, Any]:
        return {name: value for each in self.clauses for name, value in each.parameters.items()}


def shown_sql(shown: Shown, *, of_dataset: bool) -> str:
    """As the indexes of the lists spell it, and the one of the trash."""
    live = "i.deleted IS NOT TRUE" if of_dataset else "NOT coalesce(i.deleted, false)"
    return {Shown.LIVE: live, Shown.TRASH: "i.deleted", Shown.ALL: f"({live} OR i.deleted)"}[shown]


def read_conditions(
    parameters: Mapping[str, str], *, is_strict: bool = False, also: Collection[str] = ()
) -> Conditions:
    """Those among the parameters that are conditions; an empty one is none.

    is_strict refuses a name that is neither a condition nor one of `also`. Raises ValidationError with the name.
    """
    clauses: list[Clause] = []
    for name in sorted(parameters):
        reader = reader_of(name, len(clauses))
        if reader and parameters[name]:
            clauses.append(reader(name, parameters[name]))
        elif is_strict and not reader and name != DELETED and name not in also:
            values.refuse_unknown(name)
    return Conditions(tuple(clauses), read_shown(parameters.get(DELETED)))


def read_shown(text: str | None) -> Shown:
    if not text:
        return Shown.LIVE
    if text.lower() not in set(Shown):
        values.refuse_choice(DELETED, text)
    return Shown(text.lower())


Reader = Callable[[str, str], Clause]


def reader_of(name: str, number: int) -> Reader | None:
    """The number tells the parameters of several paths apart."""
    if name in READERS:
        return READERS[name]
    if name.startswith(METADATA_PATH) and name != METADATA_PATH:
        return partial(metadata_at, number=number)
    return None


def search(name: str, text: str) -> Clause:
    if len(text) > MAX_LENGTH:
        values.refuse(name, f"Ensure this field has no more than {MAX_LENGTH} characters.", "max_length")
    return Clause(search_condition(name), search_parameters(name, values.plain_text(name, text)))


def equals(column: str) -> Reader:
    return lambda name, text: Clause(f"i.{column} = %({name})s", {name: values.plain_text(name, text)})


def compares(column: str, operator: str) -> Reader:
    return lambda name, text: Clause(f"i.{column} {operator} %({name})s", {name: values.time(name, text)})


def contains(column: str) -> Reader:
    """A value of null is stored as none. The plan is made for the value at hand, so that any other uses the index."""
    return lambda name, text: Clause(
        f"(i.{column}::jsonb @> %({name})s::jsonb OR (%({name})s::jsonb = 'null' AND i.{column} IS NULL))",
        {name: values.json_text(name, text)},
    )


def metadata_at(name: str, text: str, *, number: int) -> Clause:
    """Keys alone lead to a scalar, so that containment says it exactly, and an index serves it."""
    path = values.plain_text(name, name.removeprefix(METADATA_PATH)).split(".")
    if len(path) > MAX_DEPTH:
        values.refuse(name, f"JSON nesting is limited to {MAX_DEPTH} levels.", "max_depth")
    spellings = [at_path(path, each) for each in values.json_spellings(values.plain_text(name, text))]
    parameters = {f"metadata_{number}_{index}": each for index, each in enumerate(spellings)}
    return Clause(f"({' OR '.join(f'i.metadata::jsonb @> %({each})s::jsonb' for each in parameters)})", parameters)


def at_path(path: list[str], value: str) -> str:
    for key in reversed(path):
        value = f"{{{values.as_json(key)}:{value}}}"
    return value


def created_by(name: str, text: str) -> Clause:
    user = values.user(name, text)
    if isinstance(user, UUID):
        sql = f"i.created_by_id = (SELECT id FROM api_auth_user WHERE uuid = %({name})s)"  # noqa: S608
        return Clause(sql, {name: user})
    return Clause(f"i.created_by_id = %({name})s", {name: user})


def id_in(name: str, text: str) -> Clause:
    return Clause(f"i.id = ANY(%({name})s)", {name: values.ids(name, text)})


def readers() -> Iterator[tuple[str, Reader]]:
    yield "search", search
    yield "created_by", created_by
    yield "id__in", id_in
    for column in TEXT_COLUMNS:
        yield column, equals(column)
    for column in JSON_COLUMNS:
        yield f"{column}__contains", contains(column)
    for column in ("created_at", "updated_at"):
        for word, operator in COMPARISONS.items():
            yield f"{column}__{word}", compares(column, operator)


READERS = dict(readers())
