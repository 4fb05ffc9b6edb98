"""The machine and the versions that a run stood on, as lines for people and for the JSON file."""

import os
import platform
import re
import sysconfig
from importlib.metadata import version
from pathlib import Path

import psycopg

from benchmarks.processes import PROC

PACKAGES = ("Django", "djangorestframework", "granian", "psycopg", "uvloop", "orjson")
# Each of these can change a write's speed several times over.
POSTGRES_SETTINGS = ("shared_buffers", "fsync", "synchronous_commit", "full_page_writes", "max_connections")

Machine = dict[str, str]


def describe_machine(folder: Path) -> Machine:
    """The load is that of this moment: describe the machine before anything is built in the folder."""
    return {
        "processors": f"{os.cpu_count()} × {processor_model()}",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.1f} GiB",
        "load": ", ".join(f"{load:.2f}" for load in os.getloadavg()) + " (1, 5 and 15 minutes before the start)",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}, {python_build()}",
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "data": f"{folder} on {file_system(folder)}",
    }


def describe_postgres(url: str) -> Machine:
    """Ask a running server for its version and for the settings in force."""
    with psycopg.connect(url) as connection:
        found = {
            name: str(value)
            for name, value in connection.execute("SELECT name, current_setting(name) FROM pg_settings").fetchall()
        }
    settings = ", ".join(f"{name} {found[name]}" for name in POSTGRES_SETTINGS)
    return {"postgresql": f"{found['server_version']}, {settings}"}


def print_machine(machine: Machine) -> None:
    for name, text in machine.items():
        print(f"{name}: {text}")
    print()


def processor_model() -> str:
    found = re.search(r"^model name\s*: (.+)$", (PROC / "cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


def python_build() -> str:
    """An optimized build runs the same code in a seventh fewer instructions."""
    return describe_build({name: str(value) for name, value in sysconfig.get_config_vars().items()})


def describe_build(config: dict[str, str]) -> str:
    """Takes the interpreter's configuration, as sysconfig has it."""
    arguments = config.get("CONFIG_ARGS", "")
    flags = " ".join(config.get(name, "") for name in ("PY_CFLAGS", "PY_CFLAGS_NODIST", "PY_LDFLAGS_NODIST"))
    lto = "LTO" if "--with-lto" in arguments or "-flto" in flags else "no LTO"
    if "--enable-optimizations" in arguments or "-fprofile-use" in flags:
        return f"optimized build (PGO, {lto})"
    # Debian builds with PGO, and removes the flags from what it records.
    if config.get("PGO_PROF_GEN_FLAG") and not config.get("PGO_PROF_USE_FLAG"):
        return "build options not recorded; Debian's and Ubuntu's packages are optimized (PGO)"
    return f"not an optimized build (no PGO, {lto})"


def file_system(folder: Path) -> str:
    """Return the type of the file system that holds the folder, and its device."""
    mounts = [line.split()[:3] for line in (PROC / "self" / "mounts").read_text().splitlines()]
    holding = [mount for mount in mounts if folder.resolve().is_relative_to(Path(mount[1]))]
    # Of two at one place, the later one hides the other.
    device, _, kind = max(enumerate(holding), key=lambda each: (len(each[1][1]), each[0]))[1]
    return f"{kind} ({device})"
