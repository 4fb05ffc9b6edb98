"""The Python of docs/bulk.md, against a running service."""

import re
import subprocess
import sys
from typing import Any

import pytest

from tests.history.wire import Wire
from tests.people import Everyone, key
from tests.service_process import PROJECT_DIR, ServiceProcess


def test_the_example_stores_a_data_frame_and_updates_it(service: ServiceProcess, live_database: None) -> None:
    pytest.importorskip("pandas")
    people = Everyone()
    text = (PROJECT_DIR / "docs" / "bulk.md").read_text(encoding="utf-8")
    example = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[0]
    base = f"/api/projects/{people.project.id}"
    with Wire(service, key(people.owner)) as wire:
        dataset = wire.ask("POST", f"{base}/datasets/", {"name": "Sums"}).json()["id"]
    environment = {"ITEMS": f"{service.base}{base}/dataset_items", "KEY": key(people.owner), "BULK": dataset}

    def run() -> Any:
        return subprocess.run(
            [sys.executable, "-c", example], env=environment, capture_output=True, text=True, check=True
        ).stdout

    assert run() == "2 0\n"
    assert run() == "0 0\n"
    with Wire(service, key(people.owner)) as wire:
        items = wire.ask("GET", f"{base}/dataset_items/?dataset={dataset}").json()["results"]
    assert [(item["input"], item["output"], item["ref_source_id"]) for item in items] == [
        ("2 + 2", 4, "b"), ("1 + 1", 2, "a"),
    ]  # fmt: skip
