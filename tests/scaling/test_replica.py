"""Reads from a replica: users always see their own writes, whatever the state of the replica.

A paused replica shows which reads use it, because it still has the state before the pause.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.http_connection import HTTPConnection, HTTPResponse
from tests.people import People, key
from tests.scaling.replicas import Replica, ask, primary_and_replica
from tests.service_process import PROJECT_DIR, ServiceProcess
from tests.service_process import test_database_url as database_url
from tests.waiting import wait_for

# The maximum lag for reads of other users' writes; unlimited for these tests.
ANY_AGE = "36000"
# Enough requests to reach each thread of each worker several times.
MANY = 30


class Client:
    """A client with a user's key; each request may reach another worker."""

    def __init__(self, service: ServiceProcess, made: dict[str, Any]) -> None:
        self.service, self.key, self.key_id = service, made["key"], made["id"]
        self.base = f"/api/projects/{made['project_id']}"

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> HTTPResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with HTTPConnection(self.service, self.key) as wire:
            return wire.ask(method, self.base + path, body, named)

    def get(self, path: str, **headers: str) -> Any:
        answer = self.ask("GET", path, **headers)
        assert answer.status == 200, answer.content
        return answer.json()

    def create(self, dataset: str, **fields: Any) -> str:
        answer = self.ask("POST", "/dataset_items/", {"dataset": dataset, **fields})
        assert answer.status == 201, answer.content
        return str(answer.json()["id"])

    def count(self, dataset: str, **headers: str) -> int:
        return int(self.get(f"/dataset_items/?dataset={dataset}&limit=1", **headers)["count"])

    def counts(self, dataset: str) -> set[int]:
        return {self.count(dataset) for _ in range(MANY)}


class ReplicatedService:
    """A service with a primary and a replica, and clients of two users who write and one who only reads."""

    def __init__(self, primary_url: str, replica: Replica) -> None:
        self.primary_url, self.replica = primary_url, replica
        self.service = self.run()
        self.writer, self.other, self.reader = (Client(self.service, self.key(name)) for name in "wor")
        self.dataset = self.new_dataset()

    def run(self, **environment: str) -> ServiceProcess:
        return ServiceProcess(**self.environment(), **environment)

    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.primary_url,
            "REPLICA_DATABASE_URL": self.replica.url,
            "REPLICA_MAX_LAG_SECONDS": ANY_AGE,
        }

    def key(self, name: str) -> dict[str, Any]:
        options = ["--email", f"{name}@example.com", "--create-user", "--project-name", "Shared", "--label", name]
        command = [sys.executable, "manage.py", "create_api_key", *options, "--scopes", "*", "--json"]
        environment = os.environ | {"DATABASE_URL": self.primary_url}
        done = subprocess.run(command, cwd=PROJECT_DIR, env=environment, capture_output=True, text=True, check=True)
        made: dict[str, Any] = json.loads(done.stdout)
        return made

    def new_dataset(self) -> str:
        return str(self.writer.ask("POST", "/datasets/", {"name": "Golden set"}).json()["id"])

    def settle(self) -> None:
        """Wait until the replica has everything, and all users may read from it."""
        self.reader.count(self.dataset)
        self.replica.catch_up()

    def pause(self) -> None:
        self.settle()
        self.replica.pause()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReplicatedService]:
    with primary_and_replica(tmp_path_factory.mktemp("servers")) as (primary_url, replica):
        made = ReplicatedService(primary_url, replica)
        yield made
        made.service.stop()


@pytest.fixture
def paused(stage: ReplicatedService) -> Iterator[ReplicatedService]:
    """The service with a new dataset of one item, and a replica that was paused after replaying them."""
    stage.dataset = stage.new_dataset()
    stage.writer.create(stage.dataset)
    stage.pause()
    yield stage
    stage.replica.resume()


def test_lists_are_read_from_the_replica(paused: ReplicatedService) -> None:
    paused.writer.create(paused.dataset)

    assert paused.reader.counts(paused.dataset) == {1}


def test_a_writer_reads_their_own_writes_from_every_worker(paused: ReplicatedService) -> None:
    for number in range(3):
        paused.writer.create(paused.dataset)
        assert paused.writer.counts(paused.dataset) == {2 + number}


