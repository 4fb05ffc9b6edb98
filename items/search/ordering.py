"""?order_by=: the order of a list. IDs break ties."""

from typing import NamedTuple, Self

from database.sql import fragment
from items import query_params

# The first comparison lets PostgreSQL start an index scan at the key.
AFTER = "$time $at_least %(key_time)s AND ($time $before %(key_time)s OR $id $id_operator %(key_id)s)"


class Ordering(NamedTuple):
    """The order of a list. Its reverse scans the same index backwards."""

    column: str
    is_descending: bool

    @property
    def reverse(self) -> Self:
        return self._replace(is_descending=not self.is_descending)

    def order_by_sql(self, time_sql: str, id_sql: str) -> str:
        """Return the terms of ORDER BY for these expressions of the time and the item's id."""
        return f"{time_sql} DESC, {id_sql}" if self.is_descending else f"{time_sql}, {id_sql} DESC"

    def after_sql(self, time_sql: str, id_sql: str, *, is_inclusive: bool) -> str:
        """Return the condition for the rows after %(key_time)s and %(key_id)s."""
        time_operator, id_operator = ("<", ">") if self.is_descending else (">", "<")
        id_operator += "=" * is_inclusive
        return fragment(
            AFTER, time=time_sql, before=time_operator, at_least=f"{time_operator}=", id=id_sql, id_operator=id_operator
        )


DEFAULT_ORDERING = Ordering("created_at", is_descending=True)
ORDERINGS = {
    "created_at": Ordering("created_at", is_descending=False),
    "-created_at": DEFAULT_ORDERING,
    "updated_at": Ordering("updated_at", is_descending=False),
    "-updated_at": Ordering("updated_at", is_descending=True),
}


def parse_ordering(text: str | None, name: str = "order_by") -> Ordering:
    """Return newest first by default, as in v1. Raises ValidationError."""
    if not text:
        return DEFAULT_ORDERING
    return ORDERINGS.get(text) or query_params.raise_invalid_choice(name, text)
