"""A PgBouncer in transaction mode in front of the tests' PostgreSQL: many clients share few connections."""

import os
import pwd
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit

from datasets_api.postgres.account import Account, with_access

# Fewer than the service's threads, so that connections are shared.
POOL_SIZE = 4
PORT = 6432  # only a part of the socket's name
START_SECONDS = 30
STOP_SECONDS = 20

# auth_type any: the pooler itself logs in, with the tests' user.
CONFIG = """
[databases]
* = {database}
[pgbouncer]
listen_addr =
listen_port = {port}
unix_socket_dir = {folder}
logfile = {folder}/log
auth_type = any
pool_mode = transaction
default_pool_size = {pool_size}
max_client_conn = 1000
query_wait_timeout = 120
server_idle_timeout = 1
server_check_delay = 0
"""


@contextmanager
def pgbouncer(program: str, url: str, *, pool_size: int = POOL_SIZE) -> Iterator[str]:
    """Run PgBouncer, and yield the database's URL through it."""
    with tempfile.TemporaryDirectory(prefix="pgbouncer-", ignore_cleanup_errors=True) as name:
        folder, parts = Path(name), urlsplit(url)
        config, log = folder / "pgbouncer.ini", folder / "log"
        words = {"database": connection_words(url), "port": PORT, "folder": folder, "pool_size": pool_size}
        config.write_text(CONFIG.format_map(words))
        log.touch()
        account = account_for(socket_folder(url))
        for path in (config, log, folder):
            os.chown(path, account.uid, account.gid)
        account = with_access(account, log=log, sockets=socket_folder(url) or folder)
        process = subprocess.Popen(account.command(program, "-q", config), stdin=subprocess.DEVNULL)
        try:
            wait_for(folder / f".s.PGSQL.{PORT}", process)
            yield f"postgresql://{parts.username}@/{parts.path.strip('/')}?host={quote(name, safe='')}&port={PORT}"
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
            process.kill()
            process.wait()


def socket_folder(url: str) -> Path | None:
    """Return the folder of the database's Unix socket, or None if it is reached over the network."""
    host = parse_qs(urlsplit(url).query).get("host", [""])[0]
    return Path(host) if host.startswith("/") else None


def connection_words(url: str) -> str:
    parts, query = urlsplit(url), parse_qs(urlsplit(url).query)
    words = {
        "host": parts.hostname or query.get("host", [""])[0],
        "port": str(parts.port or query.get("port", ["5432"])[0]),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
    }
    return " ".join(f"{name}='{value}'" for name, value in words.items() if value)


def account_for(sockets: Path | None) -> Account:
    """Return the account for PgBouncer, which does not run as root: the owner of the database's private socket."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if sockets:
        owner = sockets.stat()
        return Account(owner.st_uid, owner.st_gid)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def wait_for(socket: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not socket.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            log = socket.parent / "log"
            raise RuntimeError(f"PgBouncer did not start:\n{log.read_text() if log.exists() else ''}")
        time.sleep(0.02)
