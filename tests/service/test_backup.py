"""`backup` and `restore`: during writes, with damaged files, and on databases that are not empty."""

import re
import signal
import stat
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from django.conf import settings

from datasets_api.backups.archives import draft_file
from datasets_api.postgres.binaries import bin_dir
from tests.service.up_process import MANAGE, environment, hangups, manage
from tests.service_process import PROJECT_DIR, ServiceProcess
from tests.service_process import test_database_url as database_url
from tests.small_disk import SmallDisk, mounted_disk
from tests.waiting import WAIT_SECONDS, wait_for

SECRET_KEY = "tests-only-" + "x" * 50
DATABASES = ("backup_source", "backup_target")


class ServiceDatabase:
    """A database on the tests' server, and management commands on it."""

    def __init__(self, server: str, name: str) -> None:
        self.url = re.sub(r"@/[^?]+", f"@/{name}", server)
        self.name = name

    def run(self, *arguments: Any) -> subprocess.CompletedProcess[str]:
        return manage(*map(str, arguments), DATABASE_URL=self.url, SECRET_KEY=SECRET_KEY)

    def succeeds(self, *arguments: Any) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def fails(self, *arguments: Any) -> str:
        done = self.run(*arguments)
        assert done.returncode == 1, done.stdout
        assert "Traceback" not in done.stderr
        return done.stderr

    def ask(self, statement: str) -> list[Any]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def tables(self) -> int:
        return int(self.ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")[0][0])


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: Any) -> str:
    if not settings.DATABASE_PREPARED_STATEMENTS:
        pytest.skip("they need the server's own address, which is not a PgBouncer's (TEST_PGBOUNCER); in CI these run")
    with django_db_blocker.unblock():
        return database_url()


@pytest.fixture
def places(server: str) -> Iterator[tuple[ServiceDatabase, ServiceDatabase]]:
    with psycopg.connect(server, autocommit=True) as administrator:
        for name in DATABASES:
            administrator.execute(f"CREATE DATABASE {name}")
        yield ServiceDatabase(server, DATABASES[0]), ServiceDatabase(server, DATABASES[1])
        for name in DATABASES:
            administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Client:
    """A client of a service, with the key that its first start has created."""

    def __init__(self, base: str, key: str) -> None:
        # On a busy disk, a commit may take seconds.
        self.http = httpx.Client(
            base_url=f"{base}/api/projects/1", headers={"Authorization": f"Bearer {key}"}, timeout=WAIT_SECONDS
        )

    def read(self, path: str, **parameters: Any) -> Any:
        return self.http.get(path, params=parameters).raise_for_status().json()

    def write(self, path: str, **values: Any) -> Any:
        return self.http.post(path, json=values).raise_for_status().json()


def started(place: ServiceDatabase) -> tuple[ServiceProcess, str]:
    process = ServiceProcess(DATABASE_URL=place.url, workers=1)
    found = re.search(r"phx_\w+", process.output())
    return process, found[0] if found else ""


class Writers:
    """Create items in several threads until the context ends."""

    def __init__(self, client: Client, dataset: str) -> None:
        self.client, self.dataset, self.is_over, self.written = client, dataset, threading.Event(), 0
        self.thread = threading.Thread(target=self.write)

    def write(self) -> None:
        while not self.is_over.is_set():
            self.client.write("/dataset_items/", dataset=self.dataset, input={"number": self.written})
            self.written += 1

    def __enter__(self) -> "Writers":
        self.thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.is_over.set()
        self.thread.join()


