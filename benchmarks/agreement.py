"""Before anything is timed: do both services give the same answers, and the statements the rows they should?"""

import json
import re
import urllib.error
import urllib.request
from typing import Any

from benchmarks import content
from benchmarks.load import LoadError, Request
from benchmarks.operations import ITEMS_PATH, MAIN_DATASET, Operation
from benchmarks.postgres_alone import check
from benchmarks.servers import Server

PLACEHOLDER = re.compile(r"{([a-z]+)}")
VALUES = {
    "item": content.ITEM_ID % 7,
    "project": str(content.FIRST_SMALL_PROJECT),
    "dataset": content.DATASET_ID % content.FIRST_SMALL_PROJECT,
    "unique": "only-once",
}
# What differs by its nature from one service to the other.
OF_PEOPLE = ("id", "email")
OF_WRITES = {"GET": set(), "PATCH": {"updated_at"}, "POST": {"id", "created_at", "updated_at"}}


def check_operation(ours: Server, plain: Server | None, operation: Operation) -> None:
    check(ours.database, operation.script)
    request = operation.request
    our_answer = answer(ours, request)
    if plain and request.status < 400:
        left, right = (comparable(each, request.method) for each in (our_answer, answer(plain, request)))
        if left != right:
            raise LoadError(f"{operation.name}: the services differ:\n{left}\n{right}"[:4000])
    elif plain:
        answer(plain, request)


def check_size(server: Server) -> None:
    found = answer(server, Request(f"{ITEMS_PATH}?dataset={MAIN_DATASET}&limit=1"))
    if found["count"] != server.database.items:
        raise LoadError(f"{found['count']} items instead of {server.database.items}.")


def answer(server: Server, request: Request) -> Any:
    url, body = (PLACEHOLDER.sub(lambda match: VALUES[match[1]], text) for text in (request.path, request.body))
    headers = {"Authorization": f"Bearer {request.key}", "Content-Type": "application/json"}
    asked = urllib.request.Request(  # noqa: S310  our own address
        server.base + url, data=body.encode() or None, headers=headers, method=request.method
    )
    try:
        with urllib.request.urlopen(asked, timeout=30) as response:  # noqa: S310
            status, text = response.status, response.read()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read()
    if status != request.status:
        raise LoadError(f"{request.method} {server.base}{url}: {status} instead of {request.status}: {text[:1000]!r}")
    return json.loads(text)


def comparable(found: Any, method: str) -> Any:
    """The count and all of the results, or the item; of people and times only what both have alike."""
    if "results" in found:
        return found["count"], [comparable(item, method) for item in found["results"]]
    item = {name: value for name, value in found.items() if name not in OF_WRITES[method]}
    return item | {"created_by": {name: found["created_by"][name] for name in OF_PEOPLE}}
