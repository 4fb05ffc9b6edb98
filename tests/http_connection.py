"""HTTP connections to a running service, and concurrent clients."""

import http.client
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, NamedTuple, Self

from tests.people import People, key
from tests.service_process import ServiceProcess

Task = Callable[[], Any]


class HTTPResponse(NamedTuple):
    status: int
    headers: dict[str, str]  # lower-case names
    content: bytes

    def json(self) -> Any:
        return json.loads(self.content)


class HTTPConnection:
    """A client with its own persistent connection."""

    def __init__(self, service: ServiceProcess, key: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> HTTPResponse:
        data = None if body is None else json.dumps(body)
        self.connection.request(method, path, data, {**self.headers, **(headers or {})})
        response = self.connection.getresponse()
        named = {name.lower(): value for name, value in response.getheaders()}
        return HTTPResponse(response.status, named, response.read())


class ServedProject:
    """A project of the running service, with its owner's key."""

    def __init__(self, service: ServiceProcess) -> None:
        self.service, self.people = service, People()
        self.key = key(self.people.owner)
        base = f"/api/projects/{self.people.project.id}"
        self.items, self.datasets = f"{base}/dataset_items/", f"{base}/datasets/"

    def wire(self) -> HTTPConnection:
        return HTTPConnection(self.service, self.key)

    def ask(self, *request: Any) -> HTTPResponse:
        """Send a request on a new connection."""
        with self.wire() as wire:
            return wire.ask(*request)

    def new_dataset(self, name: str, **values: Any) -> str:
        return str(self.ask("POST", self.datasets, {"name": name, **values}).json()["id"])


def at_once(tasks: Sequence[Task]) -> list[Any]:
    """Run the tasks in threads that start at the same time; raise the first error."""
    start = Barrier(len(tasks))

    def run(task: Task) -> Any:
        start.wait(timeout=30)
        return task()

    with ThreadPoolExecutor(len(tasks)) as threads:
        return [each.result(timeout=60) for each in [threads.submit(run, task) for task in tasks]]
