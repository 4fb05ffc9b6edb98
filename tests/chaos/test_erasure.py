"""An erasure is atomic, whatever is killed during it, and leaves its text nowhere, even in files."""

import http.client
import itertools
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

from datasets_api.postgres.binaries import bin_dir
from datasets_api.postgres.embedded import EmbeddedPostgres
from tests.chaos.clients import Client, make_key
from tests.chaos.kill_targets import KILL_TARGETS, kill
from tests.service.up_process import Up, manage, processes_of
from tests.waiting import wait_for

CYCLES = int(os.environ.get("ERASURE_CYCLES", "5"))
ITEMS = 300
SEED = 11
MAX_DELAY_SECONDS = 0.15
# Errors while the database is unavailable, and connections cut by a kill; anything else fails the test.
TEMPORARY = {503}
CUT = (OSError, http.client.HTTPException)
COMPACT = ["VACUUM FULL", "CHECKPOINT", "SELECT pg_switch_wal()", "CHECKPOINT"]


class Traffic:
    """A client that sends one request after another in its own thread, until it is stopped."""

    def __init__(self, run: "Run", ask: Any) -> None:
        self.run, self.ask = run, ask
        self.stopped = threading.Event()
        self.answers = 0
        self.wrong: list[Any] = []
        self.thread = threading.Thread(target=self.work)

    def work(self) -> None:
        client, numbers = Client(self.run.project, self.run.key), itertools.count()
        while not self.stopped.is_set():
            number = next(numbers)
            with suppress(*CUT):
                client.connect_to(self.run.up.port)
                answer = self.ask(client, number)
                self.answers += answer.status < 300
                if answer.status >= 300 and answer.status not in TEMPORARY:
                    self.wrong.append(answer)
        client.close()


class Run:
    def __init__(self, data_dir: Path) -> None:
        self.data_dir, self.random = data_dir, Random(SEED)  # noqa: S311  repeatable runs
        self.logs: list[Path] = []
        self.start()
        self.key, self.project = make_key(DATA_DIR=str(data_dir))
        self.dataset = self.ask("POST", "datasets/", {"name": "Set"}).body["id"]

    def start(self) -> None:
        self.up = Up(self.data_dir).__enter__()
        self.logs.append(self.up.log)

    def end(self) -> None:
        self.up.__exit__()
        for pid in processes_of(self.data_dir):
            kill(pid)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        client = Client(self.project, self.key)
        client.connect_to(self.up.port)
        try:
            return client.ask(method, path, body, **headers)
        finally:
            client.close()

    def plant(self, canary: str) -> list[str]:
        """Create items with the text in their content, an earlier version, a message, a stored response and a fork."""
        item = {"input": {"who": canary}, "metadata": {"canary": canary}, "ref_trace_id": canary}
        body = {"dataset": self.dataset, "items": [item | {"output": n} for n in range(ITEMS)]}
        created = self.ask("POST", "dataset_items/bulk/", body, **{"Idempotency-Key": f"bulk-{self.random.random()}"})
        ids = [each["id"] for each in created.body["results"]]
        changed = self.ask(
            "PATCH", "dataset_items/bulk/", {"ids": ids, "changes": {"output": canary}}, **{"Revision-Message": canary}
        )
        assert changed.status == 200, changed
        fork = {"name": f"Fork {self.random.random()}", "filter": {"metadata__canary": canary}}
        # Before PostgreSQL has analyzed the tables, a search on a busy machine may take longer than it is given.
        wait_for(lambda: self.ask("POST", f"datasets/{self.dataset}/fork/", fork).status == 201, seconds=120)
        return ids

    def erase(self, ids: list[str]) -> Any:
        return self.ask("POST", "dataset_items/erase/", {"ids": ids, "reason": "a request"})

    def live(self, canary: str) -> int:
        """Return the number of items with the text, in the dataset and in its fork."""
        answers = []

        def is_read() -> bool:
            answers.append(self.read(f"dataset_items/?metadata__canary={canary}&limit=1"))
            return bool(answers[-1].status == 200)

        # Like the fork, the search may be refused on a busy machine.
        wait_for(is_read, seconds=120)
        return int(answers[-1].body["count"])

    def read(self, path: str) -> Any:
        """Try again once: a connection may be accepted by a worker that is being killed."""
        try:
            return self.ask("GET", path)
        except (OSError, http.client.HTTPException):
            time.sleep(1)
            return self.ask("GET", path)

    def kill_during_erasure(self, name: str, ids: list[str]) -> None:
        strike, needs_start = KILL_TARGETS[name]
        thread = threading.Thread(target=self.erase_until_cut, args=[ids])
        thread.start()
        time.sleep(self.random.random() * MAX_DELAY_SECONDS)
        strike(self.up, self.random)
        if needs_start:
            self.up.process.wait()
            self.start()
        thread.join()
        wait_for(self.is_ready)

    def erase_until_cut(self, ids: list[str]) -> None:
        with suppress(*CUT):
            self.erase(ids)

    def is_ready(self) -> bool:
        with suppress(*CUT):
            return bool(self.ask("GET", f"datasets/{self.dataset}/").status == 200)
        return False

    @contextmanager
    def traffic(self) -> Iterator[list[Traffic]]:
        """Run a writer, a reader, a reader of the feed, and exports."""
        dataset = self.dataset
        users = [
            Traffic(self, lambda c, n: c.ask("POST", "dataset_items/", {"dataset": dataset, "input": n})),
            Traffic(self, lambda c, n: c.ask("GET", f"dataset_items/?dataset={dataset}&limit=20&offset={n % 50}")),
            Traffic(self, lambda c, n: c.ask("GET", f"datasets/{dataset}/changes/?since_revision=0&limit=50")),
            Traffic(self, lambda c, n: c.ask("GET", f"datasets/{dataset}/export/")),
        ]
        for each in users:
            each.thread.start()
        try:
            yield users
        finally:
            for each in users:
                each.stopped.set()
                each.thread.join()


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    made = Run(tmp_path / "data")
    try:
        yield made
    finally:
        made.end()


