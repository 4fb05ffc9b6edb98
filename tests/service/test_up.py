"""`manage.py up`: the service is started and stopped as users do it, in its own process."""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from datasets_api.postgres.embedded import EmbeddedPostgres
from datasets_api.server.addresses import Address, free_address
from datasets_api.version import VERSION
from tests.service.up_process import WORKERS, Up, hangups, manage, processes_of
from tests.service_process import free_port
from tests.service_process import test_database_url as database_url
from tests.waiting import WAIT_SECONDS, wait_for

SECRET_KEY = "tests-only-" + "x" * 50


@dataclass
class FirstStart:
    data_dir: Path
    output: str
    line: str
    answer: subprocess.CompletedProcess[str]
    key: str
    project_id: int
    dataset_id: str

    @property
    def path(self) -> str:
        return f"/api/projects/{self.project_id}"

    def names(self, up: Up) -> list[str]:
        """Return the names of the datasets."""
        answer = up.ask("GET", f"{self.path}/datasets/", self.key)
        return [each["name"] for each in answer.raise_for_status().json()["results"]]


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> FirstStart:
    """The first start with an empty folder, after which the printed command and key create one dataset."""
    data_dir = tmp_path_factory.mktemp("first") / "data"
    with Up(data_dir) as up:
        line = next(each.strip() for each in up.output.splitlines() if each.strip().startswith("curl "))
        answer = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
        key, project_id = re.search(r"Bearer (\S+)'", line)[1], re.search(r"/projects/(\d+)/", line)[1]  # type: ignore[index]
        made = up.ask("POST", f"/api/projects/{project_id}/datasets/", key, {"name": "Kept"})
    return FirstStart(data_dir, up.output, line, answer, key, int(project_id), made.json()["id"])


@pytest.fixture
def data_dir(first_start: FirstStart, tmp_path: Path) -> Iterator[Path]:
    """A copy of the data folder after the first start."""
    copy = Path(shutil.copytree(first_start.data_dir, tmp_path / "data", symlinks=True))
    yield copy
    for pid in processes_of(copy):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_the_first_start_prints_a_request_that_works_as_pasted(first_start: FirstStart) -> None:
    assert first_start.answer.returncode == 0
    assert json.loads(first_start.answer.stdout) == {"count": 0, "next": None, "previous": None, "results": []}
    assert first_start.output.count(first_start.key) == 3
    assert "Traceback" not in first_start.output


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_later_start_finds_the_data_and_a_signal_stops_everything(
    first_start: FirstStart, data_dir: Path, number: signal.Signals
) -> None:
    with hangups(signal.SIG_DFL):
        up = Up(data_dir)

    with up:
        names = first_start.names(up)
        running = processes_of(data_dir)
        if number == signal.SIGINT:
            # A terminal sends the signal to the whole process group.
            os.killpg(up.process.pid, number)
            exit_code = up.process.wait(WAIT_SECONDS)
        else:
            exit_code = up.stop(number)

    assert names == ["Kept"]
    assert len(running) > 1 + WORKERS
    assert processes_of(data_dir) == set()
    assert exit_code == 0
    documentation = f"{up.base}/api/schema/swagger-ui/"
    assert up.output == f"Datasets API {VERSION}\nListening on {up.base}  (documentation: {documentation})\n"


def test_nohup_keeps_it_running_when_the_terminal_is_closed(data_dir: Path) -> None:
    with hangups(signal.SIG_IGN):
        up = Up(data_dir)

    with up:
        up.process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        assert up.ask("GET", "/_readyz").status_code == 200


def test_a_second_start_names_the_conflict(first_start: FirstStart, data_dir: Path, tmp_path: Path) -> None:
    with Up(data_dir) as up:
        same_folder = manage("up", "--port", str(free_port()), DATA_DIR=str(data_dir))
        same_port = manage("up", "--port", str(up.port), DATA_DIR=str(tmp_path / "other"))
        names = first_start.names(up)

    assert (same_folder.returncode, same_folder.stdout) == (1, "")
    assert same_folder.stderr == (
        f"CommandError: {data_dir} is in use by process {up.process.pid}: stop it, or set DATA_DIR to another folder.\n"
    )
    assert (same_port.returncode, same_port.stdout) == (1, "")
    assert same_port.stderr == (
        f"CommandError: Cannot listen on 127.0.0.1:{up.port}: Address already in use. "
        "Choose another with --host and --port.\n"
    )
    assert names == ["Kept"]


