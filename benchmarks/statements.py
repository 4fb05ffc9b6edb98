"""The statements that our service runs for each operation, as scripts for pgbench. Texts come from its own code."""

import json
from collections.abc import Mapping

import items.urls  # noqa: F401  registers all statements
from benchmarks import content
from benchmarks.postgres_alone import Script, Step
from database.sql import statements as named
from items.models import ChangeLogEntry
from items.page_bytes import guards
from items.queries import get_page_sql
from items.search.pages import PageWindow, filtered_page_sql, indexed_page_sql
from items.search.query import ListQuery, parse_list_query
from items.search.timeout import SET_TIMEOUT
from items.writes.statements import CREATE_ITEM, UPDATE_ITEM

MAIN_DATASET = content.DATASET_ID % content.PROJECT
ITEM_SQL = content.id_sql(content.ITEM_ID, ":n::int")
# Ascending as those of the service are. One statement names it several times, so it cannot be uuidv7() each time.
NEW_ID_SQL = "(:run || lpad(to_hex(:number::bigint), 12, '0'))::uuid"
SMALL_DATASET_SQL = content.id_sql(content.DATASET_ID, ":project::int")
IN_MAIN = {"project_id": ":team", "dataset_id": ":dataset"}
PAGE = IN_MAIN | {"limit": ":limit", "offset": ":offset"} | {name: str(each) for name, each in guards(100).items()}

INPUT_TEXT = content.json_text(content.INPUT, content.INPUT_FILLERS)
OUTPUT_TEXT = content.json_text(content.OUTPUT, content.OUTPUT_FILLERS)
METADATA_TEXT = content.json_text(content.METADATA, content.METADATA_FILLERS)


def texts(key: str = content.CALLER_KEY, **more: object) -> dict[str, str]:
    common = {
        "key": f"sha256${content.sha256_hex(key)}",
        "team": content.PROJECT,
        "dataset": MAIN_DATASET,
        "author": content.CALLER,
        "scopes": "{*}",
    }
    return {name: text(value) for name, value in (common | more).items()}


def text(value: object) -> str:
    """Return the value as PostgreSQL reads it; a list is an array of texts."""
    return f"{{{','.join(map(json.dumps, value))}}}" if isinstance(value, list) else str(value)


def access(project: str = ":team", rows: int = 1) -> Step:
    """Who is asking: the first statement of every request. Its key is the script's text `key`."""
    return Step.of(named["fetch_access"], {"secure_value": ":key", "project_id": project}, rows=rows)


def access_and_item(statement: str, keep: str = "") -> Step:
    """The same, and the item :n."""
    names = {"secure_value": ":key", "project_id": ":team", "id": ITEM_SQL, "scopes": ":scopes"}
    return Step.of(statement, names, keep=keep)


def refused(key: str) -> Script:
    return Script((access(rows=0),), texts(key))


def retrieve() -> Script:
    return Script((access_and_item(named["find_live_item_with_access"]),), texts())


def page(*, limit: int, offset: int, filtered: bool, key: str) -> Script:
    statement = get_page_sql(in_dataset=filtered, limit=limit, offset=offset)
    steps = [access(), Step.of(statement, PAGE, rows=limit)]
    if key != content.CALLER_KEY:
        steps.append(Step.of(named["fetch_users"], {"ids": ":people"}))
    return Script(tuple(steps), texts(key, limit=limit, offset=offset, people=f"{{{content.CALLER}}}"))


def page_as_of(*, limit: int, revision: int) -> Script:
    at = {"revision": ":revision", "time": ":moment_created_at"}
    steps = (
        access(),
        Step.of(named["find_snapshot_by_number"], IN_MAIN | at, keep="moment_"),
        Step.of(named["snapshot_page_from_newest"], PAGE | at, rows=limit),
    )
    return Script(steps, texts(limit=limit, offset=0, revision=revision))


