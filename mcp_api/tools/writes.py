"""Tools that write items: create and change, archive and restore, import a file, roll back."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Raw

from items.bulk.limits import MAX_ITEMS
from items.bulk.views import BulkView
from items.imports.views import ImportView
from items.rollback.views import RollbackView
from mcp_api.failures import invalid_argument
from mcp_api.project_api import Answer, ProjectApi
from mcp_api.results import Values, fit_values
from mcp_api.tools.lookup import find_dataset_id
from mcp_api.tools.tool import DatasetName, Message, Revision, Tool, Where, WriteArguments

BULK, IMPORT, ROLLBACK = BulkView.as_view(), ImportView.as_view(), RollbackView.as_view()

# Items whose results are shown one by one; the counts are of all.
MAX_RESULTS = 100
MAX_FILE_CHARACTERS = 1_000_000

MatchOn = Annotated[
    Literal["id", "ref_source_id"] | None, Meta(description="The key by which existing items are recognized")
]
OnConflict = Annotated[
    Literal["error", "skip", "update"] | None, Meta(description="With match_on: what to do with an existing item")
]


class RevisionArguments(WriteArguments, kw_only=True):
    message: Message | None = None


class WriteItems(RevisionArguments, kw_only=True):
    dataset: DatasetName
    items: Annotated[
        list[dict[str, Raw]],
        Meta(
            min_length=1,
            max_length=MAX_ITEMS,
            description="Objects with input, output (expected), metadata: any JSON; ref_source_id: a key of yours; id: "
            "to change an item",
        ),
    ]
    match_on: MatchOn = None
    on_conflict: OnConflict = None


def write_items(api: ProjectApi, arguments: WriteItems) -> dict[str, Any]:
    body: dict[str, Any] = {"dataset": find_dataset_id(api, arguments.dataset)}
    if arguments.on_conflict:
        body["on_conflict"] = arguments.on_conflict
    body["items"] = arguments.items
    query = {"match_on": arguments.match_on} | dry_run(arguments)
    written = api.send("POST", BULK, body, query, message=arguments.message)
    return describe_results(arguments, written)


class ArchiveItems(RevisionArguments, kw_only=True):
    ids: Annotated[list[str], Meta(min_length=1, max_length=MAX_ITEMS)] | None = None
    dataset: Annotated[DatasetName | None, Meta(description="With where")] = None
    where: Where | None = None
    restore: Annotated[bool, Meta(description="Bring archived items back")] = False


def archive_items(api: ProjectApi, arguments: ArchiveItems) -> dict[str, Any]:
    body = select(api, arguments) | {"changes": {"deleted": not arguments.restore}}
    written = api.send("PATCH", BULK, body, dry_run(arguments), message=arguments.message)
    return describe_results(arguments, written)


def select(api: ProjectApi, arguments: ArchiveItems) -> dict[str, Any]:
    if arguments.ids and not (arguments.dataset or arguments.where):
        return {"ids": arguments.ids}
    if arguments.ids or not (arguments.dataset and arguments.where):
        raise invalid_argument("Give either ids, or dataset and where.", "ids")
    archived = {"deleted": "true"} if arguments.restore else {}
    return {"filter": archived | arguments.where | {"dataset": find_dataset_id(api, arguments.dataset)}}


class ImportItems(RevisionArguments, kw_only=True):
    dataset: DatasetName
    text: Annotated[str, Meta(max_length=MAX_FILE_CHARACTERS, description="The file")]
    format: Literal["csv", "jsonl", "json"]
    mapping: Annotated[
        dict[str, Any] | None, Meta(description='Columns to fields, e.g. {"question": "input.q", "*": "metadata"}')
    ] = None
    match_on: MatchOn = None
    on_conflict: OnConflict = None
    mirror: Annotated[bool, Meta(description="Archive items that the file lacks")] = False


def import_items(api: ProjectApi, arguments: ImportItems) -> dict[str, Any]:
    dataset_id = find_dataset_id(api, arguments.dataset)
    query = {
        "import_format": arguments.format,
        "mapping": None if arguments.mapping is None else msgspec.json.encode(arguments.mapping).decode(),
        "match_on": arguments.match_on,
        "on_conflict": arguments.on_conflict,
        "mirror": "true" if arguments.mirror else None,
    } | dry_run(arguments)
    content = arguments.text.encode()
    imported = api.send("POST", IMPORT, content, query, message=arguments.message, id=dataset_id)
    return describe(arguments, imported.members)


class Rollback(RevisionArguments, kw_only=True):
    dataset: DatasetName
    revision: Revision


def roll_back(api: ProjectApi, arguments: Rollback) -> dict[str, Any]:
    dataset_id = find_dataset_id(api, arguments.dataset)
    body = {"revision": arguments.revision}
    done = api.send("POST", ROLLBACK, body, dry_run(arguments), message=arguments.message, id=dataset_id)
    return describe(arguments, done.members)


def dry_run(arguments: WriteArguments) -> dict[str, str]:
    return {"dry_run": "true"} if arguments.dry_run else {}


def describe_results(arguments: WriteArguments, written: Answer) -> dict[str, Any]:
    """Show the results of the first items; those of all can be long."""
    results = written.read("results", list[Raw])
    shown = written.members | {"results": Raw(msgspec.json.encode(results[:MAX_RESULTS]))}
    return describe(arguments, shown) | ({"results_of": len(results)} if len(results) > MAX_RESULTS else {})


def describe(arguments: WriteArguments, members: Values) -> dict[str, Any]:
    return {"dry_run": arguments.dry_run} | fit_values(members)


TOOLS = (
    Tool(
        name="write_items",
        description="Create items, up to 10,000 in one revision. With match_on id or ref_source_id and on_conflict "
        "update, change existing ones (only the fields given); with skip, add only what is missing.",
        arguments=WriteItems,
        run=write_items,
    ),
    Tool(
        name="archive_items",
        description="Archive items, or restore them. Nothing is deleted for good.",
        arguments=ArchiveItems,
        run=archive_items,
        is_destructive=True,
        is_idempotent=True,
    ),
    Tool(
        name="import_items",
        description="Create an item from each row of a small file. dsets push takes files of any size.",
        arguments=ImportItems,
        run=import_items,
    ),
    Tool(
        name="rollback",
        description="Return the dataset's items to a revision, as a new revision.",
        arguments=Rollback,
        run=roll_back,
        is_destructive=True,
        is_idempotent=True,
    ),
)