def create_key(data_dir: Path) -> dict[str, Any]:
    made = manage(
        "create_api_key", "--email", "ada@example.com", "--create-user", "--project-name", "Default project",
        "--label", "Laptop", "--scopes", "dataset:read", "--json", DATA_DIR=str(data_dir),
    )  # fmt: skip
    assert (made.returncode, made.stderr) == (0, "")
    printed: dict[str, Any] = json.loads(made.stdout)
    return printed


def test_keys_are_made_while_it_runs_and_while_it_does_not(first_start: FirstStart, data_dir: Path) -> None:
    before = create_key(data_dir)
    between = processes_of(data_dir)
    with Up(data_dir) as up:
        during = create_key(data_dir)
        path = f"/api/projects/{before['project_id']}/datasets/"
        statuses = [up.ask("GET", path, made["key"]).status_code for made in (before, during)]

    assert statuses == [200, 200]
    assert before["user_id"] == during["user_id"]
    assert (between, processes_of(data_dir)) == (set(), set())


def test_a_command_makes_no_database(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"

    done = manage("create_user", "--email", "ada@example.com", DATA_DIR=str(data_dir))

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"manage.py: {data_dir} contains no database, and none was created.")
    assert not data_dir.exists()


def test_two_that_start_at_once_on_one_new_database_make_one_key(
    tmp_path: Path, django_db_setup: None, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        server = database_url()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE shared")
        settings = {"DATABASE_URL": re.sub(r"@/[^?]+", "@/shared", server), "SECRET_KEY": SECRET_KEY}
        try:
            with Up(tmp_path / "one", **settings) as one, Up(tmp_path / "two", **settings) as two:
                ready = [up.ask("GET", "/_readyz").status_code for up in (one, two)]
        finally:
            connection.execute("DROP DATABASE shared WITH (FORCE)")

    assert ready == [200, 200]
    assert (one.output + two.output).count("First start") == 1


@pytest.mark.parametrize("start_method", ["fork", "spawn"])
def test_a_killed_service_leaves_nothing_running_and_can_be_restarted(
    start_method: str, first_start: FirstStart, data_dir: Path
) -> None:
    with Up(data_dir, "--start-method", start_method) as killed:
        workers = killed.workers
        killed.process.kill()
        killed.process.wait()
        wait_for(lambda: processes_of(data_dir) == set(), 10)

    assert len(workers) == WORKERS
    again = manage("list_api_keys", "--json", DATA_DIR=str(data_dir))
    assert [each["label"] for each in json.loads(again.stdout)] == ["First key"]
    with Up(data_dir, "--start-method", start_method) as up:
        assert first_start.names(up) == ["Kept"]
    assert processes_of(data_dir) == set()


def test_a_killed_service_can_be_restarted_at_once(first_start: FirstStart, data_dir: Path) -> None:
    """PostgreSQL may still be stopping."""
    with Up(data_dir) as killed:
        killed.process.kill()
        killed.process.wait()
        with Up(data_dir) as up:
            assert first_start.names(up) == ["Kept"]
            time.sleep(1)
            assert first_start.names(up) == ["Kept"]
    assert processes_of(data_dir) == set()


@pytest.mark.parametrize("start_method", ["fork", "spawn"])
def test_a_killed_worker_is_replaced(start_method: str, first_start: FirstStart, data_dir: Path) -> None:
    with Up(data_dir, "--start-method", start_method) as up:
        before = up.workers
        victim = min(before)
        os.kill(victim, signal.SIGKILL)
        wait_for(lambda: victim not in up.workers and len(up.workers) == WORKERS)
        wait_for(up.is_answering)
        names = [first_start.names(up) for _ in range(10)]
        exit_code = up.stop()

    assert names == [["Kept"]] * 10
    assert exit_code == 0
    # The resource tracker of multiprocessing ends slightly later.
    wait_for(lambda: processes_of(data_dir) == set(), 5)


def test_a_request_in_progress_is_finished_before_the_stop(first_start: FirstStart, data_dir: Path) -> None:
    answers: list[httpx.Response] = []
    body = {"dataset": first_start.dataset_id, "input": {"q": 1}}
    url = EmbeddedPostgres(data_dir).url
    with Up(data_dir) as up, psycopg.connect(url) as blocker, psycopg.connect(url, autocommit=True) as watcher:
        blocker.execute("LOCK TABLE dataset_head")
        path = f"{first_start.path}/dataset_items/"
        sender = threading.Thread(target=lambda: answers.append(up.ask("POST", path, first_start.key, body)))
        sender.start()
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        wait_for(lambda: watcher.execute(waiting).fetchone() == (1,))
        up.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        unfinished = up.process.poll() is None and not answers
        blocker.rollback()
        sender.join(WAIT_SECONDS)
        exit_code = up.process.wait(WAIT_SECONDS)

    assert unfinished
    assert [(answer.status_code, answer.json()["input"]) for answer in answers] == [(201, {"q": 1})]
    assert exit_code == 0
    assert processes_of(data_dir) == set()


def write_until_it_is_gone(up: Up, first_start: FirstStart, acknowledged: list[str]) -> None:
    """Write until the service stops. A connection may end before a response, but not within one."""
    body = json.dumps({"dataset": first_start.dataset_id, "input": "x" * 1000})
    headers = {"Authorization": f"Bearer {first_start.key}", "Content-Type": "application/json"}
    connection = http.client.HTTPConnection("127.0.0.1", up.port, timeout=WAIT_SECONDS)
    while True:
        try:
            connection.request("POST", f"{first_start.path}/dataset_items/", body, headers)
            answer = connection.getresponse()
        except ConnectionRefusedError:
            return
        except ConnectionError:
            connection.close()
        else:
            content = answer.read()
            assert answer.status == 201
            acknowledged.append(json.loads(content)["id"])


def test_a_stop_under_load_cuts_no_response_and_loses_no_write(first_start: FirstStart, data_dir: Path) -> None:
    acknowledged: list[str] = []
    with Up(data_dir) as up:
        writers = [
            threading.Thread(target=write_until_it_is_gone, args=[up, first_start, acknowledged]) for _ in range(6)
        ]
        for writer in writers:
            writer.start()
        wait_for(lambda: len(acknowledged) > 200)
        exit_code = up.stop()
        for writer in writers:
            writer.join(WAIT_SECONDS)
    with Up(data_dir) as up:
        count = up.ask("GET", f"{first_start.path}/dataset_items/?limit=1", first_start.key).json()["count"]

    assert exit_code == 0
    assert count >= len(set(acknowledged)) == len(acknowledged)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"RATE_LIMIT_BURST": "abc"}, "RATE_LIMIT_BURST and RATE_LIMIT_SUSTAINED: 'abc' is not a rate"),
        ({"PROXY_COUNT": "-1"}, "PROXY_COUNT must be a whole number of at least 0, not '-1'."),
        ({"DATABASE_URL": "postgresql://127.0.0.1/x"}, "SECRET_KEY (or SECRET_KEY_FILE) must be set"),
        ({"DATABASE_URL": "mysql://127.0.0.1/x", "SECRET_KEY": SECRET_KEY}, "DATABASE_URL must name a PostgreSQL"),
        ({"DATABASE_URL": "postgresql://h:p/x", "SECRET_KEY": SECRET_KEY}, "DATABASE_URL is invalid"),
        ({"DATA_DIR": "/dev/null/x"}, "/dev/null/x cannot be used: "),
    ],
)
def test_an_invalid_setting_stops_the_start_with_one_line(
    tmp_path: Path, setting: dict[str, str], message: str
) -> None:
    done = manage("up", "--port", str(free_port()), **({"DATA_DIR": str(tmp_path / "data")} | setting))

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(f"manage.py: {message}")


