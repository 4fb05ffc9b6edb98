"""Assign the columns of a file to the fields of an item. Pure.

Without a mapping, the six columns named like the fields become these fields. A mapping adds to that; a field that it
fills is no longer filled by the column of the same name.
"""

import json
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias

from items.imports.column_names import MAX_NAME_LENGTH, MAX_NAMES, UnnamedColumn, fold, group_by_fold, suggest_targets
from items.imports.errors import file_error
from items.json_text import MAX_DEPTH
from items.rows import CONTENT_COLUMNS, JSON_COLUMNS, REF_COLUMNS

# In this module, an item has fields, and only files have columns.
JSON_FIELDS, REF_FIELDS, FIELDS = JSON_COLUMNS, REF_COLUMNS, CONTENT_COLUMNS
REST_COLUMN = "*"
TEXT_SUFFIX = ":text"

Path = tuple[str, ...]
# A field is built from one column, or from members that are columns or members themselves.
Column: TypeAlias = str
Members: TypeAlias = "dict[str, Column | Members]"


class ColumnPlan(NamedTuple):
    """The column of each field, or the members of the object to build, for one set of columns."""

    columns: dict[str, Column]
    objects: dict[str, Members]
    text_columns: frozenset[Column] = frozenset()  # whose cells are always strings
    found: frozenset[str] = frozenset()  # the fields and mapped names that have a column
    ignored: tuple[Column, ...] = ()
    matched: dict[Column, str] = {}  # columns whose names only resemble the names that they match

    @property
    def json_columns(self) -> set[Column]:
        """The columns that become JSON or parts of it."""
        whole = {column for field, column in self.columns.items() if field in JSON_FIELDS}
        return whole.union(*map(leaves, self.objects.values()))

    @property
    def columns_to_read(self) -> list[Column]:
        return sorted(self.json_columns.union(self.columns.values()))


class ColumnMapping:
    def __init__(
        self,
        targets: dict[Column, Path] | None = None,
        text_columns: Iterable[Column] = (),
        extra_fields: Iterable[str] = (),
    ) -> None:
        """Map columns, possibly including REST_COLUMN, to their targets."""
        self.rest_target = (targets or {}).get(REST_COLUMN)
        self.targets = {column: path for column, path in (targets or {}).items() if column != REST_COLUMN}
        self.text_columns = frozenset(text_columns)
        filled = {path[0] for path in (targets or {}).values()}
        self.same_name = [name for name in (*FIELDS, *extra_fields) if name not in filled and name not in self.targets]

    def plan(self, columns: Iterable[Column]) -> ColumnPlan:
        """Plan the given columns, ignoring mapped ones that are absent. Raises ValidationError on conflicts."""
        present = dict.fromkeys(columns)
        resolved = self.resolve(present)
        plan = ColumnPlan(
            {name: resolved[name] for name in self.same_name if name in resolved},
            {},
            text_columns=frozenset(resolved[name] for name in self.text_columns if name in resolved),
            found=frozenset(resolved),
            matched={column: name for name, column in resolved.items() if name != column},
        )
        for name, path in self.targets.items():
            if name in resolved:
                add_column(plan, path, resolved[name])
        return self.plan_rest(plan, [column for column in present if column not in set(resolved.values())])

    def plan_rest(self, plan: ColumnPlan, others: list[Column]) -> ColumnPlan:
        """Assign the remaining columns, except for those without a name."""
        if self.rest_target is None:
            return plan._replace(ignored=tuple(others))
        for column in others:
            if not isinstance(column, UnnamedColumn):
                add_column(plan, (*self.rest_target, column), column)
        if REST_COLUMN in self.text_columns:
            plan = plan._replace(text_columns=plan.text_columns.union(others))
        return plan._replace(ignored=tuple(column for column in others if isinstance(column, UnnamedColumn)))

    def resolve(self, present: dict[Column, None]) -> dict[str, Column]:
        """Find the column of each field and mapped name: by the exact name, otherwise by the folded name."""
        names = [*self.same_name, *self.targets]
        resolved: dict[str, Column] = {name: name for name in names if name in present}
        if len(resolved) == len(names) or len(resolved) == len(present):
            return resolved
        groups = group_by_fold(column for column in present if column not in resolved)
        for name in names:
            if name not in resolved and (candidates := groups.get(fold(name), ())):
                if len(candidates) > 1:
                    raise file_error(
                        f'Several columns could be "{name}": {quote_columns(candidates)}. Rename all but one.'
                    )
                resolved[name] = candidates[0]
                groups[fold(name)] = []
        return resolved

    def plan_header(self, columns: list[Column]) -> ColumnPlan:
        """Plan a format that names its columns once. Raises ValidationError for an unusable header."""
        plan = self.plan(columns)
        self.check_columns(plan.found, header=columns)
        return plan

    def check_columns(self, found: Container[str], *, header: Iterable[Column]) -> None:
        """Raises ValidationError if a mapped column is absent from the whole file, or no column is read."""
        for column in self.targets:
            if column not in found:
                raise file_error(f'There is no column "{column}". {describe_columns(header)}', attr="mapping")
        is_read = self.targets or self.rest_target is not None or any(name in found for name in self.same_name)
        if not is_read:
            raise no_column_error(list(header))


