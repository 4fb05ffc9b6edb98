"""Which columns of a file become which fields of an item. Pure: names in, a plan out.

Without a mapping the six columns that are called as the fields are become these fields. A mapping adds to that; a
field that it fills is no longer filled by the column of its own name.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias

from items.imports.errors import file_error
from items.rows import CONTENT_COLUMNS, JSON_COLUMNS, REF_COLUMNS

# An item's columns are its fields here, since columns are those of a file.
JSON_FIELDS, REF_FIELDS, FIELDS = JSON_COLUMNS, REF_COLUMNS, CONTENT_COLUMNS
REST_COLUMN = "*"

Path = tuple[str, ...]
# What a field is put together from: a column, or members by their keys, each of which is such a thing.
Column: TypeAlias = str
Members: TypeAlias = "dict[str, Column | Members]"


class ColumnPlan(NamedTuple):
    """For one set of columns: each field's column, or the members of the object that it becomes."""

    columns: dict[str, Column]
    objects: dict[str, Members]

    @property
    def json_columns(self) -> set[Column]:
        """The columns that become JSON, or parts of it."""
        whole = {column for field, column in self.columns.items() if field in JSON_FIELDS}
        return whole.union(*map(leaves, self.objects.values()))

    @property
    def columns_to_read(self) -> list[Column]:
        return sorted(self.json_columns.union(self.columns.values()))


class ColumnMapping:
    def __init__(self, targets: dict[Column, Path] | None = None) -> None:
        """The targets of columns, of which REST may be one."""
        self.rest_target = (targets or {}).get(REST_COLUMN)
        self.targets = {column: path for column, path in (targets or {}).items() if column != REST_COLUMN}
        filled = {path[0] for path in (targets or {}).values()}
        self.same_name = [name for name in FIELDS if name not in filled and name not in self.targets]

    def plan(self, columns: Iterable[Column]) -> ColumnPlan:
        """Mapped columns that are absent are left out. Raises ValidationError for two values at one place."""
        present = dict.fromkeys(columns)
        plan = ColumnPlan({name: name for name in self.same_name if name in present}, {})
        for column, path in self.targets.items():
            if column in present:
                add_column(plan, path, column)
        if self.rest_target is not None:
            for column in present:
                if column not in self.targets and column not in self.same_name:
                    add_column(plan, (*self.rest_target, column), column)
        return plan

    def plan_header(self, columns: list[Column]) -> ColumnPlan:
        """For formats that name their columns once. Raises ValidationError where this cannot be meant."""
        self.check_columns(set(columns), header=columns)
        return self.plan(columns)

    def check_columns(self, columns: set[Column], *, header: Iterable[Column]) -> None:
        """Raises ValidationError where a mapped column is absent from the whole file, or nothing is read of it."""
        for column in self.targets:
            if column not in columns:
                raise file_error(f'There is no column "{column}". {describe_columns(header)}', attr="mapping")
        is_read = self.targets or self.rest_target is not None or not columns.isdisjoint(self.same_name)
        if not is_read:
            raise file_error(
                f"None of the columns is {join_or(FIELDS)}, and no mapping names others. {describe_columns(header)}"
            )


def reject_duplicate_columns(columns: list[Column]) -> None:
    """For formats that name their columns once."""
    repeated = [name for name, count in Counter(columns).items() if count > 1]
    if repeated:
        raise file_error(f'The column "{repeated[0]}" is there twice.')


def add_column(plan: ColumnPlan, path: Path, column: Column) -> None:
    """Raises ValidationError where there is something already."""
    field, *keys = path
    if not keys:
        plan.columns[field] = column
        return
    members = plan.objects.setdefault(field, {})
    for key in keys[:-1]:
        inner = members.setdefault(key, {})
        if not isinstance(inner, dict):
            raise target_conflict(path)
        members = inner
    if keys[-1] in members:
        raise target_conflict(path)
    members[keys[-1]] = column


def target_conflict(path: Path) -> Exception:
    return file_error(f"Two columns would be stored at {'.'.join(path)}.", attr="mapping")


def leaves(members: Members) -> Iterator[Column]:
    for each in members.values():
        if isinstance(each, dict):
            yield from leaves(each)
        else:
            yield each


def parse_mapping(text: str) -> ColumnMapping:
    """From JSON such as {"question": "input.q", "*": "metadata"}. Raises ValidationError."""
    if not text:
        return ColumnMapping()
    try:
        pairs = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError) as error:
        raise file_error(f"Value must be valid JSON: {error}.", attr="mapping") from None
    if not text.strip().startswith("{"):
        raise file_error("A mapping is a JSON object of columns and their targets.", attr="mapping")
    targets: dict[Column, Path] = {}
    for column, target in pairs:
        if column in targets:
            raise file_error(f'Column "{column}" is named twice.', attr="mapping")
        targets[column] = parse_target(target)
        if column == REST_COLUMN and targets[column][0] in REF_FIELDS:
            raise file_error(f"The rest of the columns cannot become {target}.", attr="mapping")
    check_conflicts(targets)
    return ColumnMapping(targets)


def parse_target(target: Any) -> Path:
    field, *keys = target.split(".") if isinstance(target, str) else [""]
    if (field in REF_FIELDS and not keys) or (field in JSON_FIELDS and all(keys)):
        return (field, *keys)
    text = target if isinstance(target, str) else json.dumps(target)
    detail = f'"{text}" is no target: use {join_or(FIELDS)}, or a place in the first three, such as input.question.'
    raise file_error(detail, attr="mapping", code="invalid_choice")


def check_conflicts(targets: dict[Column, Path]) -> None:
    """Raises ValidationError where one target is, or lies in, another; only the rest may be joined by others."""
    for column, path in targets.items():
        for other, other_path in targets.items():
            if other != column and other_path[: len(path)] == path and (column != REST_COLUMN or other_path == path):
                names = (
                    f"{'.'.join(path)} and {'.'.join(other_path)}" if other_path != path else f"{'.'.join(path)} twice"
                )
                raise file_error(f"A mapping cannot fill {names}.", attr="mapping", code="conflict")


def join_or(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}"


def describe_columns(columns: Iterable[Column]) -> str:
    """For people who wonder why; the first few, in case there are thousands."""
    names = list(columns)
    first_names = ", ".join(f'"{name[:60]}"' for name in names[:20])
    more = f" and {len(names) - 20} more" if len(names) > 20 else ""
    return f"The file has {first_names}{more}." if names else "The file has no columns."
