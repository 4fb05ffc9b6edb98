"""Our service: a create, a bulk create, a list, an export as JSON Lines."""

import json

from benchmarks import content
from benchmarks.peers.items import Item
from benchmarks.peers.service import PAGE_ITEMS, Call, Service, dump, sending

PROJECT_PATH = f"/api/projects/{content.PROJECT}"
ITEMS_PATH = f"{PROJECT_PATH}/dataset_items/"


class Ours(Service):
    name = "ours"
    headers = Service.headers | {"Authorization": f"Bearer {content.CALLER_KEY}"}

    def new_dataset(self, name: str) -> str:
        return str(self.ask("POST", f"{PROJECT_PATH}/datasets/", {"name": name})["id"])

    def append(self, dataset: str, items: list[Item]) -> Call:
        bodies = [item._asdict() for item in items]
        if len(bodies) == 1:
            return sending("POST", ITEMS_PATH, dump({"dataset": dataset, **bodies[0]}))
        return sending("POST", f"{ITEMS_PATH}bulk/", dump({"dataset": dataset, "items": bodies}))

    def read(self, dataset: str) -> Call:
        return sending("GET", f"{PROJECT_PATH}/datasets/{dataset}/export/?export_format=jsonl")

    def read_page(self, dataset: str) -> Call:
        return sending("GET", f"{ITEMS_PATH}?dataset={dataset}&limit={PAGE_ITEMS}")

    def items(self, bodies: list[bytes]) -> list[Item]:
        (body,) = bodies
        rows = json.loads(body)["results"] if body.startswith(b'{"count"') else map(json.loads, body.splitlines())
        return [Item(row["input"], row["output"], row["metadata"]) for row in rows]
