"""Restores a backup in one transaction: all of it or nothing."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, cast

from database.query import fetch_all, fetch_one
from datasets_api.backups.archives import final_line
from datasets_api.backups.errors import BackupError
from datasets_api.backups.programs import Address, Programs
from datasets_api.backups.progress import Progress, progress

CHUNK_BYTES = 1 << 20
# The script of pg_restore 17 and later begins with this statement, which only sets the default, and which older servers
# reject. All tables are created before the first row, so the head of the script contains no rows.
HEAD_BYTES = 600
UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"

FIND_TABLE = "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() LIMIT 1"
COUNT_SERVICES = """
SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND application_name = 'datasets-api' AND pid <> pg_backend_pid()
"""
# Objects that belong to an extension (e) or to a table's column (i, a) are dropped together with it.
DROP_STATEMENTS = """
WITH belonging AS (SELECT objid FROM pg_depend WHERE deptype IN ('e', 'i', 'a'))
SELECT format('DROP %%s IF EXISTS %%s CASCADE;',
              CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                           ELSE 'TABLE' END,
              oid::regclass)
  FROM pg_class
 WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
   AND NOT EXISTS (SELECT FROM belonging WHERE objid = pg_class.oid)
 UNION ALL
SELECT format('DROP ROUTINE IF EXISTS %%s CASCADE;', oid::regprocedure)
  FROM pg_proc
 WHERE pronamespace = current_schema()::regnamespace
   AND NOT EXISTS (SELECT FROM belonging WHERE objid = pg_proc.oid)
"""


def is_empty() -> bool:
    return fetch_one(FIND_TABLE, []) is None


def is_in_use() -> bool:
    """Return whether a running service uses the database: its tables would disappear."""
    row = fetch_one(COUNT_SERVICES, [])
    return bool(row and row[0])


def drop_statements() -> list[str]:
    return [statement for (statement,) in fetch_all(DROP_STATEMENTS, [])]


def restore_archive(programs: Programs, address: Address, file: Path, *, before: Sequence[str] = ()) -> None:
    """Restore the file, running the statements in `before` first, all in one transaction.

    The script itself ends with COMMIT, instead of psql committing at the end of its input: if this process dies and the
    input ends early, nothing changes.
    """
    psql = programs.command("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", address.conninfo)
    with (
        tempfile.TemporaryFile() as errors,
        progress("Restored") as bar,
        subprocess.Popen(  # noqa: S603  our own arguments
            psql, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors, env=address.environment
        ) as client,
    ):
        script = cast("IO[bytes]", client.stdin)
        try:
            script.write("\n".join(("BEGIN;", *before, "")).encode())
            write_archive(programs, file, script, bar)
            script.write(b"\nCOMMIT;\n")
            script.close()
        except BrokenPipeError:
            # psql has failed, and has printed its error.
            client.kill()
        except BaseException:
            client.kill()
            raise
        if client.wait() != 0:
            errors.seek(0)
            raise BackupError(f"The database rejected the backup: {first_error(errors.read())}")


def write_archive(programs: Programs, file: Path, script: IO[bytes], bar: Progress) -> None:
    options = ("--no-owner", "--no-privileges", "--no-comments", "--file=-")
    with subprocess.Popen(  # noqa: S603  our own arguments
        programs.command("pg_restore", *options, file), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as source:
        output = cast("IO[bytes]", source.stdout)
        try:
            script.write(output.read(HEAD_BYTES).replace(UNKNOWN_BEFORE_17, b"", 1))
            shutil.copyfileobj(output, ProgressWriter(script, bar), CHUNK_BYTES)
        except BrokenPipeError:
            source.kill()
            raise
        error_output = cast("IO[bytes]", source.stderr).read()
    if source.returncode != 0:
        raise BackupError(f"{file} cannot be read: {final_line(error_output)}")


class ProgressWriter:
    def __init__(self, file: IO[bytes], bar: Progress) -> None:
        self.file, self.bar, self.length = file, bar, 0

    def write(self, data: Any) -> int:
        self.length += len(data)
        self.bar.update(self.length)
        return self.file.write(data)


def first_error(output: bytes) -> str:
    """Return the first error of psql's output, without the lines that quote values."""
    lines = output.decode(errors="replace").splitlines()
    return next((line for line in lines if "ERROR:" in line or "FATAL:" in line), final_line(output))