def no_column_error(header: list[Column]) -> Exception:
    listed = [name[:MAX_NAME_LENGTH] for name in header[:MAX_NAMES]]
    suggested = suggest_targets(listed, set())
    hints = {hint["target"]: hint["column"] for hint in suggested}
    example = json.dumps({column: field for field, column in hints.items()}, ensure_ascii=False)
    example = example if hints else '{"question": "input.question", "answer": "output"}'
    error = file_error(
        f"No column is named {join_or(FIELDS)}, and no mapping was given. {describe_columns(header)} "
        f"Example: mapping={example}"
    )
    # A client that cannot read the file itself learns its columns here.
    error.members = {"ignored_columns": listed, "hints": suggested}  # type: ignore[attr-defined]
    return error


def reject_duplicate_columns(columns: list[Column]) -> None:
    """For formats that name their columns once. Raises ValidationError."""
    repeated = [name for name, count in Counter(columns).items() if count > 1]
    if repeated:
        raise file_error(f'The file has two columns named "{repeated[0]}".')


def add_column(plan: ColumnPlan, path: Path, column: Column) -> None:
    """Raises ValidationError if the path is taken."""
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


def parse_mapping(text: str, extra_fields: Iterable[str] = ()) -> ColumnMapping:
    """Parse JSON such as {"question": "input.q", "answer": "output:text", "*": "metadata"}.

    Raises ValidationError.
    """
    if not text:
        return ColumnMapping(extra_fields=extra_fields)
    try:
        pairs = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError):
        raise file_error("The mapping is not valid JSON.", attr="mapping") from None
    if not text.strip().startswith("{"):
        raise file_error("The mapping must be a JSON object of columns and their targets.", attr="mapping")
    targets: dict[Column, Path] = {}
    text_columns = []
    for column, target in pairs:
        if column in targets:
            raise file_error(f'The mapping names column "{column}" twice.', attr="mapping")
        targets[column], is_text = parse_target(target)
        if is_text:
            text_columns.append(column)
        if column == REST_COLUMN and targets[column][0] in REF_FIELDS:
            raise file_error(f"The remaining columns cannot be mapped to {target}.", attr="mapping")
    check_conflicts(targets)
    return ColumnMapping(targets, text_columns, extra_fields)


def parse_target(target: Any) -> tuple[Path, bool]:
    """Return the path, and whether cells are always strings. Raises ValidationError."""
    path = target.removesuffix(TEXT_SUFFIX) if isinstance(target, str) else ""
    is_text = isinstance(target, str) and path != target
    field, *keys = path.split(".")
    if len(keys) >= MAX_DEPTH:
        detail = f"A target may have at most {MAX_DEPTH - 1} keys below its field."
        raise file_error(detail, attr="mapping", code="max_depth")
    if (field in REF_FIELDS and not keys) or (field in JSON_FIELDS and all(keys)):
        return (field, *keys), is_text
    text = target if isinstance(target, str) else json.dumps(target)
    detail = (
        f'"{text[:200]}" is not a target. Use {join_or(FIELDS)}, or a path in the first three, such as input.question.'
    )
    raise file_error(detail, attr="mapping", code="invalid_choice")


def check_conflicts(targets: dict[Column, Path]) -> None:
    """Raises ValidationError if one target is, or contains, another; only the rest may share its target."""
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


def quote_columns(columns: Iterable[Column]) -> str:
    """Quote the first few of possibly thousands of names."""
    names = list(columns)
    first_names = ", ".join(f'"{name[:60]}"' for name in names[:20])
    return f"{first_names} and {len(names) - 20} more" if len(names) > 20 else first_names


def describe_columns(columns: Iterable[Column]) -> str:
    names = list(columns)
    return f"The file has {quote_columns(names)}." if names else "The file has no columns."
