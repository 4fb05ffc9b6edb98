"""scripts/try, as a person runs it: example data in three revisions, once."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.service_process import PROJECT_DIR, free_port
from tests.waiting import wait_for


class Demo:
    def __init__(self, folder: Path, port: int) -> None:
        self.log = folder / "output"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "examples.demo", "--port", str(port)], cwd=PROJECT_DIR, stdout=log, stderr=log,
                env={k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "SECRET_KEY")}
                | {"DATA_DIR": str(folder / "data")},
                start_new_session=True,
            )  # fmt: skip

    @property
    def output(self) -> str:
        return self.log.read_text()

    @property
    def key(self) -> str:
        return self.output.partition("#key=")[2].split()[0]

    def stop(self) -> int:
        """Press Ctrl-C: the terminal sends it to the whole group."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(60)


@contextmanager
def running(folder: Path, port: int) -> Iterator[Demo]:
    demo = Demo(folder, port)
    try:
        wait_for(lambda: "Ctrl-C" in demo.output or demo.process.poll() is not None)
        assert demo.process.poll() is None, demo.output
        yield demo
    finally:
        if demo.process.poll() is None:
            demo.stop()


def revisions(port: int, key: str) -> tuple[list[str], list[str], int]:
    """Return the messages of the revisions, the tags, and the number of items."""
    base = f"http://127.0.0.1:{port}/api/projects/@current/"
    with httpx.Client(base_url=base, headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
        (dataset,) = client.get("datasets/").json()["results"]
        listed = client.get(f"datasets/{dataset['id']}/revisions/").json()["results"]
        tags = client.get(f"datasets/{dataset['id']}/tags/").json()["results"]
        count = client.get(f"dataset_items/?dataset={dataset['id']}").json()["count"]
    return [each["message"] for each in listed], [tag["name"] for tag in tags], count


@pytest.mark.django_db
def test_it_loads_three_revisions_once(tmp_path: Path) -> None:
    port = free_port()

    with running(tmp_path, port) as first:
        key, found = first.key, revisions(port, first.key)
        code = first.stop()
    with running(tmp_path, port) as second:
        again = second.key, revisions(port, second.key)

    assert found == (["Add harder problems", "Correct two answers", "Load arithmetic.jsonl"], ["release-1"], 51)
    assert again == (key, found)
    assert code == 0
