"""Clients that write as fast as the service responds, and remember which writes were acknowledged."""

import http.client
import json
import threading
import time
from typing import Any, NamedTuple

from tests.chaos.operations import Writer
from tests.chaos.tracked_objects import Write
from tests.service.up_process import manage

ANSWER_SECONDS = 60
PAUSE_SECONDS = 0.02


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: Any


class Unanswered(Exception):
    """It is unknown whether the write was done: the connection ended, or the service reported so."""


def make_key(**settings: str) -> tuple[str, str]:
    """Return the value of a new key with all scopes, and the id of its project."""
    made = manage(
        "create_api_key", "--email", "a@example.com", "--create-user", "--project-name", "Faults",
        "--label", "faults", "--scopes", "*", "--json", **settings,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    found = json.loads(made.stdout)
    return found["key"], str(found["project_id"])


class Client:
    """A client with one connection, reused as long as it works."""

    def __init__(self, project: str, key: str) -> None:
        self.project = project
        self.identity = {"Authorization": f"Bearer {key}"}
        self.connection: http.client.HTTPConnection | None = None

    def connect_to(self, port: int) -> None:
        self.close()
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)

    def close(self) -> None:
        if self.connection:
            self.connection.close()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send a request. Raises OSError or HTTPException without a complete response."""
        assert self.connection
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        sent = self.identity | {"Content-Type": "application/json"} | headers
        try:
            self.connection.request(method, f"/api/projects/{self.project}/{path}", data, sent)
            answer = self.connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise
        names = {name.lower(): value for name, value in answer.getheaders()}
        is_json = names.get("content-type", "").startswith("application/json")
        return Answer(answer.status, names, json.loads(content) if content and is_json else content or None)

    def read(self, path: str) -> bytes:
        """Return a response's bytes. Raises IncompleteRead if it is truncated."""
        assert self.connection
        self.connection.request("GET", f"/api/projects/{self.project}/{path}", headers=self.identity)
        answer = self.connection.getresponse()
        content = answer.read()
        assert answer.status == 200, content
        return content

    def get(self, path: str) -> Any:
        answer = self.ask("GET", path)
        assert answer.status == 200, answer
        return answer.body


class WritingClient(Client):
    """A client that writes in its own thread, between `start` and `end`."""

    def __init__(self, project: str, key: str, writer: Writer) -> None:
        super().__init__(project, key)
        self.writer = writer
        self.acknowledged = 0
        self.unsure: list[Write] = []
        self.kinds: dict[str, int] = {}
        self.slowest = 0.0
        self.cut_answers = 0
        self.stop = threading.Event()
        self.thread = threading.Thread()
        self.failure: BaseException | None = None

    def start(self, port: int) -> None:
        self.connect_to(port)
        self.stop.clear()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def end(self) -> None:
        self.stop.set()
        self.thread.join()

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                write = self.writer.next_write()
                if write:
                    self.carry_out(write)
        except BaseException as error:  # re-raised when the thread is joined
            self.failure = error

    def carry_out(self, write: Write) -> None:
        write.hold()
        try:
            self.send(write)
        except ConnectionRefusedError:
            write.forget()  # it was not sent
            self.stop.wait(PAUSE_SECONDS)
        except Unanswered:
            self.unsure.append(write)
            self.wait_until_available()

    def send(self, write: Write) -> Answer:
        """Send a write. Raises Unanswered; any other failure is an error of the service."""
        headers = {"Idempotency-Key": write.key} if write.key else {}
        start = time.monotonic()
        try:
            answer = self.ask(write.method, write.path, write.body, **headers, **{"Content-Type": write.content_type})
        except ConnectionRefusedError:
            raise
        except http.client.IncompleteRead:
            self.cut_answers += 1
            raise Unanswered from None
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered from error
        self.slowest = max(self.slowest, time.monotonic() - start)
        if answer.status == 503:
            assert list(answer.body)[:4] == ["type", "code", "detail", "attr"], answer
            assert int(answer.headers["retry-after"]) >= 1, answer
            raise Unanswered
        assert answer.status in {200, 201}, (write, answer)
        write.take_effect(answer.body)
        self.acknowledged += 1
        self.kinds[write.kind] = self.kinds.get(write.kind, 0) + 1
        return answer

    def wait_until_available(self) -> None:
        """Wait until the service is available, so that no further write is lost."""
        while not self.stop.wait(PAUSE_SECONDS):
            try:
                if self.ask("GET", "datasets/?limit=1").status == 200:
                    return
            except (OSError, http.client.HTTPException):
                continue
