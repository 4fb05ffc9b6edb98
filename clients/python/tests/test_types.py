"""Types: the package and a user's file without an error from mypy and pyright; the public names."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import datasets_client
from tests.commands import run

ROOT = Path(__file__).resolve().parents[1]
USE = """
import asyncio
from collections.abc import Sequence

from datasets_client import AsyncClient, Client, Dataset, Diff, Item, PushReport, StaleVersion, Version


def use(client: Client) -> PushReport:
    dataset: Dataset = client.create("golden", exist_ok=True)
    first: Item = dataset[0]
    some: list[Item] = dataset[1:3]
    same: Item = dataset.get("case-1")
    for item in dataset.where(split="test").sample(10, seed=7):
        print(item.input["q"], item.raw["output"], item.case_id.upper())
    try:
        changed: Item = first.update(output="four")
    except StaleVersion as error:
        print(error.current_version, error.code)
    history: Sequence[Version] = same.versions()
    difference: Diff = dataset.diff("release-1")
    print(history[0].version + 1, difference.added + 1, len(dataset), some, dataset.count() + 1)
    forked: Dataset = dataset.at(17).fork("copy")
    return forked.push([{"input": 1}], key="case_id", mirror=True, dry_run=True)


async def use_with_await() -> int:
    async with AsyncClient() as client:
        dataset = await client.create("golden")
        async for item in dataset:
            print((await item.update(output=1)).version)
        report = await dataset.push([{"input": 1}])
        return report.created + await dataset.count()


asyncio.run(use_with_await())
"""
WRONG = """
from datasets_client import Client

dataset = Client().dataset("golden")
dataset.push([{"input": 1}], mirorr=True)
number: int = dataset[0]
dataset.tag(7)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "use.py").write_text(USE)
    (tmp_path / "wrong.py").write_text(WRONG)
    return tmp_path


def test_mypy_finds_nothing_in_the_package() -> None:
    ran = run(sys.executable, "-m", "mypy", cwd=ROOT)

    assert ran.code == 0, ran.out


def test_mypy_understands_a_users_file_and_its_faults(folder: Path) -> None:
    right = run(sys.executable, "-m", "mypy", "--strict", "use.py", cwd=folder)
    wrong = run(sys.executable, "-m", "mypy", "--strict", "wrong.py", cwd=folder)

    assert right.code == 0, right.out
    assert wrong.out.count("error:") == 3, wrong.out


def test_pyright_finds_nothing_in_the_package_and_a_users_file(folder: Path) -> None:
    package = run(sys.executable, "-m", "pyright", "--pythonpath", sys.executable, cwd=ROOT)
    use = run(sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "use.py", cwd=folder)

    assert package.code == 0, package.out
    assert use.code == 0, use.out


def test_every_public_name_is_listed_and_there() -> None:
    listed = datasets_client.__all__

    assert listed == sorted(listed)
    public = {
        name for name, value in vars(datasets_client).items() if not name.startswith("_") and not is_module(value)
    }
    assert public == set(listed) - {"__version__"}


def is_module(value: object) -> bool:
    return type(value).__name__ == "module"


def test_blocking_and_awaiting_offer_the_same_operations() -> None:
    def operations(face: type) -> set[str]:
        return {name for name in vars(face) if not name.startswith("_")}

    pairs = [
        (datasets_client.Dataset, datasets_client.AsyncDataset),
        (datasets_client.Item, datasets_client.AsyncItem),
        (datasets_client.Client, datasets_client.AsyncClient),
    ]
    for blocking, awaiting in pairs:
        # A slice is a method where brackets cannot be awaited.
        assert operations(blocking) == operations(awaiting) - {"slice"}


def test_methods_keep_the_documentation_of_their_operations() -> None:
    assert "Raises InvalidRow" in (datasets_client.Dataset.push.__doc__ or "")


def test_the_version_is_the_one_that_is_packed() -> None:
    text = (ROOT / "pyproject.toml").read_text()

    assert f'version = "{datasets_client.__version__}"' in text
    assert f"## {datasets_client.__version__}" in (ROOT / "CHANGELOG.md").read_text()
