"""The import contract of pyproject.toml names every module, and is kept."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.service_process import PROJECT_DIR

# Programs outside the service, which may import all of it.
BESIDE = {"benchmarks", "examples", "tests"}


def layers() -> set[str]:
    config = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (each for each in config["tool"]["importlinter"]["contracts"] if each["type"] == "layers")
    return {name.strip(" ()") for layer in contract["layers"] for name in layer.split(":")}


def modules() -> set[str]:
    """Return the names of all modules of the service, without packages that have no code."""
    packages = {path.parent for path in PROJECT_DIR.glob("*/__init__.py")} - {PROJECT_DIR / name for name in BESIDE}
    paths = [path for package in packages for path in package.rglob("*.py")]
    return {module_name(path) for path in paths if path.name != "__init__.py" or path.read_text().strip()}


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(PROJECT_DIR).with_suffix("").parts).removesuffix(".__init__")


def has_place(module: str, places: set[str]) -> bool:
    """Return whether the module is a layer, a part of one, or a package that contains one."""
    return any(f"{module}.".startswith(f"{place}.") or place.startswith(f"{module}.") for place in places)


def test_every_module_has_a_place() -> None:
    places = layers()

    assert {module for module in modules() if not has_place(module, places)} == set()


def test_a_module_without_a_place_is_found() -> None:
    assert not has_place("items.new_feature", layers())
    assert not has_place("auth.new_feature", layers())
    assert not has_place("newpackage.models", layers())


def test_every_package_is_checked() -> None:
    config = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    packages = {path.parent.name for path in PROJECT_DIR.glob("*/__init__.py")} - BESIDE

    assert set(config["tool"]["importlinter"]["root_packages"]) == packages


def test_the_contract_is_kept() -> None:
    program = Path(sys.executable).with_name("lint-imports")

    run = subprocess.run([program, "--no-cache"], cwd=PROJECT_DIR, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout
