"""The first start: a new, empty cluster, complete or not there at all."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from datasets_api.postgres.account import Account
from datasets_api.postgres.binaries import bin_dir, run
from datasets_api.postgres.data_dir import DataDir
from datasets_api.postgres.errors import PostgresError

DATABASE_NAME = "datasets"  # the superuser and the database

INITDB_OPTIONS = (
    f"--username={DATABASE_NAME}",
    "--auth-local=scram-sha-256",
    "--auth-host=reject",
    "--data-checksums",
    "--encoding=UTF8",
    # PostgreSQL's own rules: the order of texts, hence indexes, survive an upgrade of the system's C library.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    # pg_trgm asks the C library what a letter is; with C only ASCII has letters.
    "--lc-ctype=C.UTF-8",
)


def create_cluster(data_dir: DataDir, account: Account, settings: Mapping[str, str]) -> None:
    """Made in a folder beside, which takes its name when complete: an interruption leaves nothing half-made."""
    if data_dir.pgdata.exists() and any(data_dir.pgdata.iterdir()):
        raise PostgresError(f"{data_dir.pgdata} holds something other than a database: move it away.")
    draft = data_dir.path / "postgres.new"
    shutil.rmtree(draft, ignore_errors=True)
    data_dir.make_private(draft)
    try:
        _initialize(draft, data_dir.password_file, account, in_sync=settings.get("fsync") != "off")
        draft.rename(data_dir.pgdata)
        _sync(data_dir.path)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _initialize(pgdata: Path, password_file: Path, account: Account, *, in_sync: bool) -> None:
    options = [*INITDB_OPTIONS, f"--pwfile={password_file}", *([] if in_sync else ["--no-sync"])]
    _check(run(account.command(bin_dir() / "initdb", "-D", pgdata, *options)))
    # Single-user mode needs no running server. Without exit_on_error it would report a failure as success.
    single = account.command(bin_dir() / "postgres", "--single", "-D", pgdata, "-c", "exit_on_error=on", "postgres")
    _check(run(single, f"CREATE DATABASE {DATABASE_NAME}\n"))


def _check(done: subprocess.CompletedProcess[str]) -> None:
    if done.returncode != 0:
        raise PostgresError(f"PostgreSQL's data folder cannot be made:\n{done.stderr.strip()}")


def _sync(folder: Path) -> None:
    """Makes a rename in the folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
