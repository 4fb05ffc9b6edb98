"""Items: their values, and the writes of one item."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from datasets_client._drivers import AsyncDriver, Driver
from datasets_client._faces import awaiting, awaiting_as, blocking, blocking_as
from datasets_client._json_text import JSON, read_json, split_object
from datasets_client._operations import items
from datasets_client._operations.items import ItemRef
from datasets_client._operations.reading import Row
from datasets_client._refs import Connection
from datasets_client._times import read_optional_time, read_time

SHOWN_CHARACTERS = 60


class ItemValues:
    """The values of an item at the time of its read; each is parsed at its first use."""

    def __init__(self, connection: Connection, row: Row) -> None:
        self._subject = ItemRef(connection, row)

    @cached_property
    def raw(self) -> Mapping[str, str]:
        """The JSON text of each member, as it is stored: every digit, and the order of keys."""
        return split_object(self._subject.row.text)

    def _read(self, name: str) -> Any:
        return read_json(self.raw.get(name, "null"), self._subject.connection.numbers)

    @cached_property
    def id(self) -> str:
        return str(self._read("id"))

    @cached_property
    def input(self) -> JSON:
        return self._read("input")

    @cached_property
    def output(self) -> JSON:
        return self._read("output")

    @cached_property
    def metadata(self) -> JSON:
        return self._read("metadata")

    @cached_property
    def ref_trace_id(self) -> str | None:
        value: str | None = self._read("ref_trace_id")
        return value

    @cached_property
    def ref_source_id(self) -> str | None:
        value: str | None = self._read("ref_source_id")
        return value

    @cached_property
    def ref_timestamp(self) -> datetime | None:
        return read_optional_time(self._read("ref_timestamp"))

    @cached_property
    def created_at(self) -> datetime:
        return read_time(self._read("created_at"))

    @cached_property
    def updated_at(self) -> datetime:
        return read_time(self._read("updated_at"))

    @cached_property
    def deleted(self) -> bool:
        return bool(self._read("deleted"))

    @property
    def dataset_id(self) -> str:
        return self._subject.row.dataset_id

    @property
    def case_id(self) -> str:
        """The name of the case across copies: ref_source_id, or the id if there is none."""
        return self.ref_source_id or self.id

    @property
    def version(self) -> int | None:
        """The version, where the item was read or written alone; lists do not tell it."""
        return items.version_of(self._subject.row.etag)

    def to_dict(self) -> dict[str, JSON]:
        """Return all members at the time of the read, with Python's values."""
        return {name: self._read(name) for name in self.raw}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ItemValues):
            return NotImplemented
        return self.id == other.id and all(self.raw.get(name) == other.raw.get(name) for name in items.CONTENT)

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"<Item {self.case_id} input={shorten(self.raw.get('input'))} output={shorten(self.raw.get('output'))}>"


def shorten(text: str | None) -> str:
    text = text or "null"
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"


class Item(ItemValues):
    """An item. Its writes return the item as it then is, and do not change this one."""

    def __init__(self, driver: Driver, connection: Connection, row: Row) -> None:
        super().__init__(connection, row)
        self._driver = driver

    def _with(self, row: Row) -> Item:
        return Item(self._driver, self._subject.connection, row)

    update = blocking_as(items.update, _with)
    archive = blocking_as(items.archive, _with)
    restore = blocking_as(items.restore, _with)
    versions = blocking(items.versions)


class AsyncItem(ItemValues):
    """An item. Its writes are awaited, return the item as it then is, and do not change this one."""

    def __init__(self, driver: AsyncDriver, connection: Connection, row: Row) -> None:
        super().__init__(connection, row)
        self._driver = driver

    def _with(self, row: Row) -> AsyncItem:
        return AsyncItem(self._driver, self._subject.connection, row)

    update = awaiting_as(items.update, _with)
    archive = awaiting_as(items.archive, _with)
    restore = awaiting_as(items.restore, _with)
    versions = awaiting(items.versions)
