"""Datasets: what is read from them, and what is written to them."""

from __future__ import annotations

import html
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar, overload

from datasets_client._commands import Steps
from datasets_client._conditions import parameters
from datasets_client._drivers import AsyncDriver, Driver
from datasets_client._errors import DatasetsError
from datasets_client._faces import awaiting, awaiting_as, blocking, blocking_as
from datasets_client._frames import to_hf, to_pandas
from datasets_client._item import AsyncItem, Item, shorten
from datasets_client._operations import datasets, pushing, reading, resolving
from datasets_client._refs import DatasetRef, parse_pin
from datasets_client._results import FeedEntry
from datasets_client._retry import Retry

if TYPE_CHECKING:
    import datasets as hf
    import pandas

SelfT = TypeVar("SelfT", bound="DatasetChoice")
TABLE_ROWS = 5


class DatasetChoice:
    """A selection of a dataset's items, made without asking the server."""

    _subject: DatasetRef

    def _with_ref(self: SelfT, ref: DatasetRef) -> SelfT:
        raise NotImplementedError

    @property
    def name(self) -> str:
        """The name, or what the dataset was asked for by."""
        return self._subject.label

    @property
    def id(self) -> str | None:
        """The id, once the server was asked."""
        return self._subject.identity.id

    @property
    def revision(self) -> int | None:
        """The revision that this is pinned to, once it is known; None without a pin."""
        return self._subject.snapshot.revision

    @property
    def latest(self: SelfT) -> SelfT:
        """The newest revision at the first use, and from then on always that one."""
        return self._with_ref(self._subject.at(parse_pin("latest")))

    def at(self: SelfT, revision: int | str | datetime | date) -> SelfT:
        """Return the dataset as it was at a revision: its number, a tag, or a time."""
        return self._with_ref(self._subject.at(parse_pin(revision)))

    def where(self: SelfT, **conditions: Any) -> SelfT:
        """Return a choice of the items; all conditions hold at once.

        A plain name is a key of metadata (`split="test"`). `search`, `ref_source_id`, `created_at__gte` and the other
        names of the list are themselves. `input__a__b__icontains="tax"` is a key below input, with an operator: ne, in,
        gt, gte, lt, lte, exists, icontains, contains.
        """
        return self._with_ref(self._subject.where(parameters(conditions)))

    def sample(self: SelfT, count: int, *, seed: int = 0) -> SelfT:
        """Return so many of the items, chosen by the seed: the same ones each time."""
        if count < 1:
            raise ValueError("A sample has at least one item.")
        return self._with_ref(self._subject.where({"sample": str(count), "seed": str(seed)}))

    def _described(self, revision: int | None = None) -> str:
        ref, parts = self._subject, [repr(self.name)]
        if (count := ref.snapshot.count) is not None:
            parts.append(f"{count:,} item{'' if count == 1 else 's'}")
        if (shown := ref.snapshot.revision or revision) is not None:
            parts.append(f"revision {shown}")
        if ref.conditions:
            parts.append("where " + ", ".join(f"{name}={value}" for name, value in ref.conditions.items()))
        if self.id is not None:
            parts.append(ref.connection.console_address(self.id))
        return " ".join([parts[0], "·", " · ".join(parts[1:])]) if parts[1:] else parts[0]


