"""The requests that are counted: fixed texts on fixed data, numbered so that each write is a new one."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks import content

# Of the large dataset. More would change the plans of PostgreSQL, whose work is not counted.
ITEMS = 10_000
BULK_ITEMS = 1000
ITEMS_PATH = f"/api/projects/{content.PROJECT}/dataset_items/"
DATASET_ID = content.DATASET_ID % content.PROJECT
PAGE_PATH = f"{ITEMS_PATH}?dataset={DATASET_ID}"
# The later API, whose pages have at most 25 items.
V2 = "/v2"
INPUT_TEXT = content.json_text(content.INPUT, content.INPUT_FILLERS)
OUTPUT_TEXT = content.json_text(content.OUTPUT, content.OUTPUT_FILLERS)


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    body: str = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Operation:
    request: Callable[[int], Request]  # the one of this number
    count: int
    # psycopg prepares a statement at its sixth execution; the interpreter specializes its code during the first.
    warm_up: int = 30


def get(path: str) -> Callable[[int], Request]:
    return lambda _: Request("GET", path)


def retrieve(number: int) -> Request:
    return Request("GET", item_path(number))


def retrieve_v2(number: int) -> Request:
    return Request("GET", f"{V2}{item_path(number)}")


def patch(number: int) -> Request:
    return Request("PATCH", item_path(number), f'{{"metadata":{metadata_text(number)}}}')


def create(number: int) -> Request:
    return Request("POST", ITEMS_PATH, f'{{"dataset":"{DATASET_ID}",{item_members(number)}}}', status=201)


def bulk(number: int) -> Request:
    first = BULK_ITEMS * number
    items = ",".join(f"{{{item_members(each)}}}" for each in range(first, first + BULK_ITEMS))
    return Request("POST", f"{ITEMS_PATH}bulk/", f'{{"dataset":"{DATASET_ID}","items":[{items}]}}')


def item_path(number: int) -> str:
    return f"{ITEMS_PATH}{content.ITEM_ID % (1 + number)}/"


def item_members(number: int) -> str:
    return (
        f'"input":{INPUT_TEXT},"output":{OUTPUT_TEXT},"metadata":{metadata_text(number)},'
        f'"ref_trace_id":"trace-{number:032x}"'
    )


def metadata_text(number: int) -> str:
    return content.json_text(content.METADATA, content.METADATA_FILLERS, unique=f"{number:032x}")


# Reads come first, so that they find the data unchanged.
SERVICE = {
    "retrieve": Operation(retrieve, 100),
    "list_10": Operation(get(f"{PAGE_PATH}&limit=10"), 100),
    "list_25": Operation(get(f"{PAGE_PATH}&limit=25"), 100),
    "list_100": Operation(get(f"{PAGE_PATH}&limit=100"), 50),
    "list_100_deep": Operation(get(f"{PAGE_PATH}&limit=100&offset={ITEMS * 9 // 10}"), 50),
    "v2_retrieve": Operation(retrieve_v2, 100),
    "v2_list_25": Operation(get(f"{V2}{PAGE_PATH}&limit=25"), 100),
    "patch": Operation(patch, 100),
    "create": Operation(create, 100),
    "bulk_1000": Operation(bulk, 4, warm_up=8),
}
EMPTY = {
    "empty_drf": Operation(get("/empty_drf/"), 100),
    "empty_django": Operation(get("/empty_django/"), 100),
}
