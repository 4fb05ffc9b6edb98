"""python -m benchmarks.waits: what long operations cost, and how long others' writes wait meanwhile. See README.md.

Two clients create items all the time, one in the dataset at work and one in another dataset of the same project.
"""

import argparse
import http.client
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from benchmarks import content
from benchmarks.__main__ import data_dir, set_up
from benchmarks.databases import Which
from benchmarks.machine import describe_machine, print_machine
from benchmarks.processes import PROC, all_stats, tree
from benchmarks.servers import Server

ITEMS, FORKED_ITEMS, ERASED_ITEMS, ERASED_VERSIONS, BULK_ITEMS = 100_000, 1_000_000, 10_000, 20, 10_000
IDLE_SECONDS = 10
PAUSE_SECONDS, MEMORY_SECONDS = 0.01, 0.1
TIMEOUT_SECONDS = 1200
BLOCK_BYTES = 256 * 1024
DATASET = content.DATASET_ID % content.PROJECT
PROJECT_PATH = f"/api/projects/{content.PROJECT}"
DATASET_PATH = f"{PROJECT_PATH}/datasets/{DATASET}"


class Client:
    """Keeps one connection."""

    def __init__(self, server: Server) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(server.base).netloc, timeout=TIMEOUT_SECONDS)

    def send(self, method: str, path: str, body: Any = None, into: IO[bytes] | None = None) -> tuple[int, bytes]:
        """Return the status and the body, which goes into the file instead if there is one."""
        headers = {"Authorization": f"Bearer {content.CALLER_KEY}", "Content-Type": "application/json"}
        if body is not None and not hasattr(body, "read"):
            body = json.dumps(body).encode()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        if into is None:
            return response.status, response.read()
        while block := response.read(BLOCK_BYTES):
            into.write(block)
        return response.status, b""

    def ask(self, method: str, path: str, body: Any = None, into: IO[bytes] | None = None) -> Any:
        status, answer = self.send(method, path, body, into)
        assert status < 300, (status, answer[:2000])
        return json.loads(answer) if answer else None


@dataclass
class Writes:
    """Results of a client that creates items all the time."""

    seconds: list[float] = field(default_factory=list)
    refused: int = 0

    @property
    def longest(self) -> str:
        refused = f", {self.refused} refused" if self.refused else ""
        return f"{max(self.seconds) * 1000:,.0f} ms of {len(self.seconds)}{refused}"


@contextmanager
def writing(server: Server, dataset: str) -> Iterator[Writes]:
    writes, stop = Writes(), threading.Event()

    def write() -> None:
        client = Client(server)
        while not stop.wait(PAUSE_SECONDS):
            start = time.monotonic()
            status, _ = client.send("POST", f"{PROJECT_PATH}/dataset_items/", {"dataset": dataset, "input": 1})
            writes.seconds.append(time.monotonic() - start)
            writes.refused += status >= 300

    with background(write, stop):
        yield writes


@contextmanager
def watching_memory(server: Server) -> Iterator[dict[str, float]]:
    """Yield how many MB the process that grew most has taken: a worker of the service, and one of PostgreSQL."""
    before, grown, stop = dict(anonymous_memory(server)), {"worker": 0.0, "PostgreSQL": 0.0}, threading.Event()

    def watch() -> None:
        while not stop.wait(MEMORY_SECONDS):
            for (kind, pid), size in anonymous_memory(server):
                grown[kind] = max(grown[kind], size - before.get((kind, pid), 0))

    with background(watch, stop):
        yield grown


@contextmanager
def background(work: Callable[[], None], stop: threading.Event) -> Iterator[None]:
    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def anonymous_memory(server: Server) -> Iterator[tuple[tuple[str, int], float]]:
    """Yield MB by kind and number of process; memory that PostgreSQL's processes share does not count."""
    stats = dict(all_stats())
    workers = tree(server.pid, stats)
    for pid in tree(os.getpid(), stats) - {os.getpid()}:
        with suppress(OSError, StopIteration):
            lines = (PROC / str(pid) / "status").read_text().splitlines()
            line = next(line for line in lines if line.startswith("RssAnon:"))
            yield ("worker" if pid in workers else "PostgreSQL", pid), int(line.split()[1]) / 1024


def measure(server: Server, name: str, work: Callable[[Client], Any]) -> None:
    other = Client(server).ask("POST", f"{PROJECT_PATH}/datasets/", {"name": f"beside: {name}"})["id"]
    with watching_memory(server) as grown, writing(server, other) as elsewhere, writing(server, DATASET) as here:
        start = time.monotonic()
        work(Client(server))
        seconds = time.monotonic() - start
        # A write that waits now ends, and counts.
        time.sleep(10 * PAUSE_SECONDS)
    memory = f"{grown['worker']:.0f} | {grown['PostgreSQL']:.0f}"
    print(f"| {name} | {seconds:.1f} s | {elsewhere.longest} | {here.longest} | {memory} |", flush=True)


