"""Is everything in our tables as it must be? Asked of what was built, and again after all the writes."""

from benchmarks.databases import Database
from benchmarks.fill import MISCOUNTED
from benchmarks.load import LoadError

CHECK_SECONDS = 600
# Of items; larger tables are built in the same way, and take minutes.
MAX_VERSIONS = 500_000


def check_heads(database: Database) -> None:
    """Every head must still count its dataset's items, and know the last revision."""
    with database.connected() as connection:
        if connection.execute(MISCOUNTED).fetchone() != (0,):
            raise LoadError(f"Heads of {database.which} are wrong after the writes.")


def check_history(database: Database) -> None:
    """All the rules that the service itself knows, except in the largest tables."""
    if database.which.items * database.which.versions > MAX_VERSIONS:
        return
    done = database.run("manage.py", "check_history", seconds=CHECK_SECONDS)
    if done.returncode:
        raise LoadError(f"The history of {database.which} is wrong:\n{done.stdout}{done.stderr}")