def test_an_erasure_is_atomic_and_leaves_its_text_nowhere(run: Run, tmp_path: Path) -> None:
    names, canaries = list(KILL_TARGETS), [f"canary{number}x7f3a" for number in range(CYCLES)]
    with run.traffic() as users:
        for number, canary in enumerate(canaries):
            ids = run.plant(canary)
            assert run.live(canary) == 2 * ITEMS

            run.kill_during_erasure(names[number % len(names)], ids)

            assert run.live(canary) in {0, 2 * ITEMS}
            assert run.erase(ids).status == 200
            assert run.live(canary) == 0
    assert [each.wrong for each in users] == [[]] * len(users)
    assert all(each.answers for each in users)

    checked = manage("check_history", seconds=300, DATA_DIR=str(run.data_dir))
    assert checked.returncode == 0, checked.stdout
    assert_nowhere(run, canaries, tmp_path)


def assert_nowhere(run: Run, canaries: list[str], tmp_path: Path) -> None:
    """Check that no dump and no log contains the text, and no file does after the documented statements."""
    url = EmbeddedPostgres(run.data_dir).url
    dump = tmp_path / "plain.sql"
    subprocess.run([bin_dir() / "pg_dump", "--dbname", url, "--file", dump], check=True)
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in COMPACT:
            connection.execute(statement)
    texts = {"dump": dump.read_text()} | {log.name: log.read_text() for log in run.logs}
    for canary in canaries:
        assert [name for name, text in texts.items() if canary in text] == []
        # WAL files that wait to be recycled are searched as well.
        wait_for(lambda text=canary: prove(run, text) == 0, seconds=120)  # type: ignore[misc]


def prove(run: Run, text: str) -> int:
    """Make PostgreSQL recycle another file of its log, and search again."""
    url = EmbeddedPostgres(run.data_dir).url
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in COMPACT[1:]:
            connection.execute(statement)
    return manage("prove_erasure", "--text", text, "--files", seconds=120, DATA_DIR=str(run.data_dir)).returncode
