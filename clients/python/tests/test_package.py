"""The wheel: built, and installed into empty environments of the Pythons at hand."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.service import Service

ROOT = Path(__file__).resolve().parents[1]
VERSIONS = ("3.10", "3.11", "3.12", "3.13")
THREE_LINES = """
from datasets_client import Client
dataset = Client().create("first")
dataset.push([{"input": "2 + 2", "output": "4"}])
print(dataset[0].output, sum(1 for item in dataset.latest))
"""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(command, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


def test_the_wheel_holds_the_package_its_types_and_its_license(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert "datasets_client/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert all(name.startswith(("datasets_client/", "datasets_api_client-")) for name in names)


def python_of(version: str) -> str | None:
    """Return the path of a Python, also of one that pyenv keeps."""
    kept = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    return str(kept[-1]) if kept else shutil.which(f"python{version}")


@pytest.mark.slow
@pytest.mark.parametrize("version", VERSIONS)
def test_three_lines_give_an_item_in_an_empty_environment(
    wheel: Path, service: Service, tmp_path: Path, version: str
) -> None:
    python = python_of(version)
    if python is None:
        pytest.skip(f"Python {version} is not here")
    subprocess.run([python, "-m", "venv", str(tmp_path / "venv")], check=True)
    inside = tmp_path / "venv" / "bin"
    subprocess.run([str(inside / "pip"), "install", "-q", str(wheel)], check=True, capture_output=True)

    environment = {"DATASETS_URL": service.url, "DATASETS_API_KEY": service.api_key, "DATASETS_CACHE": str(tmp_path)}
    done = subprocess.run(
        [str(inside / "python"), "-W", "error", "-c", THREE_LINES],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    shown = subprocess.run([str(inside / "dsets"), "--version"], capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("4 1\n", "")
    assert shown.stdout == "1.0.0\n"
