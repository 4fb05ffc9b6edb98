"""Compares Citus with PostgreSQL alone: python -m benchmarks.citus DATABASE_URL

The database is a new one on a Citus cluster, with its tables distributed and no rows: see docs/scaling.md. Sends
requests one after another on one connection to each of two services, in turns of a few, and prints the median times.
"""

import http.client
import json
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.content import SECRET_KEY
from datasets_api.postgres.embedded import EmbeddedPostgres
from tests.service_process import ServiceProcess

ROUNDS, REQUESTS = 25, 20
ITEMS = 200
INPUT = {"question": "How many apples are left? " * 20}
FIRST_KEY = re.compile(r"phx_\w+")


class Side:
    """A service with a new project's dataset of some items."""

    def __init__(self, service: ServiceProcess) -> None:
        key = FIRST_KEY.search(service.output())
        assert key, "The service has printed no key: its database is not new."
        self.connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
        self.headers = {"Authorization": f"Bearer {key[0]}", "Content-Type": "application/json"}
        self.items = "/api/projects/@current/dataset_items/"
        self.dataset = self.ask("POST", "/api/projects/@current/datasets/", {"name": "Golden set"})["id"]
        # By number: requests with @current need a second statement.
        self.items = f"/api/projects/{self.create()['team']}/dataset_items/"
        self.item = [self.create() for _ in range(ITEMS)][ITEMS // 2]["id"]
        self.numbers = count()

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        self.connection.request(method, path, json.dumps(body) if body is not None else None, self.headers)
        response = self.connection.getresponse()
        content = response.read()
        assert response.status < 300, content
        return json.loads(content)

    def retrieve(self) -> None:
        self.ask("GET", f"{self.items}{self.item}/")

    def list_page(self) -> None:
        self.ask("GET", f"{self.items}?dataset={self.dataset}&limit=10")

    def create(self) -> Any:
        return self.ask("POST", self.items, {"dataset": self.dataset, "input": INPUT})

    def patch(self) -> None:
        self.ask("PATCH", f"{self.items}{self.item}/", {"output": next(self.numbers)})


OPERATIONS: dict[str, Callable[[Side], Any]] = {
    "retrieve": Side.retrieve,
    "list of 10": Side.list_page,
    "create": Side.create,
    "PATCH": Side.patch,
}


def times(operation: Callable[[Side], Any], side: Side) -> Iterator[float]:
    for _ in range(REQUESTS):
        start = time.perf_counter()
        operation(side)
        yield time.perf_counter() - start


@contextmanager
def both_sides(citus_url: str) -> Iterator[tuple[Side, Side]]:
    """Yield PostgreSQL alone and Citus."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="datasets-citus-", ignore_cleanup_errors=True))
        postgres = EmbeddedPostgres(Path(folder) / "data")
        stack.enter_context(postgres.serve())
        sides = []
        for url in (postgres.url, citus_url):
            service = ServiceProcess(workers=1, DATABASE_URL=url)
            stack.callback(service.stop)
            sides.append(Side(service))
        yield sides[0], sides[1]


def main() -> None:
    os.environ |= {"DJANGO_SETTINGS_MODULE": "benchmarks.settings", "SECRET_KEY": SECRET_KEY}
    os.environ["DATABASE_URL"] = sys.argv[1]
    with both_sides(sys.argv[1]) as (alone, citus):
        print("| request | PostgreSQL alone | Citus | ratio of speeds |\n|---|---|---|---|")
        for name, operation in OPERATIONS.items():
            taken: dict[Side, list[float]] = {alone: [], citus: []}
            for _ in range(ROUNDS):
                for side in taken:
                    taken[side] += times(operation, side)
            medians = [statistics.median(each) * 1000 for each in taken.values()]
            print(f"| {name} | {medians[0]:.1f} ms | {medians[1]:.1f} ms | {medians[0] / medians[1]:.2f} |")


if __name__ == "__main__":
    main()
