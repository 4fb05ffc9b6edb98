"""The items that every service is given, about 1 KB each, and no two alike: one of the peers merges equal inputs."""

import itertools
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from benchmarks import content

_numbers = itertools.count()


class Item(NamedTuple):
    input: dict[str, Any]
    output: dict[str, Any]
    metadata: dict[str, Any]

    @property
    def key(self) -> str:
        """A text by which items that are read in another order can be compared."""
        return json.dumps(self, sort_keys=True)


def new_items(count: int) -> list[Item]:
    return list(itertools.islice(_items(), count))


def _items() -> Iterator[Item]:
    while True:
        unique = f"{next(_numbers):032d}"
        yield Item(
            json.loads(content.json_text(content.INPUT, content.INPUT_FILLERS, unique=unique)),
            json.loads(content.json_text(content.OUTPUT, content.OUTPUT_FILLERS)),
            json.loads(content.json_text(content.METADATA, content.METADATA_FILLERS)),
        )
