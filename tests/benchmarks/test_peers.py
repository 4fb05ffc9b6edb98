"""The comparison with MLflow and Phoenix."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from benchmarks.peers.agreement import keys
from benchmarks.peers.items import new_items
from benchmarks.peers.mlflow import next_page
from benchmarks.peers.work import WORKS
from tests.service_process import PROJECT_DIR

TIMEOUT_SECONDS = 3600
WITHOUT_PAGES = {"Phoenix": {"read_page"}}


@pytest.mark.slow
def test_both_peers_are_installed_checked_and_measured(tmp_path: Path) -> None:
    """Installs 1.8 GB where they are not there yet."""
    file = tmp_path / "figures.json"
    done = subprocess.run(
        ["scripts/bench-peers", "--smoke", "--json", file], cwd=PROJECT_DIR, capture_output=True, text=True,
        check=False, timeout=TIMEOUT_SECONDS, env=os.environ | {"TMPDIR": str(tmp_path)},
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(file.read_text())
    for peer in ("MLflow", "Phoenix"):
        assert figures[peer].keys() == {work.name for work in WORKS} - WITHOUT_PAGES.get(peer, set())
        assert all(each["rate"]["median"] > 0 and each["cpu"]["median"] > 0 for each in figures[peer].values())
    assert figures["about"]["versions"].keys() == {"MLflow", "Phoenix"}


def test_no_two_items_are_alike_and_each_has_about_a_kilobyte() -> None:
    items = new_items(100)

    assert len(keys(items)) == 100
    assert all(900 < len(item.key) < 1300 for item in items)


@pytest.mark.parametrize(
    ("body", "token"),
    [
        (b'{"records": "[{\\"inputs\\": 1}]", "next_page_token": "MTox"}', "MTox"),
        (b'{\n  "records": "[]",\n  "next_page_token": "a=="\n}', "a=="),
        (b'{"records": "[]"}', ""),
    ],
)
def test_mlflows_next_page_is_found_behind_the_records(body: bytes, token: str) -> None:
    assert next_page(body) == token
