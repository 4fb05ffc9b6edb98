"""A running service with sixteen writing clients, and checks of both."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

import httpx

from datasets_api.postgres.embedded import EmbeddedPostgres
from tests.chaos.assertions import check_acknowledged, was_done
from tests.chaos.clients import Client, WritingClient, make_key
from tests.chaos.kill_targets import KILL_TARGETS, kill
from tests.chaos.operations import Writer, contents_of
from tests.chaos.replica_copy import ReplicaCopy
from tests.chaos.tracked_objects import Write
from tests.service.up_process import Up, manage, processes_of
from tests.waiting import wait_for

CLIENTS = 16
SEED = 4
# The number of acknowledged writes before each kill, and after one that the service survives.
BEFORE, AFTER = 60, 40
RECOVERY_SECONDS = 60
CHECK_SECONDS = 300


class ChaosRun:
    """The service, its clients, and the results of the checks."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.random = Random(SEED)  # noqa: S311  repeatable runs
        self.up = self.new_up()
        self.reader = Client("", "")
        self.clients: list[WritingClient] = []

    def new_up(self) -> Up:
        # All clients have one user, and any of them may import.
        return Up(self.data_dir, SERVER_MAX_UPLOADS_PER_USER=str(CLIENTS))

    def begin(self) -> None:
        data_dir = self.data_dir
        self.up.__enter__()
        key, self.project = make_key(DATA_DIR=str(data_dir))
        self.reader = Client(self.project, key)
        self.reader.connect_to(self.up.port)
        shared = [self.reader.ask("POST", "datasets/", {"name": f"shared-{n}"}).body["id"] for n in range(2)]
        self.clients = [WritingClient(self.project, key, Writer(n, shared)) for n in range(CLIENTS)]
        self.replica_copy = ReplicaCopy()
        self.database = EmbeddedPostgres(data_dir).url
        self.counts: Counter[str] = Counter()
        self.outages: dict[str, list[float]] = {name: [] for name in KILL_TARGETS}

    @property
    def acknowledged(self) -> int:
        return sum(client.acknowledged for client in self.clients)

    def cycle(self, name: str) -> None:
        strike, needs_start = KILL_TARGETS[name]
        with self.writing():
            self.wait_for_writes(BEFORE + self.random.randrange(BEFORE))
            strike(self.up, self.random)
            killed_at = time.monotonic()
            if not needs_start:
                # Clients reconnect by themselves, and nothing is restarted by hand.
                self.wait_until_writable()
                self.outages[name].append(time.monotonic() - killed_at)
                self.wait_for_writes(AFTER)
        if needs_start:
            self.up.process.wait()
            start = time.monotonic()
            self.start_again()
            self.outages[name].append(time.monotonic() - start)
        self.counts["kills"] += 1
        self.verify()

    @contextmanager
    def writing(self) -> Iterator[None]:
        for client in self.clients:
            client.start(self.up.port)
        try:
            yield
        finally:
            for client in self.clients:
                client.end()
        for client in self.clients:
            if client.failure:
                client.failure.add_note(self.up.output)
                raise client.failure

    def start_again(self) -> None:
        """Restart the service on whatever the killed one left behind."""
        self.up = self.new_up()
        self.up.__enter__()

    def wait_for_writes(self, count: int) -> None:
        operation = self.acknowledged + count
        wait_for(lambda: self.acknowledged >= operation or any(each.failure for each in self.clients), RECOVERY_SECONDS)

    def wait_until_writable(self) -> None:
        wait_for(lambda: self.up.process.poll() is None and self.is_ready(), RECOVERY_SECONDS)

    def is_ready(self) -> bool:
        with suppress(httpx.TransportError):
            return self.up.ask("GET", "/_readyz").status_code == 200
        return False

    def verify(self) -> None:
        """Raise AssertionError if anything differs from what the clients know."""
        self.reader.connect_to(self.up.port)
        self.follow()
        for client in self.clients:
            check_acknowledged(self.replica_copy, client)
        done = {id(write): was_done(self.replica_copy, write) for write in self.unsure()}
        self.counts["unanswered"] += len(done)
        self.counts["unanswered, but done"] += sum(done.values())
        for client in self.clients:
            client.connect_to(self.up.port)
            self.settle(client, done)
        news = self.follow()
        for client in self.clients:
            check_acknowledged(self.replica_copy, client)
        self.replica_copy.check_lists(self.reader, news)

    def settle(self, client: WritingClient, done: dict[int, bool]) -> None:
        """Repeat unacknowledged writes with an idempotency key, and accept the stored state for the others."""
        unsure, client.unsure = client.unsure, []
        for write in sorted(unsure, key=lambda each: each.kind == "fork"):
            if write.key:
                if write.kind == "fork" and not done[id(write)]:
                    # Of the current state.
                    fork = write.effects[0][0]
                    fork.contents = contents_of(client.writer, fork.source)
                was_replayed = client.send(write).headers.get("idempotency-replayed") == "true"
                assert was_replayed == done[id(write)], write
                self.counts["sent again"] += 1
            elif done[id(write)]:
                write.take_effect(None)
            else:
                write.forget()

    def unsure(self) -> list[Write]:
        return [write for client in self.clients for write in client.unsure]

    def follow(self) -> list[str]:
        forks = {each.marker for client in self.clients for each in client.writer.datasets if each.contents is not None}
        return self.replica_copy.follow(self.reader, self.database, forks)

    def end(self) -> None:
        for client in (self.reader, *self.clients):
            client.close()
        self.up.__exit__()
        for pid in processes_of(self.data_dir):
            kill(pid)

    def check_history(self) -> None:
        start = time.monotonic()
        checked = manage("check_history", seconds=CHECK_SECONDS, DATA_DIR=str(self.data_dir))
        self.counts["longest check in seconds"] = max(
            self.counts["longest check in seconds"], round(time.monotonic() - start)
        )
        assert checked.returncode == 0, checked.stdout

    def report(self) -> str:
        kinds: Counter[str] = Counter()
        for client in self.clients:
            kinds.update(client.kinds)
        outages = {name: f"{max(times):.1f}" for name, times in self.outages.items() if times}
        slowest = max(client.slowest for client in self.clients)
        return (
            f"{dict(self.counts)}; acknowledged {self.acknowledged}: {dict(kinds)}; "
            f"longest outage in seconds by victim {outages}; slowest answer {slowest:.1f} s"
        )
