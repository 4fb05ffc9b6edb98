"""Which items are wanted: query parameters as a condition over a row `i` of items or of their versions.

    conditions = read_conditions({"metadata__contains": '{"split": "test"}', "deleted": "all"})
    fetch_all(f"SELECT … FROM dataset_item i WHERE i.team_id = %(project_id)s AND {conditions.sql}", conditions.parameters)

Texts depend on the names of the parameters alone: what a client sends is bound, never part of a statement.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from items import query_params
from items.json_text import MAX_DEPTH
from items.models import JSON_COLUMNS
from items.search.text import MAX_SEARCH_LENGTH, TEXT_COLUMNS, search_params, search_sql

DELETED = "deleted"
METADATA_PREFIX = "metadata__"
COMPARISONS = {"gte": ">=", "gt": ">", "lte": "<=", "lt": "<"}


class DeletedFilter(StrEnum):
    """?deleted=: which items a list shows. Null is as live as false."""

    LIVE = "false"
    ARCHIVED = "true"
    ALL = "all"


class Clause(NamedTuple):
    sql: str
    parameters: dict[str, Any]


class Conditions(NamedTuple):
    clauses: tuple[Clause, ...] = ()
    deleted_filter: DeletedFilter = DeletedFilter.LIVE

    @property
    def sql(self) -> str:
        """Of items of one dataset; also says whether deleted ones are meant. To be put behind AND."""
        return self.sql_for(in_dataset=True)

    def sql_for(self, *, in_dataset: bool) -> str:
        return f"{deleted_filter_sql(self.deleted_filter, in_dataset=in_dataset)} AND {self.content_sql}"

    @property
    def content_sql(self) -> str:
        return " AND ".join(each.sql for each in self.clauses) or "true"

    @property
    def parameters(self) -> dict[str, Any]:
        return {name: value for each in self.clauses for name, value in each.parameters.items()}


def deleted_filter_sql(deleted_filter: DeletedFilter, *, in_dataset: bool) -> str:
    """As the indexes of the lists spell it, and the one of the trash."""
    live = "i.deleted IS NOT TRUE" if in_dataset else "NOT coalesce(i.deleted, false)"
    return {DeletedFilter.LIVE: live, DeletedFilter.ARCHIVED: "i.deleted", DeletedFilter.ALL: f"({live} OR i.deleted)"}[
        deleted_filter
    ]


def parse_conditions(
    parameters: Mapping[str, str], *, is_strict: bool = False, extra_params: Collection[str] = ()
) -> Conditions:
    """Those among the parameters that are conditions; an empty one is none.

    is_strict refuses a name that is neither a condition nor one of `also`. Raises ValidationError with the name.
    """
    clauses: list[Clause] = []
    for name in sorted(parameters):
        build_clause = get_clause_builder(name, len(clauses))
        if build_clause and parameters[name]:
            clauses.append(build_clause(name, parameters[name]))
        elif is_strict and not build_clause and name != DELETED and name not in extra_params:
            query_params.raise_unknown_param(name)
    return Conditions(tuple(clauses), parse_deleted_filter(parameters.get(DELETED)))


def parse_deleted_filter(text: str | None) -> DeletedFilter:
    if not text:
        return DeletedFilter.LIVE
    if text.lower() not in set(DeletedFilter):
        query_params.raise_invalid_choice(DELETED, text)
    return DeletedFilter(text.lower())


ClauseBuilder = Callable[[str, str], Clause]


def get_clause_builder(name: str, number: int) -> ClauseBuilder | None:
    """The number tells the parameters of several paths apart."""
    if name in CLAUSE_BUILDERS:
        return CLAUSE_BUILDERS[name]
    if name.startswith(METADATA_PREFIX) and name != METADATA_PREFIX:
        return partial(metadata_path_clause, number=number)
    return None


def search_clause(name: str, text: str) -> Clause:
    if len(text) > MAX_SEARCH_LENGTH:
        query_params.raise_invalid(
            name, f"Ensure this field has no more than {MAX_SEARCH_LENGTH} characters.", "max_length"
        )
    return Clause(search_sql(name), search_params(name, query_params.parse_text(name, text)))


def equality_clause(column: str) -> ClauseBuilder:
    return lambda name, text: Clause(f"i.{column} = %({name})s", {name: query_params.parse_text(name, text)})


def comparison_clause(column: str, operator: str) -> ClauseBuilder:
    return lambda name, text: Clause(f"i.{column} {operator} %({name})s", {name: query_params.parse_time(name, text)})


def containment_clause(column: str) -> ClauseBuilder:
    """A value of null is stored as none. The plan is made for the value at hand, so that any other uses the index."""
    return lambda name, text: Clause(
        f"(i.{column}::jsonb @> %({name})s::jsonb OR (%({name})s::jsonb = 'null' AND i.{column} IS NULL))",
        {name: query_params.parse_json(name, text)},
    )


def metadata_path_clause(name: str, text: str, *, number: int) -> Clause:
    """Keys alone lead to a scalar, so that containment says it exactly, and an index serves it."""
    path = query_params.parse_text(name, name.removeprefix(METADATA_PREFIX)).split(".")
    if len(path) > MAX_DEPTH:
        query_params.raise_invalid(name, f"JSON nesting is limited to {MAX_DEPTH} levels.", "max_depth")
    interpretations = [
        nest_at_path(path, each) for each in query_params.json_interpretations(query_params.parse_text(name, text))
    ]
    parameters = {f"metadata_{number}_{index}": each for index, each in enumerate(interpretations)}
    return Clause(f"({' OR '.join(f'i.metadata::jsonb @> %({each})s::jsonb' for each in parameters)})", parameters)


def nest_at_path(path: list[str], value: str) -> str:
    for key in reversed(path):
        value = f"{{{query_params.dump_json(key)}:{value}}}"
    return value


def author_clause(name: str, text: str) -> Clause:
    user = query_params.parse_user(name, text)
    if isinstance(user, UUID):
        sql = f"i.created_by_id = (SELECT id FROM api_auth_user WHERE uuid = %({name})s)"  # noqa: S608
        return Clause(sql, {name: user})
    return Clause(f"i.created_by_id = %({name})s", {name: user})


def id_clause(name: str, text: str) -> Clause:
    return Clause(f"i.id = ANY(%({name})s)", {name: query_params.parse_ids(name, text)})


def clause_builders() -> Iterator[tuple[str, ClauseBuilder]]:
    yield "search", search_clause
    yield "created_by", author_clause
    yield "id__in", id_clause
    for column in TEXT_COLUMNS:
        yield column, equality_clause(column)
    for column in JSON_COLUMNS:
        yield f"{column}__contains", containment_clause(column)
    for column in ("created_at", "updated_at"):
        for lookup, operator in COMPARISONS.items():
            yield f"{column}__{lookup}", comparison_clause(column, operator)


CLAUSE_BUILDERS = dict(clause_builders())
