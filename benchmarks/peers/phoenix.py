"""Phoenix's datasets, by the REST calls of its own client (phoenix.client). A dataset is known by its name.

An item is an example. A dataset is read as a whole: the REST API has no pages of examples.
"""

import json

from benchmarks.peers.items import Item
from benchmarks.peers.service import Call, Service, dump, sending

UPLOAD_PATH = "/v1/datasets/upload?sync=true"


class Phoenix(Service):
    name = "Phoenix"

    def new_dataset(self, name: str) -> str:
        """The first append makes it."""
        return name

    def append(self, dataset: str, items: list[Item]) -> Call:
        inputs, outputs, metadata = (list(column) for column in zip(*items, strict=True))
        body = {"action": "append", "name": dataset, "inputs": inputs, "outputs": outputs, "metadata": metadata}
        return sending("POST", UPLOAD_PATH, dump(body))

    def read(self, dataset: str) -> Call:
        found = self.ask("GET", f"/v1/datasets?name={dataset}")["data"]
        return sending("GET", f"/v1/datasets/{found[0]['id']}/examples")

    def items(self, bodies: list[bytes]) -> list[Item]:
        (body,) = bodies
        examples = json.loads(body)["data"]["examples"]
        return [Item(example["input"], example["output"], example["metadata"]) for example in examples]
