"""The requests whose cost is measured as the items grow in number, as functions of the dataset's size."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import md5
from uuid import UUID

from benchmarks import content
from benchmarks.instructions.workload import (
    BULK_ITEMS,
    DATASET_ID,
    ITEMS_PATH,
    PAGE_PATH,
    Request,
    bulk,
    create,
    get,
    item_path,
    metadata_text,
    retrieve_v2,
)

DATASETS_PATH = f"/api/projects/{content.PROJECT}/datasets/"
DATASET_PATH = f"{DATASETS_PATH}{DATASET_ID}"
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
# Odd and far from any size: successive numbers then lie all over the dataset.
STRIDE = 2_654_435_761
# Items that are read and patched again and again, so that their pages are in shared_buffers at every size.
HOT_ITEMS = 100
# Every item is written once, and then once more.
VERSIONS = 2
SEARCHED_TEXT = "no item has this text"


@dataclass(frozen=True)
class Operation:
    request: Callable[[int], Request]  # the one of this number; no number comes twice
    count: int = 20  # of a round
    warm_up: int = (
        12  # PostgreSQL settles on a plan at the sixth execution; the interpreter specializes its code earlier
    )
    is_constant: bool = True  # whether the size must not matter
    max_rounds: int | None = None


def operations(items: int) -> dict[str, Operation]:
    """In the order in which they are measured: writes last, and the linear ones behind them."""
    return single_reads(items) | reads(items) | offsets(items) | writes(items) | linear()


def reads(items: int) -> dict[str, Operation]:
    half, updated_half = items // 2, items * 3 // 2
    batch = md5(str(half).encode()).hexdigest()  # noqa: S324  as the data are made
    page = f"{PAGE_PATH}&limit=100"
    requests: dict[str, Callable[[int], Request]] = {
        "list 10": get(f"{PAGE_PATH}&limit=10"),
        "list 100": get(page),
        "list 100 of the project": get(f"{ITEMS_PATH}?limit=100"),
        "list 100 from the oldest": get(f"{page}&order_by=created_at"),
        "list 100 by cursor": get(f"{page}&cursor="),
        "list 100 by cursor in the middle": get(f"{page}&cursor={cursor_after(half)}"),
        "item by a metadata value": get(f"{PAGE_PATH}&limit=10&metadata__batch={batch}"),
        "past list 100 at half of the items": get(f"{page}&revision={half}"),
        "past list 100 at half of the updates": get(f"{page}&revision={updated_half}"),
        "changes 100": get(f"{DATASET_PATH}/changes/?limit=100&since_revision={updated_half}"),
        "diff of 100 changes": get(f"{DATASET_PATH}/diff/?limit=100&from={updated_half}&to={updated_half + 100}"),
        "revisions 100": get(f"{DATASET_PATH}/revisions/?limit=100"),
        "digest that is known": get(f"{DATASET_PATH}/digest/?revision=10"),
        "datasets": get(DATASETS_PATH),
    }
    return {name: Operation(request) for name, request in requests.items()}


def single_reads(items: int) -> dict[str, Operation]:
    def hot(number: int) -> int:
        return spread(number % HOT_ITEMS, items)

    return {
        "retrieve": Operation(lambda number: Request("GET", item_path(hot(number))), warm_up=HOT_ITEMS),
        "v2 retrieve": Operation(lambda number: retrieve_v2(hot(number)), warm_up=HOT_ITEMS),
        "past version": Operation(
            lambda number: Request("GET", f"{item_path(hot(number))}?version=1"), warm_up=HOT_ITEMS
        ),
        # Their pages come from the system, or from the disk.
        "retrieve ever another item": Operation(
            lambda number: Request("GET", item_path(spread(HOT_ITEMS + number, items))), is_constant=False
        ),
    }


def offsets(items: int) -> dict[str, Operation]:
    """Pages that walk as many index entries as their offset says."""
    return {
        f"list 100 {place} in": Operation(get(f"{PAGE_PATH}&limit=100&offset={offset}"), count=4, is_constant=False)
        for place, offset in (("a tenth", items // 10), ("half", items // 2))
    }


def writes(items: int) -> dict[str, Operation]:
    # A kept database has what earlier runs wrote.
    first = secrets.randbits(64)

    def patch(number: int) -> Request:
        return Request(
            "PATCH", item_path(spread(number % HOT_ITEMS, items)), f'{{"metadata":{metadata_text(first + number)}}}'
        )

    def create_once(number: int) -> Request:
        request = create(first + number)
        key = f"growth-{first + number}"
        return Request(request.method, request.path, request.body, request.status, (("idempotency-key", key),))

    return {
        "patch": Operation(patch, warm_up=HOT_ITEMS),
        "create": Operation(lambda number: create(first + number)),
        "create with Idempotency-Key": Operation(create_once),
        f"bulk of {BULK_ITEMS}": Operation(lambda number: bulk(first + number), count=1),
    }


def linear() -> dict[str, Operation]:
    """Requests that read the whole dataset, within a time limit."""
    paths = {
        "search that finds nothing": f"{PAGE_PATH}&search={SEARCHED_TEXT.replace(' ', '%20')}",
        "stats": f"{DATASET_PATH}/stats/",
        "duplicates by input": f"{DATASET_PATH}/duplicates/?on=input",
    }
    return {
        name: Operation(get(path), count=1, warm_up=1, is_constant=False, max_rounds=3) for name, path in paths.items()
    }


def spread(number: int, items: int) -> int:
    """A place in the dataset for workload.item_path(), which counts from 0."""
    return number * STRIDE % items


def cursor_after(number: int) -> str:
    """The cursor behind the item of this number."""
    from items.cursors import Cursor  # noqa: PLC0415  after setup()
    from items.search.listing import ItemList  # noqa: PLC0415
    from items.search.query import ListQuery  # noqa: PLC0415

    key = BEGINNING + number * timedelta(seconds=1.1), UUID(content.ITEM_ID % number)
    return str(ItemList(content.PROJECT, UUID(DATASET_ID), ListQuery()).encode(Cursor(key)))
