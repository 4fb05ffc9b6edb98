"""A service that is away for a minute, and one that is restored from an older backup: with real processes and data."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from datasets_client import Client, Retry, RevisionsWentBackWarning
from tests.commands import dsets
from tests.service import Service

pytestmark = pytest.mark.slow
AWAY_SECONDS = 60


@pytest.fixture
def own_service(tmp_path: Path) -> Iterator[Service]:
    """A service that a test may stop."""
    started = Service(tmp_path)
    yield started
    started.stop()


def test_a_service_that_is_down_for_a_minute_is_waited_for(
    own_service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("datasets_client._operations.pushing.PART_ROWS", 100)

    def come_back() -> None:
        threading.Event().wait(AWAY_SECONDS)
        own_service.start()

    def rows() -> Iterator[dict[str, int]]:
        for number in range(1000):
            if number == 500:
                own_service.stop()
                threading.Thread(target=come_back).start()
            yield {"input": number}

    with Client(own_service.url, own_service.api_key) as client:
        dataset = client.create("golden")
        assert dataset.push(rows()).created == 1000
        assert [item.input for item in dataset] == list(range(1000))


def test_a_restored_backup_is_noticed(own_service: Service, tmp_path: Path) -> None:
    settings = {"DATASETS_URL": own_service.url, "DATASETS_API_KEY": own_service.api_key}
    data, backup, repository = own_service.folder / "data", tmp_path / "backup", tmp_path / "repository"
    repository.mkdir()
    client = Client(own_service.url, own_service.api_key, retry=Retry(20))
    dataset = client.create("golden")
    dataset.push([{"input": "in the backup"}])
    own_service.stop()
    shutil.copytree(data, backup)
    own_service.start()
    dataset.push([{"input": "lost"}])
    assert dsets("lock", "golden", cwd=repository, **settings).code == 0
    assert [item.input for item in dataset.latest] == ["in the backup", "lost"]

    own_service.stop()
    shutil.rmtree(data)
    shutil.move(backup, data)
    own_service.start()

    check = dsets("lock", "--check", cwd=repository, **settings)
    assert (check.code, "WENT BACK IN TIME" in check.out) == (1, True)
    dataset.push([{"input": "written after"}])
    check = dsets("lock", "--check", cwd=repository, **settings)
    assert (check.code, "not what was locked" in check.out) == (1, True)
    with Client(own_service.url, own_service.api_key) as later, pytest.warns(RevisionsWentBackWarning):
        assert [item.input for item in later.dataset("golden").latest] == ["in the backup", "written after"]
