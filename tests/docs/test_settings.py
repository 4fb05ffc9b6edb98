"""docs/settings.md and docs/development.md list each environment variable that is read, and no other."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from django.core.management import BaseCommand, load_command_class

from datasets_api import env
from tests.docs.documents import DOCS, PACKAGES, is_ours, named_in_first_cells, text_of
from tests.service_process import PROJECT_DIR

# Read from the environment, but not set by a person.
NOT_SETTINGS = {
    "PATH", "DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST", "PYENV_ROOT", "XDG_CACHE_HOME",
}  # fmt: skip
# datasets_api/env.py's functions, of which secret() also reads NAME_FILE.
READERS = {name for name, function in vars(env).items() if inspect.isfunction(function)} - {"require_package"}
SHELL_VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)[:}-]")
VARIABLE = "[A-Z][A-Z0-9_]+"


def read_in_python(file: Path) -> Iterator[str]:
    """Yield the variables that a file reads by env.py's functions or from os.environ."""
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


def test_each_setting_is_listed_and_no_other() -> None:
    listed = [named_in_first_cells(DOCS / f"{page}.md", VARIABLE) for page in ("settings", "development")]

    assert listed[0] & listed[1] == set()
    assert listed[0] | listed[1] == variables_read() - NOT_SETTINGS


def test_each_option_of_up_is_listed_and_no_other() -> None:
    up = load_command_class("datasets_api", "up").create_parser("manage.py", "up").format_help()
    every_command = BaseCommand().create_parser("manage.py", "any").format_help()
    options, shared = (set(re.findall(r"--[a-z-]+", text)) for text in (up, every_command))

    assert named_in_first_cells(DOCS / "settings.md", "--[a-z-]+") == options - shared
