"""Which columns of a file become which fields of an item. Pure: names in, a plan out.

Without a mapping the six columns that are called as the fields are become these fields. A mapping adds to that; a
field that it fills is no longer filled by the column of its own name.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias

from items.models import CONTENT_COLUMNS, JSON_COLUMNS, REF_COLUMNS
from items.transfer.refusals import file_refused

# An item's columns are its fields here, since columns are those of a file.
JSON_FIELDS, REF_FIELDS, FIELDS = JSON_COLUMNS, REF_COLUMNS, CONTENT_COLUMNS
REST = "*"

Path = tuple[str, ...]
# What a field is put together from: a column, or members by their keys, each of which is such a thing.
Column: TypeAlias = str
Members: TypeAlias = "dict[str, Column | Members]"


class Plan(NamedTuple):
    """For one set of columns: each field's column, or the members of the object that it becomes."""

    columns: dict[str, Column]
    objects: dict[str, Members]

    @property
    def of_json(self) -> set[Column]:
        """The columns that become JSON, or parts of it."""
        whole = {column for field, column in self.columns.items() if field in JSON_FIELDS}
        return whole.union(*map(leaves, self.objects.values()))

    @property
    def read(self) -> list[Column]:
        return sorted(self.of_json.union(self.columns.values()))


class Mapping:
    def __init__(self, targets: dict[Column, Path] | None = None) -> None:
        """The targets of columns, of which REST may be one."""
        self.rest = (targets or {}).get(REST)
        self.targets = {column: path for column, path in (targets or {}).items() if column != REST}
        filled = {path[0] for path in (targets or {}).values()}
        self.own = [name for name in FIELDS if name not in filled and name not in self.targets]

    def plan(self, columns: Iterable[Column]) -> Plan:
        """Mapped columns that are absent are left out. Raises ValidationError for two values at one place."""
        present = dict.fromkeys(columns)
        plan = Plan({name: name for name in self.own if name in present}, {})
        for column, path in self.targets.items():
            if column in present:
                place(plan, path, column)
        if self.rest is not None:
            for column in present:
                if column not in self.targets and column not in self.own:
                    place(plan, (*self.rest, column), column)
        return plan

    def plan_of_head(self, columns: list[Column]) -> Plan:
        """For formats that name their columns once. Raises ValidationError where this cannot be meant."""
        self.check_read(set(columns), shown=columns)
        return self.plan(columns)

    def check_read(self, columns: set[Column], *, shown: Iterable[Column]) -> None:
        """Raises ValidationError where a mapped column is absent from the whole file, or nothing is read of it."""
        for column in self.targets:
            if column not in columns:
                raise file_refused(f'There is no column "{column}". {seen(shown)}', attr="mapping")
        is_read = self.targets or self.rest is not None or not columns.isdisjoint(self.own)
        if not is_read:
            raise file_refused(f"None of the columns is {listed(FIELDS)}, and no mapping names others. {seen(shown)}")


def refuse_repeated(columns: list[Column]) -> None:
    """For formats that name their columns once."""
    repeated = [name for name, count in Counter(columns).items() if count > 1]
    if repeated:
        raise file_refused(f'The column "{repeated[0]}" is there twice.')


def place(plan: Plan, path: Path, column: Column) -> None:
    """Raises ValidationError where there is something already."""
    field, *keys = path
    if not keys:
        plan.columns[field] = column
        return
    members = plan.objects.setdefault(field, {})
    for key in keys[:-1]:
        inner = members.setdefault(key, {})
        if not isinstance(inner, dict):
            raise taken(path)
        members = inner
    if keys[-1] in members:
        raise taken(path)
    members[keys[-1]] = column


def taken(path: Path) -> Exception:
    return file_refused(f"Two columns would be stored at {'.'.join(path)}.", attr="mapping")


def leaves(members: Members) -> Iterator[Column]:
    for each in members.values():
        if isinstance(each, dict):
            yield from leaves(each)
        else:
            yield each


def read_mapping(text: str) -> Mapping:
    """From JSON such as {"question": "input.q", "*": "metadata"}. Raises ValidationError."""
    if not text:
        return Mapping()
    try:
        pairs = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError) as error:
        raise file_refused(f"Value must be valid JSON: {error}.", attr="mapping") from None
    if not text.strip().startswith("{"):
        raise file_refused("A mapping is a JSON object of columns and their targets.", attr="mapping")
    targets: dict[Column, Path] = {}
    for column, target in pairs:
        if column in targets:
            raise file_refused(f'Column "{column}" is named twice.', attr="mapping")
        targets[column] = path_of(target)
        if column == REST and targets[column][0] in REF_FIELDS:
            raise file_refused(f"The rest of the columns cannot become {target}.", attr="mapping")
    check_conflicts(targets)
    return Mapping(targets)


def path_of(target: Any) -> Path:
    field, *keys = target.split(".") if isinstance(target, str) else [""]
    if (field in REF_FIELDS and not keys) or (field in JSON_FIELDS and all(keys)):
        return (field, *keys)
    shown = target if isinstance(target, str) else json.dumps(target)
    detail = f'"{shown}" is no target: use {listed(FIELDS)}, or a place in the first three, such as input.question.'
    raise file_refused(detail, attr="mapping", code="invalid_choice")


def check_conflicts(targets: dict[Column, Path]) -> None:
    """Raises ValidationError where one target is, or lies in, another; only the rest may be joined by others."""
    for column, path in targets.items():
        for other, below in targets.items():
            if other != column and below[: len(path)] == path and (column != REST or below == path):
                names = f"{'.'.join(path)} and {'.'.join(below)}" if below != path else f"{'.'.join(path)} twice"
                raise file_refused(f"A mapping cannot fill {names}.", attr="mapping", code="conflict")


def listed(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}"


def seen(columns: Iterable[Column]) -> str:
    """For people who wonder why; the first few, in case there are thousands."""
    names = list(columns)
    shown = ", ".join(f'"{name[:60]}"' for name in names[:20])
    more = f" and {len(names) - 20} more" if len(names) > 20 else ""
    return f"The file has {shown}{more}." if names else "The file has no columns."
