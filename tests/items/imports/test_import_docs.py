"""The Python of docs/import.md: files written by other programs, imported into a running service."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from items.models import DatasetItem
from tests.people import People, key
from tests.rows import dataset
from tests.service_process import PROJECT_DIR, ServiceProcess

BLOCKS = re.findall(r"^```python\n(.*?)^```$", (PROJECT_DIR / "docs/import.md").read_text(), re.MULTILINE | re.DOTALL)
SEND = next(block for block in BLOCKS if "httpx.post" in block)


def stored(service: ServiceProcess, folder: Path, library: str) -> list[tuple[str | None, ...]]:
    """Run the library's example, import its file, and return input, output and metadata of the items."""
    people = People()
    made = dataset(people.project)
    block = next(block for block in BLOCKS if re.search(rf"^(?:import|from) {library}\b", block, re.MULTILINE))
    given = {"url": service.base, "project": people.project.id, "dataset": str(made.id), "key": key(people.owner)}
    send = SEND if library != "duckdb" else re.sub(r', "mapping": .*}', "}", SEND)
    script = "\n".join([*(f"{name} = {value!r}" for name, value in given.items()), block, send, "print(answer.text)"])

    done = subprocess.run([sys.executable, "-c", script], cwd=folder, check=False, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert '"errors":[]' in done.stdout
    return list(DatasetItem.objects.order_by("id").values_list("input", "output", "metadata"))


@pytest.mark.usefixtures("live_database")
class TestExamples:
    def test_pandas(self, service: ServiceProcess, tmp_path: Path) -> None:
        assert stored(service, tmp_path, "pandas") == [
            ('{"question":"2 + 2?"}', None, '{"answer":"4","level":1}'),
            ('{"question":"3 + 3?"}', None, '{"answer":"6","level":2}'),
        ]

    def test_duckdb(self, service: ServiceProcess, tmp_path: Path) -> None:
        assert stored(service, tmp_path, "duckdb") == [('{"a": 1}', '"four"', "7")]

    def test_hugging_face(self, service: ServiceProcess, tmp_path: Path) -> None:
        assert stored(service, tmp_path, "datasets") == [('{"question":"2 + 2?"}', None, '{"answers":["4","four"]}')]
