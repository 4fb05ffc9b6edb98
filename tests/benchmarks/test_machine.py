"""The description of the machine that a run stood on."""

import os
from pathlib import Path

import pytest
from django.db import connection

from benchmarks.machine import describe_build, describe_machine, describe_postgres, file_system


def test_the_machine_and_the_versions_are_described(tmp_path: Path) -> None:
    machine = describe_machine(tmp_path)

    assert machine["processors"].startswith(f"{os.cpu_count()} × ")
    assert machine["memory"].endswith(" GiB")
    assert "CPython 3." in machine["python"]
    assert "Django 5." in machine["packages"]
    assert str(tmp_path) in machine["data"]
    assert machine["load"]


@pytest.mark.django_db
def test_the_settings_of_postgresql_are_those_in_force() -> None:
    settings = connection.settings_dict
    url = f"postgresql://{settings['USER']}:{settings['PASSWORD']}@/{settings['NAME']}?host={settings['HOST']}"

    found = describe_postgres(url)["postgresql"]

    assert found.startswith("1")
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        (value,) = cursor.fetchone()
    assert f"synchronous_commit {value}" in found


@pytest.mark.parametrize(
    ("config", "described"),
    [
        ({"CONFIG_ARGS": "'--enable-optimizations' '--with-lto'"}, "optimized build (PGO, LTO)"),
        ({"PY_CFLAGS_NODIST": "-fprofile-use"}, "optimized build (PGO, no LTO)"),
        (
            {"CONFIG_ARGS": "'--prefix=/usr'", "PGO_PROF_GEN_FLAG": "-fprofile-generate", "PGO_PROF_USE_FLAG": "-f"},
            "not an optimized build (no PGO, no LTO)",
        ),
        (
            {"PGO_PROF_GEN_FLAG": "-fprofile-generate", "PGO_PROF_USE_FLAG": ""},
            "build options not recorded; Debian's and Ubuntu's packages are optimized (PGO)",
        ),
    ],
)
def test_an_optimized_build_is_recognized(config: dict[str, str], described: str) -> None:
    assert describe_build(config) == described


def test_the_file_system_is_that_of_the_nearest_mount() -> None:

    assert file_system(Path("/proc")).startswith("proc ")
    assert not file_system(Path("/")).startswith("proc ")
