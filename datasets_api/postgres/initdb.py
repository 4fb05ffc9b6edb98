"""Creates a new, empty cluster on the first start."""

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
    # PostgreSQL's own collation, so that indexes stay valid when the system's C library is upgraded.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    # pg_trgm uses the C library to classify letters; with C, only ASCII has letters.
    "--lc-ctype=C.UTF-8",
)


def create_cluster(data_dir: DataDir, account: Account, settings: Mapping[str, str]) -> None:
    """Create the cluster in a draft folder, which is renamed once it is complete, so nothing is ever half-created.

    Raises PostgresError.
    """
    if data_dir.pgdata.exists() and any(data_dir.pgdata.iterdir()):
        raise PostgresError(f"{data_dir.pgdata} contains something other than a database: move it away.")
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
    # Single-user mode needs no running server. Without exit_on_error, its exit code would be 0 even on errors.
    single = account.command(bin_dir() / "postgres", "--single", "-D", pgdata, "-c", "exit_on_error=on", "postgres")
    _check(run(single, f"CREATE DATABASE {DATABASE_NAME}\n"))


def _check(done: subprocess.CompletedProcess[str]) -> None:
    if done.returncode != 0:
        raise PostgresError(f"PostgreSQL's data folder cannot be created:\n{done.stderr.strip()}")


def _sync(folder: Path) -> None:
    """Flush the folder, so that a rename in it survives a power failure."""
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