def test_an_unavailable_database_stops_the_start_with_a_message() -> None:
    settings = {"DATABASE_URL": "postgresql://127.0.0.1:1/x", "SECRET_KEY": SECRET_KEY}

    done = manage("up", "--port", str(free_port()), **settings)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("CommandError: The database cannot be used: connection failed")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("option", "value", "code", "message"),
    [
        ("--workers", "0", 2, "argument --workers: must be at least 1"),
        ("--threads", "0", 2, "argument --threads: must be at least 1"),
        ("--port", "99999", 2, "argument --port: must be at most 65535"),
        ("--port", "0", 2, "argument --port: must be at least 1"),
        ("--port", "http", 2, "argument --port: invalid port_number value: 'http'"),
        ("--host", "no.such.invalid", 1, "Cannot listen on no.such.invalid:8000"),
    ],
)
def test_a_broken_option_stops_the_start_in_words(
    tmp_path: Path, option: str, value: str, code: int, message: str
) -> None:
    done = manage("up", option, value, DATA_DIR=str(tmp_path / "data"))

    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104
        ("::1", "http://[::1]:8000"),
        ("::", "http://[::1]:8000"),
    ],
)
def test_the_printed_address_works_on_this_machine(host: str, url: str) -> None:
    assert Address(host, 8000).url == url


def test_a_host_name_prefers_ipv4() -> None:
    assert free_address("localhost", free_port()).ip == "127.0.0.1"
