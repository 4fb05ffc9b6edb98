"""Two projects of the running service, one on each worker."""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from auth.models import Project
from tests.http_connection import HTTPConnection, HTTPResponse
from tests.people import People, key, key_row, project
from tests.rows import dataset
from tests.scaling.citus import WORKERS, Cluster
from tests.service_process import ServiceProcess


class Neighbor:
    """A project, with a key that may do anything in it."""

    def __init__(self, service: ServiceProcess, project: Project, worker: str, token: str) -> None:
        self.service, self.project, self.worker, self.token = service, project, worker, token
        self.items = f"/api/projects/{project.id}/dataset_items/"
        self.dataset = str(dataset(project).id)

    def ask(self, method: str, path: str, body: Any = None) -> HTTPResponse:
        with HTTPConnection(self.service, self.token) as wire:
            return wire.ask(method, path, body)

    def create(self) -> HTTPResponse:
        return self.ask("POST", self.items, {"dataset": self.dataset, "input": {"question": 1}})

    def list_items(self) -> HTTPResponse:
        return self.ask("GET", f"{self.items}?dataset={self.dataset}&limit=1")

    def count(self) -> int:
        return int(self.list_items().json()["count"])


class Neighbors(NamedTuple):
    first: Neighbor
    second: Neighbor
    people: People

    @classmethod
    def on(cls, cluster: Cluster, service: ServiceProcess) -> "Neighbors":
        people = People()
        token = key(people.owner)
        placed = [Neighbor(service, project_on(cluster, people, worker), worker, token) for worker in WORKERS]
        return cls(*placed, people)


def project_on(cluster: Cluster, people: People, worker: str) -> Project:
    """Create projects until one of them is on this worker."""
    for number in range(64):
        made = project(f"{worker}, {number}", people.home)
        if cluster.worker_of(made.id) == worker:
            return made
    raise AssertionError("each of the projects is on another worker")


def long_unused_key(people: People) -> str:
    return key_row(people.owner, last_used_at=datetime.now(UTC) - timedelta(days=1))[1]
