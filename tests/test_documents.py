"""What the documents say is so: calls, settings, commands, links and folders."""

import ast
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from django.core.management import BaseCommand, get_commands, load_command_class
from django.urls import resolve

from tests.people import People, key
from tests.programs import find_program
from tests.service_process import PROJECT_DIR, ServiceProcess

README = PROJECT_DIR / "README.md"
CALLED = ("history", "search", "bulk", "import", "export", "quality", "posthog_v2", "operating")
PAGES_WITH_CALLS = [PROJECT_DIR / "docs" / f"{name}.md" for name in CALLED]
ARCHITECTURE = PROJECT_DIR / "docs" / "architecture.md"
DOCUMENTS = [
    README,
    PROJECT_DIR / "CHANGELOG.md",
    PROJECT_DIR / "SECURITY.md",
    *sorted(PROJECT_DIR.glob("docs/**/*.md")),
]
PACKAGES = ("auth", "console", "database", "datasets_api", "items", "posthog_v2", "rest")
MAX_LINES = 400
NO_FOLDERS_OF_OURS = {"build", "node_modules", "__pycache__"}

# Read from the environment, but nothing to be set by a person.
NO_SETTINGS = {"PATH", "DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER"}
# datasets_api/env.py's functions, of which secret() also reads NAME_FILE.
READERS = {"text", "choice", "secret", "folder", "boolean", "integer", "seconds", "csv"}
SHELL_VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)[:}-]")

# Says on standard error what each call asked for and got.
REPORT = r"""curl() { command curl --write-out '%{stderr}%{http_code} %{method} %{url_effective}\n' "$@"; }"""
CALLS_STATUS = re.compile(r"# (\d{3})$", re.MULTILINE)
PARAMETER = re.compile(r"\{(\w+)\}")


def text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def shell_blocks(text: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def table_rows(text: str) -> Iterator[list[str]]:
    for line in text.splitlines():
        if line.startswith("| "):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def named_in_first_cells(pattern: str) -> set[str]:
    """What stands in backticks in the first column of README's tables."""
    return {name for row in table_rows(text_of(README)) for name in re.findall(f"`({pattern})`", row[0])}


# --- Calls ----------------------------------------------------------------------------------------------------------


def calls() -> str:
    """README's calls, and those of the pages that build upon them, as one script."""
    blocks = [block for file in (README, *PAGES_WITH_CALLS) for block in shell_blocks(text_of(file))]
    return "\n".join(block for block in blocks if "curl" in block or "id_of()" in block or "get " in block)


@pytest.fixture
def answers(service: ServiceProcess, live_database: None) -> list[list[str]]:
    """Status, method and address of each call, in order."""
    find_program("curl")
    everyone = People()
    exported = {"URL": service.base, "PROJECT": str(everyone.project.id), "KEY": key(everyone.owner)}

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f"{REPORT}\n{calls()}"],
        check=False,
        env=os.environ | exported,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    return [line.split() for line in done.stderr.splitlines()]


def test_each_call_is_answered_as_it_says(answers: list[list[str]]) -> None:
    assert [status for status, _, _ in answers] == CALLS_STATUS.findall(calls())


def test_every_operation_is_called(answers: list[list[str]]) -> None:
    called = {(method, name_of_route(urlsplit(address).path)) for _, method, address in answers}

    assert operations() - called == set()


def operations() -> set[tuple[str, str]]:
    """Method and route of all that is in the OpenAPI file; a route has one name under both prefixes."""
    paths: dict[str, Any] = yaml.safe_load(text_of(PROJECT_DIR / "openapi.yaml"))["paths"]
    return {
        (method.upper(), name_of_route(PARAMETER.sub("1", path)))
        for path, operations in paths.items()
        for method in operations
    }


def name_of_route(path: str) -> str:
    name = resolve(path).view_name
    assert name
    return name


# --- Settings -------------------------------------------------------------------------------------------------------


