"""Pages by cursor in a running service, while others write to the dataset."""

from functools import partial
from random import Random
from typing import Any

import pytest

from items.models import DatasetItem
from tests.dataset_client import Body
from tests.http_connection import HTTPConnection, ServedProject, at_once
from tests.service_process import ServiceProcess

ITEMS, PAGE, WRITES = 120, 7, 60


@pytest.mark.parametrize("order", ["-created_at", "created_at"])
@pytest.mark.parametrize("more", ["", "&metadata__kept=true"])
def test_items_that_stay_are_returned_exactly_once(
    service: ServiceProcess, live_database: None, order: str, more: str
) -> None:
    project = ServedProject(service)
    dataset = project.new_dataset("busy")
    with project.wire() as wire:
        made = [new_item(project, wire, dataset) for _ in range(ITEMS)]
    archived = {item["id"] for item in made[::3]}
    query = f"?dataset={dataset}&order_by={order}&limit={PAGE}&fields=id{more}&cursor="
    scan = partial(fetch_all_ids, project, f"{project.items}{query}")

    *scans, _, _, _ = at_once([scan, scan, *(partial(write, project, dataset, made, seed) for seed in range(3))])

    assert DatasetItem.objects.count() == ITEMS + 3 * WRITES
    for ids in scans:
        assert len(ids) == len(set(ids)), "nothing is met twice"
        staying = [item["id"] for item in made if item["id"] not in archived]
        expected = staying if order == "created_at" else staying[::-1]
        assert [each for each in ids if each in set(staying)] == expected


def new_item(project: ServedProject, wire: HTTPConnection, dataset: str) -> Body:
    return dict(wire.ask("POST", project.items, {"dataset": dataset, "metadata": {"kept": True}}).json())


def write(project: ServedProject, dataset: str, made: list[Body], seed: int) -> None:
    """Create items, patch random ones, and archive every third."""
    random = Random(seed)  # noqa: S311
    with project.wire() as wire:
        for number in range(WRITES):
            new_item(project, wire, dataset)
            patched: Any = random.choice(made)
            wire.ask("PATCH", f"{project.items}{patched['id']}/", {"output": number})
            archived: Any = made[3 * random.randrange(len(made) // 3)]
            wire.ask("POST", f"{project.items}{archived['id']}/archive/")


def fetch_all_ids(project: ServedProject, path: str) -> list[str]:
    ids: list[str] = []
    link: str | None = path
    with project.wire() as wire:
        while link:
            page = wire.ask("GET", link.removeprefix(project.service.base)).json()
            ids += [each["id"] for each in page["results"]]
            link = page["next"]
    return ids
