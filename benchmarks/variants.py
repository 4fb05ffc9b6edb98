"""The variants that take turns in each measurement, by name."""

from benchmarks import agreement, load, postgres_alone
from benchmarks.load import Request, Sample
from benchmarks.operations import Operation, operations
from benchmarks.postgres_alone import Script
from benchmarks.repeats import Run
from benchmarks.servers import Server

EMPTY = {name: Request(f"/bench/{name}/") for name in ("empty_drf", "empty_django")}


def beside_others(operation: Operation, ours: Server, plain: Server | None) -> dict[str, Run]:
    runs = {"ours": http(ours, operation.request)}
    if operation.beside:
        runs[operation.beside] = http(ours, operations(ours.database.items)[operation.beside].request)
    elif plain:
        runs["plain"] = http(plain, operation.request)
    runs |= {name: http(ours, request) for name, request in EMPTY.items()}
    runs["postgres"] = statements(ours, operation.script)
    return runs


def small_and_large(name: str, small: Server, large: Server) -> dict[str, Run]:
    """The same operation on two sizes of the table; a deep page also beside the large one's first."""
    of_small, of_large = (operations(server.database.items) for server in (small, large))
    runs = {"small": http(small, of_small[name].request), "large": http(large, of_large[name].request)}
    if name == "list100_deep":
        runs["large_page1"] = http(large, of_large["list100"].request)
    return runs


def http(server: Server, request: Request) -> Run:
    def run(seconds: float) -> Sample:
        return load.drive(server, agreement.tagged(server, request), seconds=seconds)

    return run


def statements(server: Server, script: Script) -> Run:
    def run(seconds: float) -> Sample:
        return postgres_alone.drive(server.database, script, seconds=seconds)

    return run
