"""The clients that openapi-typescript-codegen and openapi-typescript make of openapi.yaml compile, and work."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.clients.conftest import Account
from tests.programs import find_program
from tests.service_process import PROJECT_DIR

FOLDER = Path(__file__).with_name("typescript")
INSTALLED = FOLDER / "node_modules"
COMPILER = ["tsc", "--strict", "--target", "es2022", "--lib", "es2022,dom", "--module"]


def install() -> None:
    """As the lock file says; nothing is done where that was done before."""
    package = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    mark = INSTALLED / ".made-from"
    if not mark.exists() or mark.read_text(encoding="utf-8") != package:
        subprocess.run([find_program("npm"), "ci", "--no-audit", "--no-fund"], cwd=FOLDER, check=True)
        mark.write_text(package, encoding="utf-8")


def run_script(name: str, *arguments: object) -> None:
    """Runs what a package in node_modules brings."""
    subprocess.run([INSTALLED / ".bin" / name, *arguments], check=True)


@pytest.fixture(scope="module")
def packages() -> Path:
    find_program("node")
    install()
    return INSTALLED


@pytest.fixture(scope="module")
def program(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """drive.ts, compiled with the client of openapi-typescript-codegen."""
    folder = tmp_path_factory.mktemp("typescript")
    run_script("openapi", "--input", PROJECT_DIR / "openapi.yaml", "--output", folder / "client", "--client", "fetch")
    shutil.copy(FOLDER / "drive.ts", folder)
    run_script(*COMPILER, "commonjs", "--outDir", folder / "made", folder / "drive.ts")
    return folder / "made" / "drive.js"


@pytest.fixture(scope="module")
def fetch_program(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """fetch.mts, compiled with the types of openapi-typescript for openapi-fetch."""
    folder = tmp_path_factory.mktemp("fetch")
    (folder / "node_modules").symlink_to(packages)
    run_script("openapi-typescript", PROJECT_DIR / "openapi.yaml", "--output", folder / "client.d.ts")
    shutil.copy(FOLDER / "fetch.mts", folder)
    run_script(*COMPILER, "nodenext", folder / "fetch.mts")
    return folder / "fetch.mjs"


@pytest.mark.parametrize("prefix", ["projects", "environments"])
def test_client_works(program: Path, account: Account, prefix: str) -> None:
    run(program, account, PREFIX=prefix)


def test_client_of_openapi_fetch_works(fetch_program: Path, account: Account) -> None:
    run(fetch_program, account)


def run(program: Path, account: Account, **environment: str) -> None:
    package = {"BASE": account.base, "PROJECT": account.project_id, "KEY": account.key} | environment

    run = subprocess.run(
        [find_program("node"), program], env=os.environ | package, capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stderr
