"""The embedded PostgreSQL's interface: its URL, and context managers during which it runs."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from datasets_api.postgres.cluster import Cluster
from datasets_api.postgres.data_dir import DataDir
from datasets_api.postgres.errors import DataDirInUse, PostgresError, explain_os_errors
from datasets_api.postgres.initdb import DATABASE_NAME
from datasets_api.postgres.lock import Holder, read_holder, release_lock, take_lock

SERVE_WAIT_SECONDS = 10.0
READY_WAIT_SECONDS = 30.0
POLL_SECONDS = 0.1


class EmbeddedPostgres:
    def __init__(self, data_dir: Path, settings: Mapping[str, str] | None = None) -> None:
        self._data_dir = DataDir(data_dir)
        self._cluster = Cluster(self._data_dir, settings or {})

    @property
    def url(self) -> str:
        """The database's URL, which needs no running server. Creates DATA_DIR and the password if missing."""
        with explain_os_errors(self._data_dir.path):
            password = quote(self._data_dir.password(), safe="")
            host = quote(str(self._data_dir.sockets), safe="")
            return f"postgresql://{DATABASE_NAME}:{password}@/{DATABASE_NAME}?host={host}"

    def secret(self, name: str) -> str:
        """Return the random text in a file of DATA_DIR, created on first use."""
        with explain_os_errors(self._data_dir.path):
            return self._data_dir.secret(name)

    @contextmanager
    def serve(self) -> Iterator[None]:
        """Run PostgreSQL for the service, which owns DATA_DIR meanwhile.

        Waits for a management command to end, but raises DataDirInUse if another service is running.
        """
        with self._owned(self._lock_to_serve()):
            yield

    @contextmanager
    def ready(self) -> Iterator[None]:
        """Provide PostgreSQL to a management command: the running service's, or otherwise its own."""
        lock = self._lock_or_join()
        if lock is None:
            yield
            return
        with self._owned(lock):
            yield

    @contextmanager
    def _owned(self, lock: int) -> Iterator[None]:
        try:
            with self._cluster.running():
                yield
        finally:
            release_lock(lock)

    def _take_lock(self, *, serving: bool) -> int | None:
        with explain_os_errors(self._data_dir.path):
            self._data_dir.make()
            return take_lock(self._data_dir, serving=serving)

    def _lock_to_serve(self) -> int:
        deadline = time.monotonic() + SERVE_WAIT_SECONDS
        while (lock := self._take_lock(serving=True)) is None:
            holder = read_holder(self._data_dir)
            # After a holder was killed, a child that it was just forking may still have the lock.
            if (holder and holder.serving and holder.is_alive()) or time.monotonic() > deadline:
                raise self._in_use(holder)
            time.sleep(POLL_SECONDS)
        return lock

    def _lock_or_join(self) -> int | None:
        """Return the lock, or None if a service holds it and its PostgreSQL accepts connections."""
        deadline = time.monotonic() + READY_WAIT_SECONDS
        while (lock := self._take_lock(serving=False)) is None:
            holder = read_holder(self._data_dir)
            serving = holder is not None and holder.serving
            if serving and self._cluster.is_accepting():
                return None
            if time.monotonic() > deadline:
                raise self._unanswered() if serving else self._in_use(holder)
            time.sleep(POLL_SECONDS)
        return lock

    def _in_use(self, holder: Holder | None) -> PostgresError:
        return DataDirInUse(self._data_dir.path, holder.pid if holder else None)

    def _unanswered(self) -> PostgresError:
        return PostgresError(f"The service is running, but its PostgreSQL does not respond; see {self._data_dir.log}.")
