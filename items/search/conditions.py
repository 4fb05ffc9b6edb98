"""Select items by query parameters: a condition over a row `i` of items or of their versions.

    conditions = parse_conditions({"metadata__split": "test", "deleted": "all"})
    sql_shape("…", "SELECT … FROM dataset_item i WHERE … AND $conditions", conditions=conditions.sql)

A statement depends only on the names of the parameters: values that clients send are bound, never part of a statement.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from database.sql import fragment
from items import query_params
from items.rows import JSON_COLUMNS
from items.search.column_filters import COLUMN_CONDITIONS, TIME_COLUMNS, Clause, Condition
from items.search.path_filters import path_condition
from items.search.sampling import FIRST_OF_SAMPLE, SAMPLE, SEED, Sample, parse_sample
from items.search.text_search import TEXT_COLUMNS

DELETED = "deleted"
# The most conditions in one request. Each set of names is a statement of its own.
MAX_CONDITIONS = 100
# Names that may be followed by an operator; a misspelled operator is an error, not an unknown parameter.
FIELDS_WITH_OPERATORS = frozenset(
    {"id", "search", "created_by", "deleted", *TEXT_COLUMNS, *TIME_COLUMNS, *JSON_COLUMNS}
)


SAMPLED = """i.id = ANY(ARRAY(
  SELECT i.id FROM dataset_item i
   WHERE i.team_id = %(project_id)s AND i.dataset_id = %(dataset_id)s AND $condition $first
))"""


class DeletedFilter(StrEnum):
    """Values of ?deleted=. A null `deleted` counts as false."""

    LIVE = "false"
    ARCHIVED = "true"
    ALL = "all"


class Conditions(NamedTuple):
    clauses: tuple[Clause, ...] = ()
    deleted_filter: DeletedFilter = DeletedFilter.LIVE
    sample: Sample | None = None

    @property
    def sql(self) -> str:
        """The condition on the items of one dataset, including the sample, to follow AND."""
        condition = self.sql_for(in_dataset=True)
        return fragment(SAMPLED, condition=condition, first=FIRST_OF_SAMPLE) if self.sample else condition

    def sql_for(self, *, in_dataset: bool) -> str:
        """Return the condition without the sample, including ?deleted=."""
        return f"{deleted_filter_sql(self.deleted_filter, in_dataset=in_dataset)} AND {self.content_sql}"

    @property
    def sample_sql(self) -> str:
        """ORDER BY and LIMIT that reduce matching rows `i` to the sample."""
        return FIRST_OF_SAMPLE if self.sample else ""

    @property
    def content_sql(self) -> str:
        return " AND ".join(each.sql for each in self.clauses) or "true"

    @property
    def parameters(self) -> dict[str, Any]:
        values = {name: value for each in self.clauses for name, value in each.parameters.items()}
        return values | (self.sample.parameters if self.sample else {})

    @property
    def is_empty(self) -> bool:
        """Whether all live items are selected."""
        return self == NO_CONDITIONS


NO_CONDITIONS = Conditions()


def deleted_filter_sql(deleted_filter: DeletedFilter, *, in_dataset: bool) -> str:
    """Spell the filter exactly as the predicates of the list indexes do."""
    live = "i.deleted IS NOT TRUE" if in_dataset else "NOT coalesce(i.deleted, false)"
    return {DeletedFilter.LIVE: live, DeletedFilter.ARCHIVED: "i.deleted", DeletedFilter.ALL: f"({live} OR i.deleted)"}[
        deleted_filter
    ]


def parse_conditions(
    parameters: Mapping[str, str], *, is_strict: bool = False, extra_params: Collection[str] = ()
) -> Conditions:
    """Parse the parameters that are conditions; an empty one is ignored.

    is_strict rejects a name that is neither a condition nor in `extra_params`. Raises ValidationError.
    """
    check_number_of_conditions(parameters)
    clauses: list[Clause] = []
    for name in sorted(parameters):
        condition = get_condition(name, len(clauses))
        if condition and parameters[name]:
            clauses.append(condition.clause(name, parameters[name]))
        elif is_strict and not condition and name not in {DELETED, SAMPLE, SEED, *extra_params}:
            query_params.raise_unknown_param(name)
    deleted_filter = parse_deleted_filter(parameters.get(DELETED))
    return Conditions(tuple(clauses), deleted_filter, parse_sample(parameters))


def check_number_of_conditions(parameters: Mapping[str, str]) -> None:
    """Runs before any name is parsed. Raises ValidationError."""
    names = [name for name in parameters if name.partition("__")[0] in FIELDS_WITH_OPERATORS]
    if len(names) > MAX_CONDITIONS:
        detail = f"A filter has at most {MAX_CONDITIONS} names."
        query_params.raise_invalid(names[MAX_CONDITIONS][:100], detail, "too_many_conditions")


def parse_deleted_filter(text: str | None) -> DeletedFilter:
    if not text:
        return DeletedFilter.LIVE
    if text.lower() not in set(DeletedFilter):
        query_params.raise_invalid_choice(DELETED, text)
    return DeletedFilter(text.lower())


def get_condition(name: str, number: int = 0) -> Condition | None:
    """Return the condition of a parameter, or None; `number` distinguishes the values of several paths.

    Raises ValidationError for an unknown operator.
    """
    if name in COLUMN_CONDITIONS:
        return COLUMN_CONDITIONS[name]
    condition = path_condition(name, number)
    if condition is None:
        check_operator(name)
    return condition


def check_operator(name: str) -> None:
    """Reject an operator that the column does not have: ignoring it would return everything."""
    column, separator, operator = name.partition("__")
    if separator and operator and column in FIELDS_WITH_OPERATORS:
        known = sorted(each for each in COLUMN_CONDITIONS if each == column or each.startswith(f"{column}__"))
        detail = f'"{operator}" is not an operator of {column}. Known are {", ".join(known) or column}.'
        query_params.raise_invalid(name, detail, "unknown_operator")


def is_condition(name: str) -> bool:
    """Whether the name may be a condition, such as metadata__<path> for any path; operators are checked later."""
    column, separator, rest = name.partition("__")
    return name in COLUMN_CONDITIONS or bool(separator and rest and column in FIELDS_WITH_OPERATORS)
