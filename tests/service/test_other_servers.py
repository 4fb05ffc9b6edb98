"""The ASGI application on uvicorn instead of granian."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import emptied
from tests.service.conftest import Site
from tests.service.raw_connection import CHUNKED, FORM, GONE, JSON, chunk
from tests.service.scrape import scrape, value
from tests.service.streams.conftest import read_chunked, read_head
from tests.service_process import PROJECT_DIR, ServiceProcess, free_port
from tests.service_process import test_database_url as database_url
from tests.waiting import wait_for


class UvicornProcess(ServiceProcess):
    """uvicorn with two workers that share their metrics."""

    def __init__(self, metrics_dir: Path) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = tempfile.NamedTemporaryFile(prefix="uvicorn-", suffix=".log")  # noqa: SIM115  stop closes it
        command = ["uvicorn", "datasets_api.server.asgi:application", "--port", str(self.port), "--workers", "2"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=PROJECT_DIR,
            env=os.environ | {"DATABASE_URL": database_url(), "PROMETHEUS_MULTIPROC_DIR": str(metrics_dir)},
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        self.wait_until_ready()


@pytest.fixture(scope="module")
def furnished(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with emptied(django_db_blocker):
        service = UvicornProcess(tmp_path_factory.mktemp("metrics"))
        try:
            yield Site(service)
        finally:
            service.stop()


def test_items_are_written_and_read(site: Site) -> None:
    body = b'{"dataset": "%s", "input": "%s"}' % (str(site.dataset.id).encode(), b"x" * 500_000)

    made = site.ask(b"POST", headers=JSON, body=body)
    pieces = b"".join(chunk(body[at : at + 50_000]) for at in range(0, len(body), 50_000)) + chunk(b"")
    made_in_chunks = site.connect().ask(site.request(b"POST", headers=JSON + CHUNKED) + pieces)

    assert (made.status, made_in_chunks.status) == (201, 201)
    assert len(made.body) > 500_000


def test_files_are_imported_and_exported(site: Site) -> None:
    path = f"/api/projects/{site.people.project.id}/datasets/{site.dataset.id}"
    rows = b'{"input": "row"}\n' * 20_000

    answer = site.ask(b"POST", f"{path}/import/?import_format=jsonl".encode(), body=rows)
    wire = site.connect()
    wire.send(site.request(b"GET", f"{path}/export/?export_format=jsonl".encode()))
    read_head(wire)
    length, is_whole = read_chunked(wire)

    assert answer.status == 201
    assert is_whole
    assert length > len(rows)


@pytest.mark.parametrize("identity", [b"", b"Authorization: Bearer wrong\r\n"])
def test_a_large_body_without_access_is_rejected(identity: bytes, site: Site) -> None:
    wire = site.connect()
    with suppress(ConnectionError):
        wire.send(site.request(b"POST", headers=FORM + b"Content-Length: 20000000\r\n", identity=identity))

    answer = wire.read()

    assert answer
    assert answer.status == 401


@pytest.mark.parametrize("how", GONE)
def test_an_incomplete_body_stores_nothing_and_does_not_block_others(how: str, site: Site) -> None:
    before = site.stored()
    wires = [site.connect() for _ in range(20)]
    for wire in wires:
        wire.send(site.request(b"POST", headers=JSON + b"Content-Length: 1000\r\n") + b"{")
    assert site.ask().status == 200

    for wire in wires:
        GONE[how](wire)

    assert site.ask().status == 200
    assert site.stored() == before


def test_the_metrics_include_all_workers(site: Site) -> None:
    before = value(scrape(site.service.base), "datasets_http_requests_total", route="livez")
    for _ in range(20):
        assert httpx.get(f"{site.service.base}/_livez").status_code == 200

    assert value(scrape(site.service.base), "datasets_http_requests_total", route="livez") == before + 20
    wait_for(lambda: value(scrape(site.service.base), "datasets_worker_up") == 2, 10)
