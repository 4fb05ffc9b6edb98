"""?order_by=: in which order a list comes. Rows of the same time are told apart by their ids."""

from typing import NamedTuple, Self

from items.finding import values


class Order(NamedTuple):
    """One order is the exact reverse of the other, so that an index is walked either way."""

    column: str
    is_newest_first: bool

    @property
    def reverse(self) -> Self:
        return self._replace(is_newest_first=not self.is_newest_first)

    def by(self, time: str, item: str) -> str:
        """For ORDER BY, over the expressions of the time and of the item's id."""
        return f"{time} DESC, {item}" if self.is_newest_first else f"{time}, {item} DESC"

    def behind(self, time: str, item: str, *, is_inclusive: bool) -> str:
        """The rows behind %(key_time)s and %(key_id)s; the first comparison is what an index is searched by."""
        earlier, greater = ("<", ">") if self.is_newest_first else (">", "<")
        greater += "=" * is_inclusive
        return f"{time} {earlier}= %(key_time)s AND ({time} {earlier} %(key_time)s OR {item} {greater} %(key_id)s)"


NEWEST_FIRST = Order("created_at", is_newest_first=True)
ORDERS = {
    "created_at": Order("created_at", is_newest_first=False),
    "-created_at": NEWEST_FIRST,
    "updated_at": Order("updated_at", is_newest_first=False),
    "-updated_at": Order("updated_at", is_newest_first=True),
}


def read_order(text: str | None, name: str = "order_by") -> Order:
    """As in v1, newest first if nothing else is asked for."""
    if not text:
        return NEWEST_FIRST
    return ORDERS.get(text) or values.refuse_choice(name, text)
