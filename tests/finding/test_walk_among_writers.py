"""A walk by cursor through a running service, while others write to the dataset."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from tests.history.scene import Body
from tests.history.wire import Wire, at_once
from tests.people import Everyone, key
from tests.service_process import ServiceProcess

ITEMS, PAGE, WRITES = 120, 7, 60


@pytest.mark.parametrize("order", ["-created_at", "created_at"])
@pytest.mark.parametrize("more", ["", "&metadata__kept=true"])
def test_what_was_there_all_the_time_is_met_exactly_once(
    service: ServiceProcess, live_database: None, order: str, more: str
) -> None:
    people = Everyone()
    token, base = key(people.owner), f"/api/projects/{people.project.id}"
    with Wire(service, token) as wire:
        dataset = wire.ask("POST", f"{base}/datasets/", {"name": "busy"}).json()["id"]
        made = [new_item(wire, base, dataset) for _ in range(ITEMS)]
    archived = {item["id"] for item in made[::3]}
    walks: list[list[str]] = []

    def walk() -> None:
        query = f"?dataset={dataset}&order_by={order}&limit={PAGE}&fields=id{more}&cursor="
        walks.append(walked(service, token, f"{base}/dataset_items/{query}"))

    at_once([walk, walk, *(writer(service, token, base, dataset, made, seed) for seed in range(3))])

    for ids in walks:
        assert len(ids) == len(set(ids)), "nothing is met twice"
        staying = [item["id"] for item in made if item["id"] not in archived]
        expected = staying if order == "created_at" else staying[::-1]
        assert [each for each in ids if each in set(staying)] == expected


def new_item(wire: Wire, base: str, dataset: str) -> Body:
    body = {"dataset": dataset, "metadata": {"kept": True}}
    return dict(wire.ask("POST", f"{base}/dataset_items/", body).json())


def writer(
    service: ServiceProcess, token: str, base: str, dataset: str, made: list[Body], seed: int
) -> Callable[[], None]:
    """Creates, patches any, and archives each third."""

    def write() -> None:
        random = Random(seed)  # noqa: S311
        with Wire(service, token) as wire:
            for number in range(WRITES):
                new_item(wire, base, dataset)
                patched: Any = random.choice(made)
                wire.ask("PATCH", f"{base}/dataset_items/{patched['id']}/", {"output": number})
                archived: Any = made[3 * random.randrange(len(made) // 3)]
                wire.ask("POST", f"{base}/dataset_items/{archived['id']}/archive/")

    return write


def walked(service: ServiceProcess, token: str, path: str) -> list[str]:
    ids: list[str] = []
    link: str | None = path
    with Wire(service, token) as wire:
        while link:
            page = wire.ask("GET", link.removeprefix(service.base)).json()
            ids += [each["id"] for each in page["results"]]
            link = page["next"]
    return ids
