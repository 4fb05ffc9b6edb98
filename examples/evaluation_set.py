"""Loads an evaluation set from a JSON Lines file through the API, pages through it, and corrects it.

    python -m examples.evaluation_set FILE.jsonl --url http://127.0.0.1:8000 --key phx_... --project 1 \\
        --input question --output answer

Each line is an object; the fields named by --input and --output become the items' input and output, and the rest
their metadata.
"""

import argparse
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Self

import httpx
from tqdm import tqdm

JSON = Any
PAGE = 1000


class Project:
    """The datasets of one project, as the API shows them."""

    def __init__(self, url: str, key: str, project: str) -> None:
        self.client = httpx.Client(
            base_url=f"{url}/api/projects/{project}/", headers={"Authorization": f"Bearer {key}"}, timeout=60
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def ask(self, method: str, path: str, **options: Any) -> JSON:
        response = self.client.request(method, path, **options)
        if response.is_error:
            raise SystemExit(f"{method} {path}: {response.status_code} {response.text}")
        return response.json()

    def create_dataset(self, name: str, description: str) -> JSON:
        return self.ask("POST", "datasets/", json={"name": name, "description": description})

    def add(self, dataset: str, item: dict[str, JSON]) -> JSON:
        return self.ask("POST", "dataset_items/", json={"dataset": dataset, **item})

    def items(self, dataset: str) -> Iterator[JSON]:
        """All items, newest first, page by page."""
        page = self.ask("GET", "dataset_items/", params={"dataset": dataset, "limit": PAGE})
        while True:
            yield from page["results"]
            if not page["next"]:
                return
            page = self.ask("GET", page["next"])

    def count(self, dataset: str) -> int:
        return int(self.ask("GET", "dataset_items/", params={"dataset": dataset, "limit": 1})["count"])

    def change(self, item: str, **fields: JSON) -> JSON:
        return self.ask("PATCH", f"dataset_items/{item}/", json=fields)


def rows(file: Path) -> list[JSON]:
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def as_item(row: dict[str, JSON], number: int, input_field: str, output_field: str) -> dict[str, JSON]:
    remaining = {name: value for name, value in row.items() if name not in {input_field, output_field}}
    return {
        "input": row[input_field],
        "output": row[output_field],
        "metadata": remaining or None,
        "ref_source_id": f"line-{number}",
    }


def load(project: Project, dataset: str, items: Iterable[dict[str, JSON]]) -> None:
    for item in tqdm(items, unit=" items", desc="Loading"):
        project.add(dataset, item)


def demonstrate(project: Project, dataset: str) -> None:
    """Corrects one answer, then soft-deletes an item and restores it; the set is as it was afterwards."""
    first = next(project.items(dataset))
    corrected = project.change(first["id"], output=f"{first['output']} (checked)")
    print(f"Corrected {first['id']}: {corrected['output']!r}")
    project.change(first["id"], output=first["output"])
    project.change(first["id"], deleted=True)
    print(f"Soft-deleted it: {project.count(dataset)} items are left")
    project.change(first["id"], deleted=False)
    print(f"Restored it: {project.count(dataset)} items")


def main(arguments: list[str] | None = None) -> str:
    """Returns the dataset's id."""
    parser = argparse.ArgumentParser(description="Loads an evaluation set from a JSON Lines file.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--key", required=True)
    parser.add_argument("--project", default="@current")
    parser.add_argument("--input", default="input")
    parser.add_argument("--output", default="output")
    options = parser.parse_args(arguments)

    records = rows(options.file)
    with Project(options.url, options.key, options.project) as project:
        dataset = project.create_dataset(options.file.stem, f"Loaded from {options.file.name}")["id"]
        load(project, dataset, [as_item(row, n, options.input, options.output) for n, row in enumerate(records, 1)])
        print(f"Read back {sum(1 for _ in project.items(dataset))} of {len(records)} items of dataset {dataset}")
        demonstrate(project, dataset)
    return str(dataset)


if __name__ == "__main__":
    main()
