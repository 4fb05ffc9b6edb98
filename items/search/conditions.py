"""Which items are selected: query parameters as a condition over a row `i` of items or of their versions.

    conditions = parse_conditions({"metadata__split": "test", "deleted": "all"})
    sql_shape("…", "SELECT … FROM dataset_item i WHERE … AND $conditions", conditions=conditions.sql)

Statements depend on the names of the parameters alone: what a client sends is bound, never part of a statement.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from database.sql import fragment
from items import query_params
from items.rows import JSON_COLUMNS
from items.search.clauses import COLUMN_CONDITIONS, TIME_COLUMNS, Clause, Condition
from items.search.paths import path_condition
from items.search.sampling import FIRST_OF_SAMPLE, SAMPLE, SEED, Sample, parse_sample
from items.search.text import TEXT_COLUMNS

DELETED = "deleted"
# Names of conditions that one request may give. Each set of names is a statement of its own.
MAX_CONDITIONS = 100
# What operators are looked for behind, so that a misspelled one is not ignored.
FIELDS_WITH_OPERATORS = frozenset(
    {"id", "search", "created_by", "deleted", *TEXT_COLUMNS, *TIME_COLUMNS, *JSON_COLUMNS}
)


SAMPLED = """i.id = ANY(ARRAY(
  SELECT i.id FROM dataset_item i
   WHERE i.team_id = %(project_id)s AND i.dataset_id = %(dataset_id)s AND $condition $first
))"""


class DeletedFilter(StrEnum):
    """?deleted=: which items a list shows. Null is as live as false."""

    LIVE = "false"
    ARCHIVED = "true"
    ALL = "all"


class Conditions(NamedTuple):
    clauses: tuple[Clause, ...] = ()
    deleted_filter: DeletedFilter = DeletedFilter.LIVE
    sample: Sample | None = None

    @property
    def sql(self) -> str:
        """Of items of one dataset, with the sample. To be put behind AND."""
        condition = self.sql_for(in_dataset=True)
        return fragment(SAMPLED, condition=condition, first=FIRST_OF_SAMPLE) if self.sample else condition

    def sql_for(self, *, in_dataset: bool) -> str:
        """Without the sample; also says whether deleted items are selected."""
        return f"{deleted_filter_sql(self.deleted_filter, in_dataset=in_dataset)} AND {self.content_sql}"

    @property
    def sample_sql(self) -> str:
        """To be put behind the rows `i` that are found."""
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
        """Whether they select all live items."""
        return self == NO_CONDITIONS


NO_CONDITIONS = Conditions()


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

    is_strict refuses a name that is neither a condition nor one of `extra_params`. Raises ValidationError.
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
    """Before any name is taken apart. Raises ValidationError."""
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
    """The number tells the values of several paths apart. Raises ValidationError for an unknown operator."""
    if name in COLUMN_CONDITIONS:
        return COLUMN_CONDITIONS[name]
    condition = path_condition(name, number)
    if condition is None:
        check_operator(name)
    return condition


def check_operator(name: str) -> None:
    """An operator that a column does not have is refused everywhere: ignored, it would return everything."""
    column, separator, operator = name.partition("__")
    if separator and operator and column in FIELDS_WITH_OPERATORS:
        known = sorted(each for each in COLUMN_CONDITIONS if each == column or each.startswith(f"{column}__"))
        detail = f'"{operator}" is not an operator of {column}. Known are {", ".join(known) or column}.'
        query_params.raise_invalid(name, detail, "unknown_operator")


def is_condition(name: str) -> bool:
    """Whether it may name a condition, as metadata__<path> does for any path; an unknown operator is told later."""
    column, separator, rest = name.partition("__")
    return name in COLUMN_CONDITIONS or bool(separator and rest and column in FIELDS_WITH_OPERATORS)
