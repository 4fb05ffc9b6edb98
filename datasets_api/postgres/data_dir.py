"""The files in DATA_DIR, all private to the account that runs PostgreSQL.

Files are opened, and their owner is changed, without following links. Otherwise that account, if it is not ours, could
replace a file with a link and make root write elsewhere.
"""

import hashlib
import os
import secrets
import shutil
import stat
import tempfile
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from datasets_api.postgres.account import Account, choose_account
from datasets_api.postgres.errors import PostgresError

PORT = "5432"  # only a part of the socket's name
SOCKET_NAME = f".s.PGSQL.{PORT}"
SOCKET_PATH_BYTES = 107
# A longer log is moved to postgres.log.1.
LOG_BYTES = 16 * 1024 * 1024


class DataDir:
    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.pgdata = self.path / "postgres"
        self.log = self.path / "postgres.log"
        self.former_log = self.path / "postgres.log.1"
        self.lock = self.path / "lock"
        self.password_file = self.path / "postgres-password"

    @cached_property
    def account(self) -> Account:
        return choose_account(self.path, self.pgdata)

    @property
    def is_initialized(self) -> bool:
        return (self.pgdata / "PG_VERSION").exists()

    @property
    def sockets(self) -> Path:
        """The folder of the Unix socket: run/ or, if that path is not usable, a short one in the temporary folder."""
        inside = self.path / "run"
        socket = str(inside / SOCKET_NAME)
        # The server's setting and libpq's host are lists, in which commas and quotes are special.
        if len(os.fsencode(socket)) <= SOCKET_PATH_BYTES and not set(',"') & set(socket):
            return inside
        digest = hashlib.sha256(os.fsencode(self.path) + b" %d" % self.account.uid).hexdigest()
        folder = Path(tempfile.gettempdir()) / f"datasets-{digest[:16]}"
        self._reject_foreign(folder)
        return folder

    def _reject_foreign(self, folder: Path) -> None:
        """Raise PostgresError if the folder belongs to another user, who could impersonate our PostgreSQL."""
        with suppress(FileNotFoundError):
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {self.account.uid, os.geteuid()}:
                raise PostgresError(f"{folder} belongs to someone else: remove it, or set DATA_DIR to a shorter path.")

    def make(self) -> None:
        if not self.path.exists():
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.make_private(self.path)

    def make_private(self, folder: Path) -> None:
        """Create the folder with mode 0700, owned by the account."""
        folder.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            os.fchmod(descriptor, 0o700)
            self._hand_over(descriptor)
        finally:
            os.close(descriptor)

    def open(self, file: Path, flags: int) -> int:
        """Open or create a file with mode 0600, owned by the account, and return its descriptor."""
        descriptor = os.open(file, flags | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        self._hand_over(descriptor)
        return descriptor

    def truncate_log(self) -> None:
        """Move the contents of a long log to postgres.log.1. PostgreSQL keeps appending to the truncated file."""
        if self.log.stat().st_size <= LOG_BYTES:
            return
        with (
            os.fdopen(self.open(self.log, os.O_RDWR), "r+b") as log,
            os.fdopen(self.open(self.former_log, os.O_WRONLY | os.O_TRUNC), "wb") as former,
        ):
            try:
                shutil.copyfileobj(log, former)
            finally:
                # Even if the copy fails because the disk is full: the log must not be the cause of that.
                log.truncate(0)

    def _hand_over(self, descriptor: int) -> None:
        if self.account.is_other:
            os.fchown(descriptor, self.account.uid, self.account.gid)

    def password(self) -> str:
        """Return the database password, created on first use. Raises PostgresError if the file was lost."""
        if self.is_initialized and not self.password_file.exists():
            raise PostgresError(f"{self.password_file} is missing, but its database exists: restore the file.")
        return self.secret(self.password_file.name)

    def secret(self, name: str) -> str:
        """Return the random text in this file, created on first use."""
        self.make()
        if not (self.path / name).exists():
            self._make_secret(name)
        return (self.path / name).read_text(encoding="ascii").strip()

    def _make_secret(self, name: str) -> None:
        # Linked once complete, so that concurrent processes never read half of it, and all read the same text.
        draft = self.path / f"{name}.{os.getpid()}"
        descriptor = self.open(draft, os.O_WRONLY | os.O_TRUNC)
        os.write(descriptor, secrets.token_urlsafe(50).encode())
        os.close(descriptor)
        with suppress(FileExistsError):
            os.link(draft, self.path / name)
        draft.unlink()
