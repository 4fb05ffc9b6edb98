"""The README, the guide, the page about CI and its workflow: everything they show is run."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from datasets_client import Client
from tests.commands import git
from tests.service import REPOSITORY, Service

README = REPOSITORY / "clients" / "python" / "README.md"
GUIDE = REPOSITORY / "docs" / "python.md"
CI_GUIDE = REPOSITORY / "docs" / "ci.md"
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.usefixtures("login")


class Block(NamedTuple):
    language: str
    options: str
    text: str


def blocks_of(path: Path) -> list[Block]:
    return [Block(*match) for match in BLOCK.findall(path.read_text("utf-8"))]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: Service, name: str) -> Path:
    """An empty repository of a user, in a project of its own, with the commands of the package at hand."""
    made = tmp_path / "user"
    made.mkdir()
    monkeypatch.chdir(made)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "A")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "a@example.com")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:cacheprovider -p no:django -p no:schemathesis")
    git(made, "init", "-q")
    git(made, "commit", "-q", "--allow-empty", "-m", "Begin")
    return made


def renamed(text: str, name: str) -> str:
    """Give the datasets names of this test's own."""
    return re.sub(
        r"\b(golden|prices|sums)\b(?!\.csv|\.parquet)", rf"\1-{name}", text.replace("test_sums", "test_s_ums")
    )


def run_block(block: Block, names: dict[str, Any]) -> None:
    if "skip" in block.options:
        return
    if block.options.strip().startswith("file="):
        Path(block.options.strip().removeprefix("file=").replace("test_sums", "test_s_ums")).write_text(block.text)
    elif block.language == "python":
        exec(compile(block.text, "<document>", "exec"), names)  # noqa: S102  our own documents
    elif block.language == "sh" and "pip install" not in block.text:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block.text.replace("| head -1", "| sed -n 1p")],
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, f"{block.text}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("paths", [[README], [GUIDE, CI_GUIDE]], ids=lambda paths: paths[0].name)
def test_every_call_of_a_document_works(paths: list[Path], folder: Path, name: str) -> None:
    """The page about CI goes on from the guide."""
    names: dict[str, Any] = {"__name__": "document"}
    for block in [block for path in paths for block in blocks_of(path)]:
        run_block(Block(block.language, block.options, renamed(block.text, name)), names)


def workflow() -> dict[str, Any]:
    (block,) = [block for block in blocks_of(CI_GUIDE) if block.language == "yaml"]
    found: dict[str, Any] = yaml.safe_load(block.text)
    return found


def steps() -> dict[str, str]:
    """Return the commands of the workflow by the names of their steps."""
    return {step["name"]: step["run"] for step in workflow()["jobs"]["evaluation"]["steps"] if "run" in step}


def test_the_workflow_has_what_it_needs() -> None:
    job = workflow()["jobs"]["evaluation"]

    assert {"DATABASE_URL", "DATASETS_API_KEY", "DATASETS_URL"} <= set(job["env"])
    assert list(steps()) == [
        "Start the service",
        "Install",
        "Check the lock",
        "Evaluate",
        "Say what changed",
        "Comment",
    ]


def test_the_commands_of_the_workflow_work(
    folder: Path, client: Client, name: str, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All but installing the package, and the comment, which runs GitHub's own program."""
    dataset = client.create(name)
    dataset.push([{"ref_source_id": "a", "input": 1, "output": 2}])
    subprocess.run(["dsets", "lock", name], check=True, capture_output=True)
    (
        git(folder, "add", "."),
        git(folder, "commit", "-qm", "Lock"),
        git(folder, "update-ref", "refs/remotes/origin/main", "HEAD"),
    )
    dataset["a"].update(output=3)
    subprocess.run(["dsets", "lock", "--update"], check=True, capture_output=True)
    (folder / "test_it.py").write_text(
        f"import pytest\n@pytest.mark.dataset({name!r})\ndef test_it(case): assert case.output == 3\n"
    )
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("GITHUB_BASE_REF", "main")

    for step in ("Check the lock", "Evaluate", "Say what changed"):
        done = subprocess.run(["bash", "-e", "-c", steps()[step]], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    assert "- **changed** `a`: output" in (folder / "datasets.md").read_text()
    assert (folder / "report.jsonl").read_text().count("\n") == 1


def test_the_workflow_starts_the_service_on_a_database(folder: Path, service: Service) -> None:
    if not hasattr(service, "folder"):
        pytest.skip("the service was started by somebody else, and its database is not known")
    from tests.service import free_port  # noqa: PLC0415

    port = free_port()
    (folder / "service").symlink_to(REPOSITORY)
    command = steps()["Start the service"].replace("8000", str(port)).replace("nohup", "setsid nohup")
    environment = os.environ | {"DATABASE_URL": service.database_url(), "SECRET_KEY": secrets.token_urlsafe(50)}
    try:
        done = subprocess.run(
            ["bash", "-e", "-c", command], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        with Client(f"http://127.0.0.1:{port}", service.api_key) as second:
            assert second.current_key()["label"]
    finally:
        stop_listener(port)


def stop_listener(port: int) -> None:
    """Stop the service that the step left in the background."""
    found = subprocess.run(["pgrep", "-f", f"manage.py up --port {port}"], capture_output=True, text=True, check=False)
    for process in found.stdout.split():
        os.kill(int(process), 2)


def test_links_of_the_documents_lead_somewhere() -> None:
    for document in (README, GUIDE, CI_GUIDE, REPOSITORY / "docs" / "digest.md"):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
