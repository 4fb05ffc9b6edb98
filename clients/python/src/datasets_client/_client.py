"""The client: where everything begins."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import TracebackType

from datasets_client._cache import Cache
from datasets_client._config import Settings, cache_path, load_settings
from datasets_client._dataset import AsyncDataset, Dataset
from datasets_client._drivers import AsyncDriver, Driver
from datasets_client._faces import awaiting, awaiting_as, blocking, blocking_as
from datasets_client._json_text import Numbers
from datasets_client._lock import LOCK_NAME, read_lock
from datasets_client._operations import account, datasets
from datasets_client._refs import Connection, DatasetRef, Identity
from datasets_client._retry import Retry


class ClientBase:
    """The settings of a client: arguments, then the environment, then `dsets login`'s file."""

    def __init__(
        self,
        url: str | None = None,
        api_key: str | None = None,
        project: str | int | None = None,
        *,
        numbers: Numbers = "python",
        retry: Retry | None = None,
        cache: str | Path | None = None,
    ) -> None:
        """Make a client; raises ConfigurationError where the address or the key is missing.

        numbers: "decimal" reads every number that is not whole as Decimal, with all its digits. retry: how long to keep
        trying. cache: the folder for pinned revisions.
        """
        if numbers not in ("python", "decimal"):
            raise ValueError('numbers is "python" or "decimal".')
        settings = load_settings(url, api_key, project)
        folder = cache_path() if cache is None else Path(cache)
        self._subject = Connection(settings, retry or Retry(), numbers, Cache(folder))

    @property
    def settings(self) -> Settings:
        return self._subject.settings

    def _ref(self, name: str) -> DatasetRef:
        if not name:
            raise ValueError("A dataset is asked for by its name or id.")
        return DatasetRef(self._subject, Identity(name))

    def _locked_ref(self, name: str, lock: str | Path) -> DatasetRef:
        return read_lock(Path(lock)).get(name).ref(self._subject)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.settings.project_url}>"


class Client(ClientBase):
    """A client that blocks. `with Client() as client:` closes its connections."""

    def __init__(
        self,
        url: str | None = None,
        api_key: str | None = None,
        project: str | int | None = None,
        *,
        numbers: Numbers = "python",
        retry: Retry | None = None,
        cache: str | Path | None = None,
    ) -> None:
        super().__init__(url, api_key, project, numbers=numbers, retry=retry, cache=cache)
        self._driver = Driver(self.settings)

    __init__.__doc__ = ClientBase.__init__.__doc__

    def _dataset_from(self, ref: DatasetRef) -> Dataset:
        return Dataset(self._driver, ref)

    def dataset(self, name: str) -> Dataset:
        """Return a dataset by its name or id; asks nothing of the server before the first use."""
        return self._dataset_from(self._ref(name))

    def locked(self, name: str, lock: str | Path = LOCK_NAME) -> Dataset:
        """Return a dataset at the revision that datasets.lock records."""
        return self._dataset_from(self._locked_ref(name, lock))

    create = blocking_as(datasets.create_dataset, _dataset_from)
    keys = blocking(account.list_keys)
    current_key = blocking(account.current_key)

    def datasets(self, *, search: str | None = None) -> Iterator[Dataset]:
        """Yield the project's datasets, newest first."""
        for ref in self._driver.iterate(datasets.list_datasets(self._subject, search=search)):
            yield self._dataset_from(ref)

    def close(self) -> None:
        """Close the connections."""
        self._driver.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncClient(ClientBase):
    """A client whose reads and writes are awaited. `async with AsyncClient() as client:` closes its connections."""

    def __init__(
        self,
        url: str | None = None,
        api_key: str | None = None,
        project: str | int | None = None,
        *,
        numbers: Numbers = "python",
        retry: Retry | None = None,
        cache: str | Path | None = None,
    ) -> None:
        super().__init__(url, api_key, project, numbers=numbers, retry=retry, cache=cache)
        self._driver = AsyncDriver(self.settings)

    __init__.__doc__ = ClientBase.__init__.__doc__

    def _dataset_from(self, ref: DatasetRef) -> AsyncDataset:
        return AsyncDataset(self._driver, ref)

    def dataset(self, name: str) -> AsyncDataset:
        """Return a dataset by its name or id; asks nothing of the server before the first use."""
        return self._dataset_from(self._ref(name))

    def locked(self, name: str, lock: str | Path = LOCK_NAME) -> AsyncDataset:
        """Return a dataset at the revision that datasets.lock records."""
        return self._dataset_from(self._locked_ref(name, lock))

    create = awaiting_as(datasets.create_dataset, _dataset_from)
    keys = awaiting(account.list_keys)
    current_key = awaiting(account.current_key)

    async def datasets(self, *, search: str | None = None) -> AsyncIterator[AsyncDataset]:
        """Yield the project's datasets, newest first."""
        async for ref in self._driver.iterate(datasets.list_datasets(self._subject, search=search)):
            yield self._dataset_from(ref)

    async def close(self) -> None:
        """Close the connections."""
        await self._driver.close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
