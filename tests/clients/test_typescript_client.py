"""The client that openapi-typescript-codegen makes of openapi.yaml compiles, and works under both prefixes."""

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
COMPILER = ["tsc", "--strict", "--target", "es2022", "--lib", "es2022,dom", "--module", "commonjs", "--outDir"]


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
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """drive.ts, compiled with the generated client."""
    folder = tmp_path_factory.mktemp("typescript")
    find_program("node")
    install()
    run_script("openapi", "--input", PROJECT_DIR / "openapi.yaml", "--output", folder / "client", "--client", "fetch")
    shutil.copy(FOLDER / "drive.ts", folder)
    run_script(*COMPILER, folder / "made", folder / "drive.ts")
    return folder / "made" / "drive.js"


@pytest.mark.parametrize("prefix", ["projects", "environments"])
def test_client_works(program: Path, account: Account, prefix: str) -> None:
    package = {"BASE": account.base, "PROJECT": account.project_id, "KEY": account.key, "PREFIX": prefix}

    run = subprocess.run(
        [find_program("node"), program], env=os.environ | package, capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stderr
