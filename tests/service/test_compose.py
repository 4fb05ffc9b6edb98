"""The files for docker compose follow the schema and name existing files. Nothing is built or started."""

import json
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.programs import find_program

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = ROOT / "Dockerfile"
LINTER = Path(__file__).with_name("compose")


@pytest.fixture(scope="module")
def dclint() -> list[str]:
    """Install dclint from the lock file if needed, and return its command."""
    installed = LINTER / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < (LINTER / "package-lock.json").stat().st_mtime:
        subprocess.run(
            [find_program("npm"), "ci", "--no-audit", "--no-fund"], cwd=LINTER, check=True, capture_output=True
        )
    return [find_program("node"), str(LINTER / "node_modules" / "dclint" / "bin" / "dclint.cjs")]


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    return found


def complaints(dclint: list[str], file: Path) -> list[str]:
    done = subprocess.run(
        [*dclint, "--formatter", "json", str(file)], cwd=LINTER, check=False, capture_output=True, text=True
    )
    assert done.returncode in {0, 1}, done.stderr
    return [f"{each['rule']}: {each['message']}" for report in json.loads(done.stdout) for each in report["messages"]]


def instructions() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions as pairs of keyword and arguments, with joined lines."""
    lines = [line for line in DOCKERFILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ").splitlines()
    return [(word, rest) for line in joined if line.strip() for word, _, rest in [line.partition(" ")]]


def of_kind(kind: str) -> list[str]:
    found = [rest for word, rest in instructions() if word == kind]
    assert found, f"the Dockerfile has no {kind}"
    return found


def test_the_file_follows_the_schema(dclint: list[str]) -> None:
    assert complaints(dclint, COMPOSE) == []


def test_a_misspelled_key_is_found(dclint: list[str], tmp_path: Path) -> None:
    misspelled = tmp_path / "docker-compose.yml"
    misspelled.write_text(COMPOSE.read_text(encoding="utf-8").replace("depends_on:", "depend_on:"), encoding="utf-8")

    assert any(each.startswith("invalid-schema") for each in complaints(dclint, misspelled))


def test_the_service_waits_for_a_healthy_database(services: dict[str, Any]) -> None:
    assert services["service"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    # Over TCP, because the image's PostgreSQL accepts connections on its socket before the database exists.
    assert "pg_isready -h 127.0.0.1" in " ".join(services["postgres"]["healthcheck"]["test"])


def test_data_is_in_a_named_volume(services: dict[str, Any]) -> None:
    volumes = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["volumes"]
    name, _, folder = services["postgres"]["volumes"][0].partition(":")

    assert name in volumes
    assert folder == "/var/lib/postgresql/data"


def test_no_secret_has_a_default(services: dict[str, Any]) -> None:
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")
    assert services["service"]["environment"]["SECRET_KEY"].startswith("${SECRET_KEY:?")


def test_the_image_checks_that_the_service_is_ready() -> None:
    assert any("/_readyz" in each for each in of_kind("HEALTHCHECK"))


def test_the_ports_match_those_of_the_service(services: dict[str, Any]) -> None:
    exposed = of_kind("EXPOSE")[-1]

    assert [each.rpartition(":")[2] for each in services["service"]["ports"]] == [exposed]
    assert any(f"127.0.0.1:{exposed}/" in each for each in of_kind("HEALTHCHECK"))
    # The default port of `up`.
    assert exposed == "8000"


@pytest.mark.parametrize("step", of_kind("COPY"))
def test_copied_files_exist(step: str) -> None:
    *sources, _ = [word for word in shlex.split(step) if not word.startswith("--")]

    assert [source for source in sources if not (ROOT / source).exists()] == []


@pytest.mark.parametrize("step", [*of_kind("RUN"), *of_kind("CMD")])
def test_executed_files_exist(step: str) -> None:
    words = json.loads(step) if step.startswith("[") else shlex.split(step)
    files = [word for word in words if word.startswith("scripts/") or word.endswith(".py")]

    assert files
    assert [file for file in files if not (ROOT / file).exists()] == []
