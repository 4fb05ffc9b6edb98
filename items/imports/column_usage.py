"""Record which columns of a file were read, so that the response reports those that were not."""

from typing import Any

from items.imports.column_mapping import ColumnPlan, quote_columns
from items.imports.column_names import MAX_NAME_LENGTH, MAX_NAMES, suggest_targets
from items.imports.errors import file_error


class ColumnUsage:
    """Collects the plans of all rows; bounded, since every row may have different columns."""

    def __init__(self) -> None:
        self.ignored: dict[str, None] = {}
        self.matched: dict[str, str] = {}
        self.filled: set[str] = set()
        self.has_more = False

    def add(self, plan: ColumnPlan) -> None:
        self.filled.update(plan.columns, plan.objects)
        for name in plan.ignored:
            self.add_ignored(name[:MAX_NAME_LENGTH])
        for name, target in plan.matched.items():
            if len(self.matched) < MAX_NAMES:
                self.matched[name[:MAX_NAME_LENGTH]] = target

    def add_ignored(self, name: str) -> None:
        if len(self.ignored) < MAX_NAMES:
            self.ignored[name] = None
        elif name not in self.ignored:
            self.has_more = True

    @property
    def hints(self) -> list[dict[str, str]]:
        return suggest_targets(self.ignored, self.filled)

    def summary(self) -> dict[str, Any]:
        more = [f"… and others: only {MAX_NAMES} are listed"] if self.has_more else []
        return {
            "ignored_columns": [*self.ignored, *more],
            "hints": self.hints,
            "matched_columns": [{"column": name, "target": target} for name, target in self.matched.items()],
        }

    def reject_ignored(self) -> None:
        """Reject ignored columns for strict=true. Raises ValidationError."""
        if self.ignored:
            detail = f"Columns without a target: {quote_columns(self.ignored)}. Map them, or omit strict=true."
            error = file_error(detail, code="ignored_columns")
            error.members = {name: self.summary()[name] for name in ("ignored_columns", "hints")}  # type: ignore[attr-defined]
            raise error
