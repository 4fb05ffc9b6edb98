"""The account that PostgreSQL runs as: our own, or an unprivileged one if we are root, whom PostgreSQL rejects.

An unprivileged account may lack access to a parent folder of DATA_DIR or of the programs (a clone in /root, a folder
made by mktemp -d). Instead of changing modes outside DATA_DIR, PostgreSQL gets the one capability that it needs. The
price: its superuser can then read any file of this machine, as root could before.
"""

import os
import pwd
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from datasets_api.postgres.binaries import bin_dir, run
from datasets_api.postgres.errors import PostgresError

# The least powerful first. dac_override also allows running programs that are closed to others (.venv made under umask
# 077), and root has it in a container with default capabilities.
CAPABILITIES = ("", "dac_read_search", "dac_override")

# Does what PostgreSQL will do: find its own programs (as pg_config does), write the log, enter the socket's folder.
PROBE = '"$1/pg_config" --bindir && "$1/postgres" --version && : >>"$2" && cd "$3"'


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int
    capability: str = ""

    @property
    def is_other(self) -> bool:
        return self.uid != os.geteuid()

    def command(self, program: Path | str, *arguments: Path | str) -> list[str]:
        """Return the command line that runs the program as this user, without changing the process id."""
        return [*self._prefix(), str(program), *map(str, arguments)]

    def _prefix(self) -> list[str]:
        if not self.is_other:
            return []
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            raise PostgresError(
                "PostgreSQL does not run as root, and setpriv (util-linux) is missing: install it or use another user."
            )
        prefix = [setpriv, f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        if not self.capability:
            return [*prefix, "--inh-caps=-all"]
        # Without no_setuid_fixup, access(2) ignores capabilities, and PostgreSQL does not find its own program.
        return [
            *prefix,
            f"--inh-caps=-all,+{self.capability}",
            f"--ambient-caps=+{self.capability}",
            "--securebits=+no_setuid_fixup",
        ]


def choose_account(data_dir: Path, pgdata: Path) -> Account:
    """Return our own account or, for root, that of the data's owner, the folder's or its parent's owner, or a service.

    Raises PostgresError if there is none.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    with suppress(FileNotFoundError):
        owner = pgdata.stat()
        if owner.st_uid != 0:
            return Account(owner.st_uid, owner.st_gid)
    for entry in _candidates(data_dir):
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid)
    raise PostgresError("PostgreSQL does not run as root, and there is no user postgres or nobody: use another user.")


def _candidates(data_dir: Path) -> Iterator[pwd.struct_passwd]:
    parent = next(folder for folder in data_dir.parents if folder.exists())
    for folder in (data_dir, parent):
        # KeyError: initdb does not run as a user without a name.
        with suppress(FileNotFoundError, KeyError):
            yield pwd.getpwuid(folder.stat().st_uid)
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            yield pwd.getpwnam(name)


def with_access(account: Account, *, log: Path, sockets: Path) -> Account:
    """Return the account with the least capability that gives access to the programs and its files."""
    if not account.is_other:
        return account
    for capability in CAPABILITIES:
        attempt = replace(account, capability=capability)
        if run(attempt.command("/bin/sh", "-c", PROBE, "sh", bin_dir(), log, sockets)).returncode == 0:
            return attempt
    raise PostgresError(
        f"PostgreSQL does not run as root, and user {account.uid}, which it would run as, has no access to "
        f"{log.parent} or {bin_dir()}: set DATA_DIR to a folder that this user can access, or do not run this as root."
    )