def test_every_kind_of_read_shows_a_writer_what_they_wrote(paused: ReplicatedService) -> None:
    item = paused.writer.create(paused.dataset, input=1)
    assert paused.writer.ask("PATCH", f"/dataset_items/{item}/", {"input": 2}).status == 200
    assert paused.writer.ask("PATCH", f"/datasets/{paused.dataset}/", {"name": "Other"}).status == 200
    one, many = f"/datasets/{paused.dataset}/", f"/dataset_items/{item}/"

    for _ in range(MANY // 6):
        assert paused.writer.get(many)["input"] == 2
        assert paused.writer.get(f"{many}versions/")["count"] == 2
        assert paused.writer.get(one)["name"] == "Other"
        assert paused.writer.get("/datasets/?limit=1")["results"][0]["name"] == "Other"
        assert paused.writer.get(f"{one}revisions/")["count"] == 3
        assert paused.writer.get(f"{one}changes/?since_revision=0")["next_since_revision"] == 3
        assert paused.writer.get(f"{one}diff/?from=1&to=3")["counts"]["added"] == 1
    assert paused.reader.get(one)["name"] == "Golden set"
    assert paused.reader.get(f"{one}revisions/")["count"] == 1


def test_the_orm_reads_from_the_replica_too(paused: ReplicatedService) -> None:
    named = f"/datasets/?id__in={paused.dataset}"
    paused.writer.ask("PATCH", f"/datasets/{paused.dataset}/", {"name": "Other"})

    assert {paused.reader.get(named)["results"][0]["name"] for _ in range(MANY)} == {"Golden set"}


def test_a_writer_reads_from_the_replica_again_once_it_has_caught_up(paused: ReplicatedService) -> None:
    paused.writer.create(paused.dataset)
    paused.replica.resume()
    paused.pause()

    paused.other.create(paused.dataset)

    assert paused.writer.counts(paused.dataset) == {2}
    assert paused.other.counts(paused.dataset) == {3}


def test_rows_missing_on_the_replica_are_read_from_the_primary(paused: ReplicatedService) -> None:
    item = paused.writer.create(paused.dataset)

    assert paused.reader.get(f"/dataset_items/{item}/")["id"] == item


def test_a_reader_of_changes_who_is_ahead_of_the_replica_is_answered(paused: ReplicatedService) -> None:
    paused.writer.create(paused.dataset)

    page = paused.reader.get(f"/datasets/{paused.dataset}/changes/?since_revision=2")

    assert (page["results"], page["next_since_revision"]) == ([], 2)


def test_no_cache_reads_from_the_primary(paused: ReplicatedService) -> None:
    paused.writer.create(paused.dataset)

    assert paused.reader.count(paused.dataset, Cache_Control="no-cache") == 2
    assert paused.reader.count(paused.dataset) == 1


def test_after_a_412_the_newer_version_is_visible(paused: ReplicatedService) -> None:
    name = f"/datasets/{paused.dataset}/"
    paused.writer.ask("PATCH", name, {"name": "Other"})
    assert paused.other.get(name)["name"] == "Golden set"

    refused = paused.other.ask("PATCH", name, {"name": "Third"}, If_Match='"1"')

    assert refused.status == 412
    assert {paused.other.get(name)["name"] for _ in range(MANY)} == {"Other"}


def test_a_revoked_key_stops_at_once(paused: ReplicatedService) -> None:
    made = paused.key("revoked")
    client = Client(paused.service, made)
    assert client.count(paused.dataset) == 1

    ask(paused.primary_url, f"DELETE FROM api_auth_personalapikey WHERE id = '{made['id']}' RETURNING id")

    assert client.ask("GET", "/datasets/").status == 401


def test_lost_positions_are_detected(paused: ReplicatedService) -> None:
    """A crash of the primary empties the unlogged table."""
    paused.writer.create(paused.dataset)
    ask(paused.primary_url, "WITH gone AS (DELETE FROM api_auth_replicaposition RETURNING 1) SELECT count(*) FROM gone")

    assert paused.writer.counts(paused.dataset) == {2}


def test_without_the_replica_all_requests_succeed(stage: ReplicatedService) -> None:
    stage.settle()
    expected = stage.reader.count(stage.dataset)
    stage.replica.stop()
    try:
        for _ in range(MANY):
            stage.writer.create(stage.dataset)
            expected += 1
            assert stage.writer.count(stage.dataset) == expected
            assert stage.reader.count(stage.dataset) == expected
            assert stage.reader.get("/datasets/?limit=1")["results"]
    finally:
        stage.replica.start()
    assert "The replica cannot be used" in stage.service.output()
    stage.pause()
    stage.writer.create(stage.dataset)

    # After a while, the replica is tried again.
    wait_for(lambda: stage.reader.count(stage.dataset) == expected)
    stage.replica.resume()


def test_no_read_exceeds_the_maximum_lag(paused: ReplicatedService) -> None:
    paused.writer.create(paused.dataset)
    strict = ServiceProcess(**paused.environment() | {"REPLICA_MAX_LAG_SECONDS": "1"}, workers=1)
    try:
        reader = Client(strict, paused.key("strict"))

        wait_for(lambda: reader.count(paused.dataset) == 2)
        assert reader.counts(paused.dataset) == {2}
    finally:
        strict.stop()


def test_a_promoted_replica_is_not_used(stage: ReplicatedService) -> None:
    mistaken = ServiceProcess(**stage.environment() | {"REPLICA_DATABASE_URL": stage.primary_url}, workers=1)
    try:
        assert len(Client(mistaken, stage.key("mistaken")).counts(stage.dataset)) == 1
    finally:
        printed = mistaken.stop()
    assert "it is not a replica of the primary" in printed


def test_a_replica_of_another_database_is_not_used(stage: ReplicatedService, live_database: None) -> None:
    people = People()
    made = {"key": key(people.owner), "id": "", "project_id": people.project.id}
    mistaken = ServiceProcess(**stage.environment() | {"DATABASE_URL": database_url()}, workers=1)
    try:
        client = Client(mistaken, made)
        dataset = client.ask("POST", "/datasets/", {"name": "Golden set"}).json()["id"]
        assert client.counts(dataset) == {0}
    finally:
        printed = mistaken.stop()
    assert "it is not a replica of the primary" in printed
