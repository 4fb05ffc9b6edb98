"""What is measured: each operation as an HTTP request, and as the statements that our service runs for it."""

import json
from dataclasses import dataclass

from auth.access import FIND_ACCESS, FIND_PEOPLE
from benchmarks import content
from benchmarks.load import Request
from benchmarks.postgres_alone import Script, Step
from items.changes import BUMP_HEAD, CREATE_ITEM, update_statement
from items.reads import DEEP_OFFSET, FIND, FIND_VISIBLE, page_statement

ITEMS_PATH = f"/api/projects/{content.PROJECT}/dataset_items/"
MAIN_DATASET = content.DATASET_ID % content.PROJECT
ITEM_SQL = content.id_sql(content.ITEM_ID, ":n::int")
SMALL_DATASET_SQL = content.id_sql(content.DATASET_ID, ":project::int")

INPUT_TEXT = content.json_text(content.INPUT, content.INPUT_FILLERS)
OUTPUT_TEXT = content.json_text(content.OUTPUT, content.OUTPUT_FILLERS)
NEW_METADATA = content.json_text(content.METADATA, content.METADATA_FILLERS, unique="{unique}")
METADATA_TEXT = content.json_text(content.METADATA, content.METADATA_FILLERS)


@dataclass(frozen=True)
class Operation:
    name: str
    request: Request
    script: Script


def operations(items: int) -> dict[str, Operation]:
    """On a dataset of so many items. Reads come first, then patches, then creates: each finds what it expects."""
    deep = items * 9 // 10
    made = [
        retrieve(),
        page("list10", limit=10),
        page("list100", limit=100),
        page("list100_unfiltered", limit=100, filtered=False),
        page("list100_deep", limit=100, offset=deep),
        page("list100_colleague", limit=100, key=content.COLLEAGUE_KEY),
        unauthorised(),
        patch(),
        create("create_1000_datasets", "{project}", "{dataset}", ":project", SMALL_DATASET_SQL),
        create("create", str(content.PROJECT), MAIN_DATASET, str(content.PROJECT), f"'{MAIN_DATASET}'"),
    ]
    return {operation.name: operation for operation in made}


def access(project: str = ":team", rows: int = 1) -> Step:
    """Who is asking: the first statement of every request. Its key is the script's text `key`."""
    names = {"secure_value": ":key", "project": project}
    return Step.of(FIND_ACCESS, names, rows=rows)


def texts(key: str = content.CALLER_KEY, **more: object) -> dict[str, str]:
    common = {"key": f"sha256${content.sha256_hex(key)}", "team": content.PROJECT}
    return {name: str(value) for name, value in (common | more).items()}


def retrieve() -> Operation:
    step = Step.of(FIND_VISIBLE, {"team": ":team", "id": ITEM_SQL})
    return Operation("retrieve", Request(f"{ITEMS_PATH}{{item}}/"), Script((access(), step), texts()))


def page(name: str, *, limit: int, offset: int = 0, filtered: bool = True, key: str = content.CALLER_KEY) -> Operation:
    path = f"{ITEMS_PATH}?limit={limit}"
    path += f"&dataset={MAIN_DATASET}" if filtered else ""
    path += f"&offset={offset}" if offset else ""
    names = {"team": ":team", "dataset": ":dataset", "limit": ":limit", "offset": ":offset"}
    steps = [access(), Step.of(page_statement(of_dataset=filtered, deep=offset > DEEP_OFFSET), names, rows=limit)]
    if key != content.CALLER_KEY:
        steps.append(Step.of(FIND_PEOPLE, {"": ":people"}))
    values = texts(key, dataset=MAIN_DATASET, limit=limit, offset=offset, people=f"{{{content.CALLER}}}")
    return Operation(name, Request(path, key=key), Script(tuple(steps), values))


def unauthorised() -> Operation:
    """A key that nobody has; without any key no statement would be needed."""
    key = content.UNKNOWN_KEY
    return Operation(
        "unauthorised", Request(f"{ITEMS_PATH}?limit=1", key=key, status=401), Script((access(rows=0),), texts(key))
    )


def patch() -> Operation:
    names = {
        "team_id": ":team", "id": ITEM_SQL, "metadata": ":metadata", "updated_at": "now()", "change": ":change",
        "dataset_id": ":found_dataset_id", "was_in": ":found_dataset_id", "was_at": ":found_version",
    }  # fmt: skip
    steps = (
        access(),
        Step.of(FIND, {"team": ":team", "id": ITEM_SQL}, keep="found_"),
        Step.of(update_statement({"metadata": None}, BUMP_HEAD), names),
    )
    request = Request(f"{ITEMS_PATH}{{item}}/", method="PATCH", body=f'{{"metadata":{NEW_METADATA}}}')
    return Operation("patch", request, Script(steps, texts(metadata=METADATA_TEXT, change=0)))


def create(name: str, project: str, dataset: str, project_sql: str, dataset_sql: str) -> Operation:
    body = (
        f'{{"dataset":{json.dumps(dataset)},"input":{INPUT_TEXT},"output":{OUTPUT_TEXT},'
        f'"metadata":{NEW_METADATA},"ref_trace_id":"trace-{{unique}}"}}'
    )
    names = {
        "team_id": project_sql, "dataset_id": dataset_sql, "visible": ":visible", "id": "uuidv7()",
        "input": ":input", "output": ":output", "metadata": ":metadata", "ref_trace_id": ":trace",
        "ref_timestamp": "NULL", "ref_source_id": "NULL", "deleted": ":deleted",
        "created_at": "now()", "updated_at": "now()", "created_by_id": ":author", "version": ":version",
    }  # fmt: skip
    values = texts(
        input=INPUT_TEXT, output=OUTPUT_TEXT, metadata=METADATA_TEXT, trace="trace-0123456789abcdef",
        deleted="false", author=content.CALLER, version=1, visible=1,
    )  # fmt: skip
    request = Request(f"/api/projects/{project}/dataset_items/", method="POST", body=body, status=201)
    return Operation(name, request, Script((access(project_sql), Step.of(CREATE_ITEM, names)), values))
