"""The Python of docs/bulk.md, run against a service."""

import re
import subprocess
import sys
from typing import Any

from tests.http_connection import ServedProject
from tests.service_process import PROJECT_DIR, ServiceProcess


def test_the_example_stores_a_data_frame_and_updates_it(service: ServiceProcess, live_database: None) -> None:
    text = (PROJECT_DIR / "docs" / "bulk.md").read_text(encoding="utf-8")
    example = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[0]
    project = ServedProject(service)
    dataset = project.new_dataset("Sums")
    environment = {"ITEMS": f"{service.base}{project.items.rstrip('/')}", "KEY": project.key, "BULK": dataset}

    def run() -> Any:
        return subprocess.run(
            [sys.executable, "-c", example], env=environment, capture_output=True, text=True, check=True
        ).stdout

    assert run() == "2 0\n"
    assert run() == "0 0\n"
    items = project.ask("GET", f"{project.items}?dataset={dataset}").json()["results"]
    assert [(item["input"], item["output"], item["ref_source_id"]) for item in items] == [
        ("2 + 2", 4, "b"), ("1 + 1", 2, "a"),
    ]  # fmt: skip