@pytest.mark.django_db
def test_a_backup_during_writes_works_elsewhere(
    places: tuple[ServiceDatabase, ServiceDatabase], tmp_path: Path
) -> None:
    source, target = places
    file = tmp_path / "backup.dump"
    process, key = started(source)
    client = Client(process.base, key)
    dataset = client.write("/datasets/", name="Golden set")["id"]
    item = client.write("/dataset_items/", dataset=dataset, input="first")["id"]
    client.http.patch(f"/dataset_items/{item}/", json={"input": "second"}).raise_for_status()
    with Writers(client, dataset) as writers:
        before = writers.written
        output = source.succeeds("backup", file, "--check")
        after = writers.written
    client.http.close()
    process.stop()

    assert target.succeeds("restore", file) == f"{file} is restored.\n"
    assert "nothing wrong" in target.succeeds("check_history")
    process, first_key = started(target)
    client = Client(process.base, key)
    items = client.read("/dataset_items/", dataset=dataset, limit=1000)
    revisions = client.read(f"/datasets/{dataset}/revisions/", limit=1)
    versions = client.read(f"/dataset_items/{item}/versions/")
    feed = client.read(f"/datasets/{dataset}/changes/", since_revision=0, limit=3)
    client.write("/dataset_items/", dataset=dataset, input="after")
    client.http.close()
    process.stop()

    assert before < after, "nothing was written meanwhile"
    assert re.fullmatch(rf"{file}: [\d,]+ bytes, verified by reading all of it and by a test restore\.\n", output)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]
    assert first_key == "", "the key of the source is the only one"
    assert before + 1 <= items["count"] <= after + 1
    assert revisions["count"] == items["count"] + 1
    assert [each["input"] for each in versions["results"]] == ["second", "first"]
    assert [(each["operation"], each["item"]["input"]) for each in feed["results"][:2]] == [
        ("created", "first"),
        ("updated", "second"),
    ]
    assert source.ask("SELECT datname FROM pg_database WHERE datname LIKE '%_check_%'") == []


@pytest.mark.django_db
def test_a_test_restore_works_with_settings_in_files(
    places: tuple[ServiceDatabase, ServiceDatabase], tmp_path: Path
) -> None:
    """deploy/kubernetes mounts them as files."""
    source, _ = places
    source.succeeds("migrate", "--verbosity", "0")
    settings = {"DATABASE_URL_FILE": source.url, "SECRET_KEY_FILE": SECRET_KEY}
    for name, value in settings.items():
        (tmp_path / name).write_text(value)

    files = {name: str(tmp_path / name) for name in settings}
    done = manage("backup", str(tmp_path / "backup.dump"), "--check", **files)

    assert done.returncode == 0, done.stderr
    assert "verified by reading all of it and by a test restore" in done.stdout


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with mounted_disk(tmp_path / "disk") as disk:
        yield disk


@pytest.fixture
def backup(places: tuple[ServiceDatabase, ServiceDatabase], tmp_path: Path) -> Path:
    """A backup of the source database, which gets a second user afterwards."""
    source, _ = places
    source.succeeds("migrate", "--verbosity", "0")
    source.succeeds("create_user", "--email", "kept@example.com")
    source.succeeds("backup", tmp_path / "backup.dump")
    source.succeeds("create_user", "--email", "later@example.com")
    return tmp_path / "backup.dump"


EMAILS = "SELECT email FROM api_auth_user ORDER BY id"


@pytest.mark.django_db
def test_a_backup_is_only_restored_in_an_empty_database(
    places: tuple[ServiceDatabase, ServiceDatabase], backup: Path
) -> None:
    source, target = places

    error = source.fails("restore", backup)
    target.succeeds("restore", backup)

    assert "The database is not empty" in error
    assert source.ask(EMAILS) == [("kept@example.com",), ("later@example.com",)]
    assert target.ask(EMAILS) == [("kept@example.com",)]
    assert target.ask(
        "SELECT count(*) FROM pg_statistic s JOIN pg_class c ON c.oid = starelid AND relname = 'api_auth_user'"
    )[0][0]


