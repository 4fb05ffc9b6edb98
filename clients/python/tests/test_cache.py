"""Pinned revisions are fetched once, and are the same bytes ever after."""

from __future__ import annotations

from pathlib import Path

import pytest

from datasets_client import Client, ConnectionFailed, ContentChanged, Dataset, Retry, RevisionsWentBackWarning
from datasets_client._lock import read_lock
from datasets_client._operations.locking import lock_dataset
from tests.faulty_proxy import FaultyProxy
from tests.service import Service


@pytest.fixture
def filled(dataset: Dataset) -> Dataset:
    dataset.push([{"input": number, "ref_source_id": str(number)} for number in range(50)])
    return dataset


def texts(dataset: Dataset) -> list[str]:
    return [item._subject.row.text for item in dataset]


def lock(client: Client, dataset: Dataset, path: Path) -> None:
    locked = read_lock(path, missing_ok=True)
    locked.put(client._driver.run(lock_dataset(dataset._subject)))
    locked.save()


def test_a_pinned_revision_is_the_same_after_edits_and_without_the_server(
    proxy: FaultyProxy, service: Service, filled: Dataset, name: str
) -> None:
    revision = filled.resolved_revision()
    with Client(proxy.url, service.api_key, retry=Retry(0)) as client:
        before = texts(client.dataset(name).at(revision))
        for number in range(20):
            filled[number].update(output="changed")
        filled["30"].archive()
        proxy.close()

    with Client(proxy.url, service.api_key, retry=Retry(0)) as client:
        with pytest.warns(UserWarning, match="away"):
            assert texts(client.dataset(name).at(revision)) == before
        assert texts(client.dataset(str(filled.id)).at(revision)) == before
        assert len(client.dataset(str(filled.id)).at(revision)) == 50
        assert client.dataset(str(filled.id)).at(revision)[-1].input == 49
        pinned = client.dataset(str(filled.id)).at(revision)
        assert pinned["30"] == pinned[pinned["30"].id] == pinned[30]
        with pytest.raises(ConnectionFailed):
            len(client.dataset(name))


def test_a_locked_dataset_needs_no_server_and_no_name(
    client: Client, proxy: FaultyProxy, filled: Dataset, name: str, tmp_path: Path
) -> None:
    path = tmp_path / "datasets.lock"
    lock(client, filled, path)
    before = texts(client.locked(name, path))
    proxy.close()

    with Client(proxy.url, "phx_none", retry=Retry(0)) as away:
        assert texts(away.locked(name, path)) == before
        assert away.locked(name, path).digest() == read_lock(path).get(name).digest


def test_a_cached_file_that_was_damaged_is_fetched_again(client: Client, filled: Dataset, tmp_path: Path) -> None:
    pinned = filled.latest
    before = texts(pinned)
    (path,) = (tmp_path / "cache" / "revisions").rglob("*.jsonl")
    path.write_text(path.read_text().replace("49", "48"))

    with Client(client.settings.url, client.settings.api_key) as fresh:
        assert texts(fresh.dataset(filled.name).at(pinned.resolved_revision())) == before


def put_in_cache(dataset: Dataset, revision: int, texts: list[str]) -> None:
    """Replace a cached revision, as if it had been read from another history of the dataset."""
    with dataset._subject.connection.cache.write(str(dataset.id), revision) as writer:
        for text in texts:
            writer.add(text.encode())


def test_a_cached_revision_of_a_lost_history_is_replaced_loudly(client: Client, filled: Dataset, name: str) -> None:
    revision, right = filled.resolved_revision(), texts(filled.latest)
    filled.tag("release-1")
    put_in_cache(filled, revision, [*right[:-1], right[0]])

    with Client(client.settings.url, client.settings.api_key) as later:
        with pytest.warns(RevisionsWentBackWarning, match="older backup"):
            assert texts(later.dataset(name).latest) == right
        assert texts(later.dataset(name).at("release-1")) == right


def test_a_cached_copy_of_an_erased_item_is_replaced(client: Client, filled: Dataset, name: str) -> None:
    filled.tag("release-1")
    texts(filled.at("release-1"))
    filled.erase_items([filled["7"].id], reason="a test")

    with Client(client.settings.url, client.settings.api_key) as later:
        pinned = later.dataset(name).at("release-1")
        assert [item.input for item in pinned][5:9] == [5, 6, None, 8]
        assert [item.input for item in later.dataset(name).at(pinned.resolved_revision())][7] is None


def test_content_that_is_not_what_was_locked_is_refused(
    client: Client, filled: Dataset, name: str, tmp_path: Path
) -> None:
    path = tmp_path / "datasets.lock"
    lock(client, filled, path)
    text = path.read_text()
    path.write_text(text.replace(text[text.index("sha256:") :][:71], "sha256:" + "0" * 64))

    with pytest.raises(ContentChanged, match="not what was locked"):
        texts(client.locked(name, path))


def test_nobody_else_can_read_the_cache(filled: Dataset, tmp_path: Path) -> None:
    texts(filled.latest)

    for path in (tmp_path / "cache" / "revisions").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