def export(query: str) -> Callable[[Client], None]:
    def read(client: Client) -> None:
        with Path(os.devnull).open("wb") as nowhere:
            client.ask("GET", f"{DATASET_PATH}/export/?export_format=jsonl{query}", into=nowhere)

    return read


def edited_export(client: Client, folder: Path) -> Path:
    """Write an export in which each output is another one."""
    exported, edited = folder / "exported.jsonl", folder / "edited.jsonl"
    with exported.open("wb") as file:
        client.ask("GET", f"{DATASET_PATH}/export/?export_format=jsonl", into=file)
    with exported.open("rb") as lines, edited.open("w") as file:
        for number, line in enumerate(lines):
            file.write(json.dumps(json.loads(line) | {"output": {"edited": number}}) + "\n")
    return edited


def mirror(file: Path) -> Callable[[Client], None]:
    query = "import_format=jsonl&match_on=id&on_conflict=update&mirror=true"

    def send(client: Client) -> None:
        with file.open("rb") as lines:
            client.ask("POST", f"{DATASET_PATH}/import/?{query}", lines)

    return send


def send(method: str, path: str, body: Any = None) -> Callable[[Client], None]:
    return lambda client: client.ask(method, path, body)


def item_ids(count: int) -> list[str]:
    return [content.ITEM_ID % number for number in range(1, count + 1)]


def measure_daily_work(server: Server, folder: Path) -> None:
    client = Client(server)
    before = client.ask("GET", f"{DATASET_PATH}/revisions/?limit=1")["results"][0]["revision"]
    file = edited_export(client, folder)
    measure(server, "nothing", lambda _: time.sleep(IDLE_SECONDS))
    measure(server, "export, filtered by metadata", export("&metadata__language=en"))
    measure(server, "export of a sample of 1,000", export("&sample=1000&seed=7"))
    measure(
        server, "list of a sample", send("GET", f"{PROJECT_PATH}/dataset_items/?dataset={DATASET}&sample=100&seed=7")
    )
    measure(server, "import that mirrors, all rows edited", mirror(file))
    measure(server, "import that mirrors, no row edited", mirror(file))
    measure(server, "rollback of all items", send("POST", f"{DATASET_PATH}/rollback/", {"revision": before}))
    changes = {"ids": item_ids(BULK_ITEMS), "changes": {"output": "another"}}
    measure(server, f"bulk patch of {BULK_ITEMS:,}", send("PATCH", f"{PROJECT_PATH}/dataset_items/bulk/", changes))
    measure(server, f"fork of {server.database.items:,}", send("POST", f"{DATASET_PATH}/fork/", {"name": "fork"}))
    measure(server, "users/@me with 1,001 projects", send("GET", "/api/users/@me/"))
    _, me = Client(server).send("GET", "/api/users/@me/")
    print(f"\nusers/@me: {len(me):,} bytes\n")


def measure_fork(server: Server, _: Path) -> None:
    measure(server, f"fork of {server.database.items:,}", send("POST", f"{DATASET_PATH}/fork/", {"name": "fork"}))


def measure_erasure(server: Server, _: Path) -> None:
    count, versions = server.database.items, server.database.which.versions
    erase = send("POST", f"{PROJECT_PATH}/dataset_items/erase/", {"ids": item_ids(count)})
    measure(server, f"erasure of {count:,} items of {versions} versions", erase)


MEASURED: dict[str, tuple[Which, Callable[[Server, Path], None]]] = {
    "daily": (Which("ours", ITEMS), measure_daily_work),
    "erasure": (Which("ours", ERASED_ITEMS, ERASED_VERSIONS), measure_erasure),
    "fork": (Which("ours", FORKED_ITEMS), measure_fork),
}


def run(folder: Path, names: list[str]) -> None:
    from benchmarks.consistency import check_history  # noqa: PLC0415  these need the settings
    from benchmarks.data import served  # noqa: PLC0415
    from benchmarks.run import report  # noqa: PLC0415

    print_machine(describe_machine(folder))
    print("| operation | time | longest write elsewhere | longest write here | worker +MB | PostgreSQL +MB |")
    print("|---|---|---|---|---|---|")
    for name in names:
        which, work = MEASURED[name]
        with served([which], folder, report) as servers, tempfile.TemporaryDirectory(dir=folder) as files:
            work(servers[which], Path(files))
            check_history(servers[which].database)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.waits", description="Others' writes beside long work.")
    parser.add_argument("measured", nargs="*", metavar="NAME", help=f"of {', '.join(MEASURED)}; default: all")
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="keep the built data there, for the next run")
    options = parser.parse_args()
    if unknown := set(options.measured) - MEASURED.keys():
        parser.error(f"Unknown: {', '.join(sorted(unknown))}.")
    set_up()
    with data_dir(options.data_dir) as folder:
        run(folder, options.measured or list(MEASURED))


if __name__ == "__main__":
    main()