@pytest.mark.django_db
def test_a_failed_restore_changes_nothing(places: tuple[ServiceDatabase, ServiceDatabase], backup: Path) -> None:
    """The restore fails after some rows, because of a constraint that was added to the backup."""
    source, target = places
    source.ask("CREATE FUNCTION allowed(text) RETURNS bool LANGUAGE sql AS 'SELECT true'")
    source.ask("ALTER TABLE api_auth_user ADD CHECK (public.allowed(email))")
    source.ask("CREATE OR REPLACE FUNCTION allowed(text) RETURNS bool LANGUAGE sql AS 'SELECT false'")
    source.succeeds("backup", backup, "--overwrite")

    error = target.fails("restore", backup)

    assert "rejected the backup" in error
    assert "kept@example.com" not in error
    assert target.tables() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "damage",
    [lambda data: data[: len(data) * 9 // 10], lambda data: b"", lambda data: b"PGDMP" + b"x" * 1000],
    ids=["cut short", "empty", "another file"],
)
def test_a_damaged_file_changes_nothing(
    places: tuple[ServiceDatabase, ServiceDatabase], backup: Path, damage: Any
) -> None:
    _, target = places
    backup.write_bytes(damage(backup.read_bytes()))

    error = target.fails("restore", backup)

    assert "pg_restore: error: " in error
    assert target.tables() == 0


@pytest.mark.django_db
def test_a_dump_of_another_database_is_rejected(
    places: tuple[ServiceDatabase, ServiceDatabase], tmp_path: Path
) -> None:
    source, target = places
    source.ask("CREATE TABLE other (id int)")
    command = [bin_dir() / "pg_dump", "--format=custom", f"--file={tmp_path / 'other.dump'}", source.url]
    subprocess.run(command, check=True, capture_output=True)

    assert "is not a backup of this service" in target.fails("restore", tmp_path / "other.dump")
    assert target.tables() == 0


PROGRAMS_AT_WORK = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump' AND datname = '%s'"


@pytest.mark.django_db
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_leaves_no_partial_file_and_no_process(
    places: tuple[ServiceDatabase, ServiceDatabase], tmp_path: Path, number: signal.Signals
) -> None:
    """A lock on a table keeps pg_dump running until the signal."""
    source, target = places
    source.succeeds("migrate", "--verbosity", "0")
    at_work = PROGRAMS_AT_WORK % source.name
    with psycopg.connect(source.url) as other, hangups(signal.SIG_DFL):
        other.execute("LOCK TABLE dataset_item")
        command = [*MANAGE, "backup", str(tmp_path / "backup.dump")]
        settings = environment({"DATABASE_URL": source.url, "SECRET_KEY": SECRET_KEY})
        process = subprocess.Popen(command, cwd=PROJECT_DIR, env=settings, stderr=subprocess.PIPE, text=True)
        wait_for(lambda: target.ask(at_work) == [(1,)] or process.poll() is not None)
        drafts = list(tmp_path.iterdir())

        process.send_signal(number)
        _, errors = process.communicate(timeout=WAIT_SECONDS)
        # PostgreSQL only checks the connection of a waiting statement once the lock is free.
        other.rollback()
        wait_for(lambda: target.ask(at_work) == [(0,)])

    assert [draft.name for draft in drafts] == ["backup.dump.partial"]
    assert (process.returncode, errors) == (128 + number, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_a_full_disk_leaves_no_partial_file(
    places: tuple[ServiceDatabase, ServiceDatabase], small_disk: SmallDisk
) -> None:
    source, _ = places
    source.succeeds("migrate", "--verbosity", "0")
    small_disk.fill()

    error = source.fails("backup", small_disk.folder / "backup.dump")

    assert "No space left on device" in error
    assert list(small_disk.folder.iterdir()) == [small_disk.ballast]


@pytest.mark.django_db
def test_a_backup_of_a_later_version_is_rejected(places: tuple[ServiceDatabase, ServiceDatabase], backup: Path) -> None:
    source, target = places
    source.ask("INSERT INTO django_migrations (app, name, applied) VALUES ('items', '9999_later', now())")
    source.succeeds("backup", backup, "--overwrite")

    assert "made by a later version, with the migrations items.9999_later" in target.fails("restore", backup)


@pytest.mark.django_db
def test_pg_restore_can_read_a_backup(places: tuple[ServiceDatabase, ServiceDatabase], backup: Path) -> None:
    """Restoring does not depend on this program."""
    _, target = places

    command = [bin_dir() / "pg_restore", "--no-owner", "--exit-on-error", "--dbname", target.url, backup]
    subprocess.run(command, check=True, capture_output=True)

    assert target.ask(EMAILS) == [("kept@example.com",)]


@pytest.mark.django_db
def test_an_existing_file_is_not_overwritten(places: tuple[ServiceDatabase, ServiceDatabase], backup: Path) -> None:
    source, _ = places
    before = backup.read_bytes()

    assert "--overwrite" in source.fails("backup", backup)
    assert backup.read_bytes() == before
    assert "cannot be written" in source.fails("backup", backup.parent / "nowhere" / "file")


def test_an_existing_partial_file_is_not_written_to(tmp_path: Path) -> None:
    other, file = tmp_path / "other", tmp_path / "backup"
    other.write_text("of another")
    (tmp_path / "backup.partial").symlink_to(other)

    with draft_file(file) as draft:
        draft.write_text("all that there is")

    assert other.read_text() == "of another"
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("all that there is", 0o600)
    assert not (tmp_path / "backup.partial").is_symlink()
