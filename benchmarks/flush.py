"""Creates where a flush to disk takes a millisecond longer: by the service, and its statement alone in two ways."""

import statistics
import time

from benchmarks import statements, variants
from benchmarks.databases import Database
from benchmarks.operations import operations
from benchmarks.postgres_alone import Script, check
from benchmarks.repeats import Run
from benchmarks.servers import Server

FLUSHES = 50
STEPS = {
    "create": (":team", ":dataset"),
    "create_1000_datasets": (":project", statements.SMALL_DATASET_SQL),
}


def normal_and_slow(name: str, normal: Server, slow: Server) -> dict[str, Run]:
    """`grouped` is an experiment with PostgreSQL alone: the service knows nothing of it."""
    request = operations(normal.database.items)[name].request
    scripts = {"statement": alone(name), "grouped": grouped(name)}
    for script in scripts.values():
        check(slow.database, script)
    runs = {"normal": variants.http(normal, request), "slow": variants.http(slow, request)}
    return runs | {each: variants.statements(slow, script) for each, script in scripts.items()}


def alone(name: str) -> Script:
    return Script((statements.create_step(*STEPS[name]),), statements.texts_of_item())


def grouped(name: str) -> Script:
    """Two transactions; who has the answer of the second knows that both are on disk."""
    step = statements.create_step(*STEPS[name], statements.CREATE_QUICKLY)
    return Script((step, statements.AWAIT_FLUSH), statements.texts_of_item())


def flush_ms(database: Database) -> float:
    """The median time of a round trip that flushes a few bytes, while nobody else writes."""
    times = []
    with database.connected() as connection:
        for _ in range(FLUSHES):
            start = time.monotonic()
            connection.execute(statements.AWAIT_FLUSH.statement)
            times.append(time.monotonic() - start)
    return 1000 * statistics.median(times)