def read_in_python(file: Path) -> Iterator[str]:
    """The variables that a file reads by env.py's functions or from os.environ."""
    for node in ast.walk(ast.parse(text_of(file))):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="env"), attr=reader), args=[ast.Constant(value=str(name)), *_]
            ) if reader in READERS:
                yield name
                if reader == "secret":
                    yield f"{name}_FILE"
            case (
                ast.Call(
                    func=ast.Attribute(value=ast.Attribute(attr="environ"), attr="get"),
                    args=[ast.Constant(value=str(name)), *_],
                )
                | ast.Subscript(value=ast.Attribute(attr="environ"), slice=ast.Constant(value=str(name)))
                | ast.Compare(left=ast.Constant(value=str(name)), comparators=[ast.Attribute(attr="environ")])
            ):
                yield name


def variables_read() -> set[str]:
    folders = [*PACKAGES, "examples", "tests"]
    python = [PROJECT_DIR / "manage.py", *(file for each in folders for file in (PROJECT_DIR / each).rglob("*.py"))]
    shell = [PROJECT_DIR / "docker-compose.yml", *(PROJECT_DIR / "scripts").iterdir()]
    found = {name for file in python if is_ours(file) for name in read_in_python(file)}
    return found | {name for file in shell for name in SHELL_VARIABLE.findall(text_of(file))}


def test_readme_has_each_setting_and_no_other() -> None:
    assert named_in_first_cells("[A-Z][A-Z0-9_]+") == variables_read() - NO_SETTINGS


# --- Commands -------------------------------------------------------------------------------------------------------


def own_commands() -> dict[str, BaseCommand]:
    return {name: load_command_class(app, name) for name, app in get_commands().items() if app in PACKAGES}


def test_readme_has_each_command() -> None:
    assert own_commands().keys() - named_in_first_cells("[a-z_]+") == set()


def test_readme_has_each_option_of_up_and_no_other() -> None:
    options = set(re.findall(r"--[a-z-]+", own_commands()["up"].create_parser("manage.py", "up").format_help()))
    of_every_command = set(re.findall(r"--[a-z-]+", BaseCommand().create_parser("manage.py", "any").format_help()))

    assert named_in_first_cells("--[a-z-]+") == options - of_every_command


# --- Links and folders ----------------------------------------------------------------------------------------------


def anchors(text: str) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(PROJECT_DIR)))
def test_links_lead_somewhere(document: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", text_of(document)):
        name, _, anchor = link.partition("#")
        if not urlsplit(link).scheme:
            target = document.parent / name if name else document
            assert target.exists(), link
            assert not anchor or anchor in anchors(text_of(target)), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(PROJECT_DIR)))
def test_files_that_are_named_exist(document: Path) -> None:
    """Paths in backticks that begin with one of our folders."""
    folders = "|".join([*PACKAGES, "docs", "examples", "scripts", "tests"])
    for path in re.findall(rf"`((?:{folders})/[\w./-]*)`", text_of(document)):
        assert (PROJECT_DIR / path).exists(), path


def is_ours(path: Path) -> bool:
    return NO_FOLDERS_OF_OURS.isdisjoint(path.relative_to(PROJECT_DIR).parts)


def test_architecture_names_each_folder() -> None:
    at_the_top = [each for each in PROJECT_DIR.iterdir() if each.is_dir() and not each.name.startswith(".")]
    packages = [file.parent for package in PACKAGES for file in (PROJECT_DIR / package).rglob("__init__.py")]
    folders = {str(each.relative_to(PROJECT_DIR)) for each in [*at_the_top, *packages] if is_ours(each)}

    assert [folder for folder in sorted(folders) if f"`{folder}/`" not in text_of(ARCHITECTURE)] == []


def test_no_file_is_too_long_to_be_read() -> None:
    folders = [*PACKAGES, "benchmarks", "examples", "tests"]
    files = [file for folder in folders for file in (PROJECT_DIR / folder).rglob("*.py")]

    assert [str(file) for file in files if len(text_of(file).splitlines()) > MAX_LINES] == []


def test_each_decision_has_its_number_once() -> None:
    files = sorted((PROJECT_DIR / "docs" / "decisions").glob("*.md"))

    numbers = [file.name[:4] for file in files]
    assert numbers == sorted(set(numbers))
    assert all(text_of(file).startswith(f"# {file.name[:4]}: ") for file in files)
