"""The measured operations, each as an HTTP request and as the statements that our service runs for it."""

import hashlib
import json
from dataclasses import dataclass

from benchmarks import content, statements
from benchmarks.load import Request
from benchmarks.postgres_alone import Script
from benchmarks.statements import INPUT_TEXT, MAIN_DATASET, OUTPUT_TEXT

ITEMS_PATH = f"/api/projects/{content.PROJECT}/dataset_items/"
NEW_METADATA = content.json_text(content.METADATA, content.METADATA_FILLERS, unique="{unique}")


@dataclass(frozen=True)
class Operation:
    name: str
    request: Request
    script: Script
    versions: int = 1  # of each item of the large dataset
    # Instead of the plain service, which has nothing of the kind: our operation that takes turns with this one.
    beside: str = ""


def operations(items: int) -> dict[str, Operation]:
    """On a dataset of so many items. Reads come first, then patches, then creates: each finds what it expects."""
    made = [
        Operation("retrieve", Request(f"{ITEMS_PATH}{{item}}/"), statements.retrieve()),
        page("list10", limit=10),
        page("list100", limit=100),
        page("list100_unfiltered", limit=100, filtered=False),
        page("list100_deep", limit=100, offset=items * 9 // 10),
        page("list100_colleague", limit=100, key=content.COLLEAGUE_KEY),
        page_as_of("as_of100", limit=100, revision=old_revision(items)),
        page_by_cursor(),
        found_by_metadata(),
        not_modified(),
        unauthorized(),
        patch(),
        create_in_small_one(),
        create(),
        create_once(),
    ]
    return {operation.name: operation for operation in made}


def old_revision(items: int) -> int:
    """In the middle of the third of five rounds: half of the items were at version 2, half at version 3."""
    return 1 + items + items * 3 // 2


def page(
    name: str, *, limit: int, offset: int = 0, filtered: bool = True, key: str = content.CALLER_KEY
) -> Operation:  # fmt: skip
    path = f"{ITEMS_PATH}?limit={limit}"
    path += f"&dataset={MAIN_DATASET}" if filtered else ""
    path += f"&offset={offset}" if offset else ""
    script = statements.page(limit=limit, offset=offset, filtered=filtered, key=key)
    return Operation(name, Request(path, key=key), script)


def page_as_of(name: str, *, limit: int, revision: int) -> Operation:
    request = Request(f"{ITEMS_PATH}?limit={limit}&dataset={MAIN_DATASET}&revision={revision}")
    script = statements.page_as_of(limit=limit, revision=revision)
    return Operation(name, request, script, versions=content.VERSIONS, beside="list100")


def page_by_cursor() -> Operation:
    request = Request(f"{ITEMS_PATH}?limit=100&dataset={MAIN_DATASET}&cursor=")
    return Operation("cursor100", request, statements.page_by_cursor(limit=100), beside="list100")


def found_by_metadata() -> Operation:
    """One item of all, by its index."""
    batch = hashlib.md5(b"777").hexdigest()  # noqa: S324  as the data are made
    request = Request(f"{ITEMS_PATH}?limit=10&dataset={MAIN_DATASET}&metadata__batch={batch}")
    script = statements.found({"metadata__batch": batch}, rows=1)
    return Operation("found_by_metadata", request, script, beside="list10")


def not_modified() -> Operation:
    headers = (("If-None-Match", "{etag}"),)
    request = Request(f"{ITEMS_PATH}?limit=100&dataset={MAIN_DATASET}", headers=headers, status=304)
    return Operation("list100_not_modified", request, statements.not_modified(), beside="list100")


def unauthorized() -> Operation:
    """A key that nobody has; without any key no statement would be needed."""
    key = content.UNKNOWN_KEY
    return Operation(
        "unauthorized", Request(f"{ITEMS_PATH}?limit=1", key=key, status=401), statements.refused(key)
    )  # fmt: skip


def patch() -> Operation:
    request = Request(f"{ITEMS_PATH}{{item}}/", method="PATCH", body=f'{{"metadata":{NEW_METADATA}}}')
    return Operation("patch", request, statements.patch())


def create_request(project: object, dataset: str, *headers: tuple[str, str]) -> Request:
    body = (
        f'{{"dataset":{json.dumps(dataset)},"input":{INPUT_TEXT},"output":{OUTPUT_TEXT},'
        f'"metadata":{NEW_METADATA},"ref_trace_id":"trace-{{unique}}"}}'
    )
    return Request(f"/api/projects/{project}/dataset_items/", "POST", body, status=201, headers=headers)


def create_in_small_one() -> Operation:
    request = create_request("{project}", "{dataset}")
    return Operation("create_1000_datasets", request, statements.create_in_small_one())


def create() -> Operation:
    return Operation("create", create_request(content.PROJECT, MAIN_DATASET), statements.create())


def create_once() -> Operation:
    request = create_request(content.PROJECT, MAIN_DATASET, ("Idempotency-Key", "{unique}"))
    return Operation("create_idempotent", request, statements.create_once(), beside="create")
