"""Before anything is timed: do both services give the same answers, and the statements the rows they should?"""

import json
import re
import urllib.error
import urllib.request
from dataclasses import replace
from email.message import Message
from typing import Any, NamedTuple

from benchmarks import content
from benchmarks.load import LoadError, Request
from benchmarks.operations import ITEMS_PATH, Operation
from benchmarks.postgres_alone import check
from benchmarks.servers import Server
from benchmarks.statements import MAIN_DATASET

PLACEHOLDER = re.compile(r"{([a-z]+)}")
VALUES = {
    "item": content.ITEM_ID % 7,
    "project": str(content.FIRST_SMALL_PROJECT),
    "dataset": content.DATASET_ID % content.FIRST_SMALL_PROJECT,
    "unique": "only-once",
}
# Members that differ by nature from one service to the other.
OF_PEOPLE = ("id", "email")
WRITE_HEADERS: dict[str, set[str]] = {"GET": set(), "PATCH": {"updated_at"}, "POST": {"id", "created_at", "updated_at"}}


class Answer(NamedTuple):
    content: Any
    headers: Message


def check_operation(ours: Server, plain: Server | None, operation: Operation) -> None:
    check(ours.database, operation.script)
    request = tagged(ours, operation.request)
    our_answer = answer(ours, request).content
    if operation.name == "as_of100":
        check_past(ours, our_answer, request)
    elif operation.name == "create_idempotent":
        check_repeated(ours, our_answer, request)
    elif plain and not operation.beside:
        their_answer = answer(plain, request).content
        if request.status < 400:
            check_alike(operation.name, *(comparable(each, request.method) for each in (our_answer, their_answer)))


def check_alike(name: str, left: Any, right: Any) -> None:
    if left != right:
        raise LoadError(f"{name}: the services differ:\n{left}\n{right}"[:4000])


def check_past(ours: Server, past: Any, request: Request) -> None:
    """Writes since then only moved updated_at."""
    now = answer(ours, replace(request, path=request.path.partition("&revision=")[0])).content
    if comparable(past, "PATCH") != comparable(now, "PATCH") or not all(
        then["updated_at"] < item["updated_at"] for then, item in zip(past["results"], now["results"], strict=True)
    ):
        raise LoadError(f"{request.path}: not the same items in an older state.")


def check_repeated(ours: Server, created: Any, request: Request) -> None:
    again = answer(ours, request)
    if again.content != created or again.headers["Idempotency-Replayed"] != "true":
        raise LoadError(f"Sent again with its Idempotency-Key, a create was answered otherwise: {again}")


def check_size(server: Server) -> None:
    found = answer(server, Request(f"{ITEMS_PATH}?dataset={MAIN_DATASET}&limit=1")).content
    if found["count"] != server.database.items:
        raise LoadError(f"{found['count']} items instead of {server.database.items}.")


def tagged(server: Server, request: Request) -> Request:
    """With the present ETag where a header asks for it."""
    if not any("{etag}" in value for _, value in request.headers):
        return request
    tag = answer(server, replace(request, headers=(), status=200)).headers["ETag"]
    return replace(request, headers=tuple((name, value.replace("{etag}", tag)) for name, value in request.headers))


def answer(server: Server, request: Request) -> Answer:
    """Raises LoadError for another status than the request's."""
    url, body = (filled(text) for text in (request.path, request.body))
    headers = {name: filled(value) for name, value in request.headers}
    headers |= {"Authorization": f"Bearer {request.key}", "Content-Type": "application/json"}
    asked = urllib.request.Request(  # noqa: S310  our own address
        server.base + url, data=body.encode() or None, headers=headers, method=request.method
    )
    try:
        with urllib.request.urlopen(asked, timeout=30) as response:  # noqa: S310
            status, text = response.status, response.read()
    except urllib.error.HTTPError as error:
        response, status, text = error, error.code, error.read()
    if status != request.status:
        raise LoadError(f"{request.method} {server.base}{url}: {status} instead of {request.status}: {text[:1000]!r}")
    return Answer(json.loads(text) if text else None, response.headers)


def filled(text: str) -> str:
    return PLACEHOLDER.sub(lambda match: VALUES[match[1]], text)


def comparable(found: Any, method: str) -> Any:
    """The count and all of the results, or the item; of people and times only what both have alike."""
    if "results" in found:
        return found["count"], [comparable(item, method) for item in found["results"]]
    item = {name: value for name, value in found.items() if name not in WRITE_HEADERS[method]}
    return item | {"created_by": {name: found["created_by"][name] for name in OF_PEOPLE}}
