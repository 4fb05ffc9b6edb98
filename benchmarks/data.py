"""The databases that are measured: built once, kept, and copied for each run, so that every run begins the same."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from benchmarks.consistency import check_history
from benchmarks.databases import PROJECT_DIR, Database, Which
from benchmarks.servers import Server, serving
from datasets_api.postgres.embedded import EmbeddedPostgres

# Whatever these hold decides what a kept database looks like.
SOURCES = (
    "benchmarks/content.py",
    "benchmarks/fill.py",
    "benchmarks/plain/*.py",
    "auth/migrations/*.py",
    "items/migrations/*.py",
)
FILL = {"ours": "benchmarks.fill", "plain": "benchmarks.plain.fill"}
FILL_SECONDS = 7200


def fingerprint() -> str:
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for file in sorted(PROJECT_DIR.glob(pattern)):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:10]


class Databases:
    """Databases of the PostgreSQL at this address, whose user may create them."""

    def __init__(self, url: str, report: Callable[[str], None]) -> None:
        self.url = url
        self.report = report
        self.fingerprint = fingerprint()

    @contextmanager
    def copies(self, requested: Iterable[Which]) -> Iterator[dict[Which, Database]]:
        """Fresh copies; dropped at the end."""
        self._drop_others("built_", keep=self.fingerprint)
        self._drop_others("run_")
        copies = {which: self._copied(which) for which in requested}
        # Else the first measurements would share the disk with it.
        self._run("CHECKPOINT")
        try:
            yield copies
        finally:
            self._drop_others("run_")

    def built(self, which: Which) -> Database:
        """The kept database itself: whoever writes there changes what later runs find."""
        return self._database(self._built(which), which)

    def _copied(self, which: Which) -> Database:
        name = f"run_{which.name}"
        # A service that makes its tables itself begins with an empty one.
        template = self._built(which) if which.service in FILL else "template0"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self._database(name, which)

    def _built(self, which: Which) -> str:
        name = f"built_{which.name}_{self.fingerprint}"
        if name not in self._names():
            self.report(f"building {which}")
            draft = f"built_{which.name}_draft"
            self._run(f"DROP DATABASE IF EXISTS {draft} WITH (FORCE)")
            self._run(f"CREATE DATABASE {draft}")
            self._fill(self._database(draft, which))
            self._run(f"ALTER DATABASE {draft} RENAME TO {name}")
        return name

    def _fill(self, database: Database) -> None:
        which = database.which
        filling = ["-m", FILL[which.service], str(which.items), str(which.versions)]
        done = database.run(*filling, seconds=FILL_SECONDS)
        if done.returncode:
            raise RuntimeError(f"Building the data failed:\n{done.stderr}")
        with database.connected() as connection:
            connection.execute("VACUUM (ANALYZE)")
        if which.service == "ours":
            check_history(database)

    def _database(self, name: str, which: Which) -> Database:
        # The address ends with the database's name and the socket's folder.
        before, after = self.url.rsplit("/datasets?", 1)
        return Database(which, f"{before}/{name}?{after}")

    def _names(self) -> set[str]:
        with psycopg.connect(self.url) as connection:
            return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}

    def _drop_others(self, prefix: str, keep: str = "\0") -> None:
        for name in self._names():
            if name.startswith(prefix) and not name.endswith(keep):
                self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def copied(requested: Iterable[Which], folder: Path, report: Callable[[str], None]) -> Iterator[dict[Which, Database]]:
    """A fresh copy of each, in a running PostgreSQL. The built data are kept in the folder."""
    postgres = EmbeddedPostgres(folder / "data")
    with postgres.serve(), Databases(postgres.url, report).copies(requested) as copies:
        yield copies


@contextmanager
def served(requested: Iterable[Which], folder: Path, report: Callable[[str], None]) -> Iterator[dict[Which, Server]]:
    """A server on a fresh copy of each."""
    with ExitStack() as stack:
        copies = stack.enter_context(copied(requested, folder, report))
        yield {which: stack.enter_context(serving(copy, log_dir=folder)) for which, copy in copies.items()}
