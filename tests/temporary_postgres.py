"""A pytest plugin that runs a temporary PostgreSQL for the tests, unless DATABASE_URL names one.

It is loaded with -p, before Django reads its settings; workers of a parallel run inherit DATABASE_URL.
"""

import atexit
import os
import signal
import tempfile
from contextlib import ExitStack
from pathlib import Path

from django.db.backends.signals import connection_created

from datasets_api.postgres.embedded import EmbeddedPostgres
from tests.programs import find_program
from tests.scaling import citus, recording
from tests.scaling.pgbouncer import pgbouncer

# Without fsync, which tests do not need.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_connections": "300",  # for several test processes, each with its own services
}

# Tests keep transactions open while others write.
POOL_SIZE = 40

_running = ExitStack()


def _start() -> None:
    folder = _running.enter_context(tempfile.TemporaryDirectory(prefix="datasets-tests-", ignore_cleanup_errors=True))
    postgres = EmbeddedPostgres(Path(folder, "data"), settings=SETTINGS)
    _running.enter_context(postgres.serve())
    os.environ["DATABASE_URL"] = postgres.url


def _go_through_pgbouncer() -> None:
    url = _running.enter_context(pgbouncer(find_program("pgbouncer"), os.environ["DATABASE_URL"], pool_size=POOL_SIZE))
    os.environ |= {"DATABASE_URL": url, "DATABASE_PREPARED_STATEMENTS": "false"}


def _start_citus() -> None:
    cluster = _running.enter_context(citus.citus_cluster(citus.built_folder()))
    os.environ["DATABASE_URL"] = cluster.url
    connection_created.connect(citus.watch_tasks)


def pytest_unconfigure() -> None:
    _running.close()


os.environ.setdefault("SECRET_KEY", "tests-only-" + "x" * 50)
# Also for the processes that tests start, which record their statements.
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.scaling.settings"
os.environ[recording.VARIABLE] = _running.enter_context(tempfile.TemporaryDirectory(prefix="datasets-statements-"))
if not os.environ.get("DATABASE_URL"):
    # Registered before the start, so that an interrupted start is cleaned up too; closing twice does nothing.
    atexit.register(_running.close)
    # `timeout` and CI end a run with SIGTERM, on which Python would exit without atexit; treat it like Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    _start_citus() if citus.is_citus() else _start()
# The processes of a parallel run inherit that URL too.
if os.environ.get("TEST_PGBOUNCER") and "PYTEST_XDIST_WORKER" not in os.environ:
    _go_through_pgbouncer()
