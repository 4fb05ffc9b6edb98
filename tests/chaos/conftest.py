"""Fixtures: a separate database for each module, which tests may stop, and a service with a dataset on it."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest

from datasets_api.postgres.embedded import EmbeddedPostgres
from tests.chaos.chaos_run import ChaosRun
from tests.chaos.clients import Client, make_key
from tests.chaos.relay import Relay
from tests.service.up_process import Up

SECRET_KEY = "tests-only-" + "x" * 50


class Place:
    """A project with a dataset and an item, and the key to it."""

    def __init__(self, **settings: str) -> None:
        self.key, self.project = make_key(**settings)

    def fill(self, up: Up) -> None:
        client = self.client(up)
        self.dataset = client.ask("POST", "datasets/", {"name": "Set"}).body["id"]
        self.item = client.ask("POST", "dataset_items/", {"dataset": self.dataset, "input": 1}).body["id"]
        client.close()

    def client(self, up: Up) -> Client:
        client = Client(self.project, self.key)
        client.connect_to(up.port)
        return client

    def requests(self) -> dict[str, tuple[str, str, Any]]:
        """Return one request of each kind. All need the database; those after the feed write."""
        item = f"dataset_items/{self.item}/"
        return {
            "read": ("GET", item, None),
            "list": ("GET", f"dataset_items/?dataset={self.dataset}", None),
            "feed": ("GET", f"datasets/{self.dataset}/changes/?since_revision=0", None),
            "create": ("POST", "dataset_items/", {"dataset": self.dataset, "input": 2}),
            "patch": ("PATCH", item, {"output": time.monotonic_ns()}),
            "rename": ("PATCH", f"datasets/{self.dataset}/", {"name": "Other"}),
            "fork": ("POST", f"datasets/{self.dataset}/fork/", {"name": "Fork"}),
        }


@pytest.fixture
def chaos_run(tmp_path: Path) -> Iterator[ChaosRun]:
    chaos_run = ChaosRun(tmp_path / "data")
    try:
        chaos_run.begin()
        yield chaos_run
    finally:
        chaos_run.end()


class Database:
    """An external PostgreSQL that tests stop and start."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir, self.running = data_dir, ExitStack()
        self.postgres = EmbeddedPostgres(data_dir)
        self.url = self.postgres.url

    def start(self) -> None:
        self.running.enter_context(self.postgres.serve())

    def stop(self) -> None:
        self.running.close()

    def run(self, statement: str) -> Any:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else None

    def end_connections(self) -> None:
        self.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'datasets-api'")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(tmp_path_factory.mktemp("faults") / "data")
    database.start()
    yield database
    database.stop()


@pytest.fixture(scope="module")
def relay(database: Database) -> Iterator[Relay]:
    with Relay(database.data_dir / "run" / ".s.PGSQL.5432") as relay:
        yield relay


@pytest.fixture(scope="module")
def up(database: Database, relay: Relay, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """A service with short timeouts, on the database behind the relay."""
    password = (database.data_dir / "postgres-password").read_text()
    url = f"postgresql://datasets:{password}@127.0.0.1:{relay.port}/datasets?connect_timeout=2"
    settings = {"STATEMENT_TIMEOUT_SECONDS": "2", "RATE_LIMIT_ENABLED": "true", "RATE_LIMIT_BURST": "100000/minute",
                "RATE_LIMIT_SUSTAINED": "100000/minute", "SECRET_KEY": SECRET_KEY}  # fmt: skip
    with Up(tmp_path_factory.mktemp("up") / "none", DATABASE_URL=url, SERVER_PROJECT_SHARE="1", **settings) as up:
        yield up
    assert "Traceback" not in up.output


@pytest.fixture(scope="module")
def place(database: Database, up: Up) -> Place:
    place = Place(DATABASE_URL=database.url, SECRET_KEY=SECRET_KEY)
    place.fill(up)
    return place