def page_by_cursor(*, limit: int) -> Script:
    """One row more tells whether there is another page."""
    statement = indexed_page_sql(ListQuery(cursor=""), PageWindow(limit + 1), in_dataset=True)
    return Script((access(), Step.of(statement, PAGE, rows=limit + 1)), texts(limit=limit + 1, offset=0))


def found(query: Mapping[str, str], *, rows: int) -> Script:
    names = parse_list_query(query)
    values = names.conditions.parameters
    steps = (
        access(),
        Step.of(SET_TIMEOUT, {"limit": ":time_limit"}),
        Step.of(
            filtered_page_sql(names, PageWindow(10), in_dataset=True),
            PAGE | {name: f":{name}" for name in values},
            rows=rows,
        ),
    )
    return Script(steps, texts(**values, limit=10, offset=0, time_limit="10s"), in_transaction=True)


def not_modified() -> Script:
    return Script((access(), Step.of(named["read_dataset_head"], IN_MAIN)), texts())


def patch() -> Script:
    names = {
        "project_id": ":team", "id": ITEM_SQL, "version": ":found_version", "old_dataset_id": ":found_dataset_id",
        "dataset_id": ":found_dataset_id", "changed": ":changed", "input": "NULL", "output": "NULL",
        "metadata": ":metadata", "ref_trace_id": "NULL", "ref_timestamp": "NULL", "ref_source_id": "NULL",
        "deleted": "NULL", "created_at": ":found_created_at", "updated_at": "now()", "user_id": ":author",
        "was_live": ":yes", "is_live": ":yes", "schema_version": "NULL", "operation": ":operation", "message": "NULL",
    }  # fmt: skip
    steps = (
        access_and_item(named["find_item_with_access"], keep="found_"),
        Step.of(UPDATE_ITEM, names),
    )
    operation = ChangeLogEntry.Operation.UPDATED
    return Script(steps, texts(metadata=METADATA_TEXT, changed="{metadata}", yes="true", operation=operation))


def create_step(project: str, dataset: str) -> Step:
    """In the project and the dataset that these SQL expressions name."""
    names = {
        "project_id": project, "dataset_id": dataset, "is_live": ":yes", "id": NEW_ID_SQL,
        "input": ":input", "output": ":output", "metadata": ":metadata", "ref_trace_id": ":trace",
        "ref_timestamp": "NULL", "ref_source_id": "NULL", "deleted": ":deleted",
        "created_at": "now()", "updated_at": "now()", "created_by_id": ":author", "schema_version": "0",
        "message": "NULL", "client_item_id": "NULL", "source_output": "NULL",
    }  # fmt: skip
    return Step.of(CREATE_ITEM, names)


def texts_of_item(**more: str) -> dict[str, str]:
    return texts(
        input=INPUT_TEXT, output=OUTPUT_TEXT, metadata=METADATA_TEXT, trace="trace-0123456789abcdef",
        deleted="false", yes="true", **more,
    )  # fmt: skip


def create() -> Script:
    return Script((access(), create_step(":team", ":dataset")), texts_of_item())


def create_in_small_one() -> Script:
    return Script((access(":project"), create_step(":project", SMALL_DATASET_SQL)), texts_of_item())


def create_once() -> Script:
    """With an Idempotency-Key that nobody has used."""
    claim = {
        "project_id": ":team", "user_id": ":author", "key": f"{NEW_ID_SQL}::text", "fingerprint": ":fingerprint",
        "now": "now()", "expired": "now() - interval '1 day'",
    }  # fmt: skip
    keep = claim | {"status": ":status", "headers": ":headers", "body": ":body"}
    steps = (
        access(),
        Step.of(named["claim_idempotency_key"], claim),
        create_step(":team", ":dataset"),
        Step.of(named["save_idempotent_response"], keep, rows=0),
    )
    body = "\\x" + "7b" * 1100
    kept = {"fingerprint": "\\x" + "00" * 32, "status": "201", "headers": '{"ETag":"1"}', "body": body}
    return Script(steps, texts_of_item(**kept), in_transaction=True)
