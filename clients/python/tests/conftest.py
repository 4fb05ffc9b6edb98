"""One real service a session, a fresh dataset and a fresh cache a test."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from datasets_client import Client, Dataset, Retry
from tests.faulty_proxy import FaultyProxy
from tests.service import Service


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A running service; DATASETS_TEST_URL and DATASETS_TEST_API_KEY name one that runs already."""
    if url := os.environ.get("DATASETS_TEST_URL"):
        yield running_service(url)
        return
    started = Service(tmp_path_factory.mktemp("service"))
    yield started
    started.stop()


def running_service(url: str) -> Service:
    found = Service.__new__(Service)
    found.url, found.port = url, int(url.rpartition(":")[2])
    found.api_key = os.environ["DATASETS_TEST_API_KEY"]
    return found


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the settings, the cache or the CI of whoever runs it."""
    for name in ("DATASETS_URL", "DATASETS_API_KEY", "DATASETS_PROJECT", "CI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATASETS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def login(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a user of the service."""
    monkeypatch.setenv("DATASETS_URL", service.url)
    monkeypatch.setenv("DATASETS_API_KEY", service.api_key)


@pytest.fixture
def client(service: Service) -> Iterator[Client]:
    with Client(service.url, service.api_key, retry=Retry(20)) as made:
        yield made


@pytest.fixture
def name() -> str:
    return f"set-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def dataset(client: Client, name: str) -> Dataset:
    return client.create(name)


@pytest.fixture
def proxy(service: Service) -> Iterator[FaultyProxy]:
    made = FaultyProxy(service.port)
    yield made
    made.close()


@pytest.fixture
def proxied(proxy: FaultyProxy, service: Service) -> Iterator[Client]:
    """A client whose connections can be broken."""
    with Client(proxy.url, service.api_key, retry=Retry(20)) as made:
        yield made