class Dataset(DatasetChoice):
    """A dataset. Nothing is asked of the server before the first use."""

    def __init__(self, driver: Driver, ref: DatasetRef) -> None:
        self._driver = driver
        self._subject = ref

    def _with_ref(self, ref: DatasetRef) -> Dataset:
        return Dataset(self._driver, ref)

    def _item(self, row: reading.Row) -> Item:
        return Item(self._driver, self._subject.connection, row)

    def _items(self, rows: list[reading.Row]) -> list[Item]:
        return [self._item(row) for row in rows]

    count = blocking(reading.count_items)
    get = blocking_as(reading.read_one, _item)
    details = blocking(datasets.details)
    push = blocking(pushing.push)
    tag = blocking(datasets.tag)
    tags = blocking(datasets.tags)
    untag = blocking(datasets.untag)
    diff = blocking(datasets.diff)
    revisions = blocking(datasets.revisions)
    rollback = blocking(datasets.rollback)
    fork = blocking_as(datasets.fork, _with_ref)
    erase = blocking(datasets.erase_dataset)
    digest = blocking(reading.compute_digest)
    server_digest = blocking(datasets.server_digest)
    erase_items = blocking(datasets.erase_items)
    resolved_revision = blocking(resolving.pinned_revision)

    def __len__(self) -> int:
        return self.count()

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Item]:
        for row in self._driver.iterate(reading.read_items(self._subject)):
            yield self._item(row)

    @overload
    def __getitem__(self, which: int | str) -> Item: ...

    @overload
    def __getitem__(self, which: slice) -> list[Item]: ...

    def __getitem__(self, which: int | str | slice) -> Item | list[Item]:
        if isinstance(which, slice):
            return self._items(self._driver.run(reading.read_range(self._subject, which)))
        return self.get(which)

    def changes(self, since: int = 0) -> Iterator[FeedEntry]:
        """Yield the changes after a revision, oldest first."""
        return self._driver.iterate(datasets.changes(self._subject, since=since))

    def to_pandas(self) -> pandas.DataFrame:
        """Return the items as a data frame."""
        return to_pandas(self)

    def to_hf(self, *, as_text: bool = False) -> hf.Dataset:
        """Return the items as a Hugging Face dataset."""
        return to_hf(self, as_text=as_text)

    def __repr__(self) -> str:
        try:
            revision, _ = self._driver.run(describe(self._subject))
        except (DatasetsError, OSError, RuntimeError) as error:
            return f"<Dataset {self._described()} · {error}>"
        return f"<Dataset {self._described(revision)}>"

    def _repr_html_(self) -> str:
        columns = ("case_id", "input", "output", "metadata")
        head = "".join(f"<th>{name}</th>" for name in columns)
        body = "".join(html_row(item) for item in self[:TABLE_ROWS])
        return (
            f"<p>{html.escape(repr(self)[1:-1])}</p><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )


def html_row(item: Item) -> str:
    texts = [item.case_id, *(shorten(item.raw.get(name)) for name in ("input", "output", "metadata"))]
    return "<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in texts) + "</tr>"


def describe(ref: DatasetRef) -> Steps[tuple[int, int]]:
    """Learn what a repr shows, without retries."""
    hurried = replace(ref, connection=replace(ref.connection, retry=Retry(0)))
    return (yield from resolving.load_snapshot(hurried))


class AsyncDataset(DatasetChoice):
    """A dataset whose reads and writes are awaited. Nothing is asked of the server before the first use."""

    def __init__(self, driver: AsyncDriver, ref: DatasetRef) -> None:
        self._driver = driver
        self._subject = ref

    def _with_ref(self, ref: DatasetRef) -> AsyncDataset:
        return AsyncDataset(self._driver, ref)

    def _item(self, row: reading.Row) -> AsyncItem:
        return AsyncItem(self._driver, self._subject.connection, row)

    def _items(self, rows: list[reading.Row]) -> list[AsyncItem]:
        return [self._item(row) for row in rows]

    count = awaiting(reading.count_items)
    get = awaiting_as(reading.read_one, _item)
    slice = awaiting_as(reading.read_range, _items)
    details = awaiting(datasets.details)
    push = awaiting(pushing.push)
    tag = awaiting(datasets.tag)
    tags = awaiting(datasets.tags)
    untag = awaiting(datasets.untag)
    diff = awaiting(datasets.diff)
    revisions = awaiting(datasets.revisions)
    rollback = awaiting(datasets.rollback)
    fork = awaiting_as(datasets.fork, _with_ref)
    erase = awaiting(datasets.erase_dataset)
    digest = awaiting(reading.compute_digest)
    server_digest = awaiting(datasets.server_digest)
    erase_items = awaiting(datasets.erase_items)
    resolved_revision = awaiting(resolving.pinned_revision)

    async def __aiter__(self) -> AsyncIterator[AsyncItem]:
        async for row in self._driver.iterate(reading.read_items(self._subject)):
            yield self._item(row)

    def changes(self, since: int = 0) -> AsyncIterator[FeedEntry]:
        """Yield the changes after a revision, oldest first."""
        return self._driver.iterate(datasets.changes(self._subject, since=since))

    async def to_pandas(self) -> pandas.DataFrame:
        """Return the items as a data frame."""
        return to_pandas([item async for item in self])

    async def to_hf(self, *, as_text: bool = False) -> hf.Dataset:
        """Return the items as a Hugging Face dataset."""
        return to_hf([item async for item in self], as_text=as_text)

    def __repr__(self) -> str:
        return f"<AsyncDataset {self._described()}>"
