"""MLflow's evaluation datasets, by the REST calls of its own client (mlflow.genai.datasets).

An item is a record: its output is the record's `expectations`, its metadata are the `tags`.
"""

import json
from typing import Any
from urllib.parse import quote

from benchmarks.peers.items import Item
from benchmarks.peers.service import PAGE_ITEMS, Call, Connection, Service, dump, sending

DATASETS_PATH = "/api/3.0/mlflow/datasets"
# The client's own.
CLIENT_PAGE = 1000


class MLflow(Service):
    name = "MLflow"

    def new_dataset(self, name: str) -> str:
        return str(self.ask("POST", f"{DATASETS_PATH}/create", {"name": name})["dataset"]["dataset_id"])

    def append(self, dataset: str, items: list[Item]) -> Call:
        records = [{"inputs": item.input, "expectations": item.output, "tags": item.metadata} for item in items]
        return sending("POST", records_path(dataset), dump({"records": json.dumps(records)}))

    def read(self, dataset: str) -> Call:
        path = f"{records_path(dataset)}?max_results={CLIENT_PAGE}"

        def read_pages(connection: Connection) -> list[bytes]:
            bodies = [connection.send("GET", path)]
            while token := next_page(bodies[-1]):
                bodies.append(connection.send("GET", f"{path}&page_token={quote(token)}"))
            return bodies

        return read_pages

    def read_page(self, dataset: str) -> Call:
        return sending("GET", f"{records_path(dataset)}?max_results={PAGE_ITEMS}")

    def items(self, bodies: list[bytes]) -> list[Item]:
        return [item_of(row) for body in bodies for row in json.loads(json.loads(body)["records"])]


def item_of(record: dict[str, Any]) -> Item:
    return Item(record["inputs"], record["expectations"], record["tags"])


def records_path(dataset: str) -> str:
    return f"{DATASETS_PATH}/{dataset}/records"


def next_page(body: bytes) -> str:
    """Return the token behind the records, without reading them; empty on the last page."""
    _, found, rest = body[-300:].partition(b'"next_page_token"')
    return str(json.loads(rest[rest.index(b'"') : rest.rindex(b'"') + 1])) if found else ""
