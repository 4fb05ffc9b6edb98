"""Tools about revisions: compare two, tag one."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from items.history.tag_views import TagView
from items.history.views import DiffView
from mcp_api.project_api import ProjectApi, undone_if
from mcp_api.results import NOTICE, NULL, Values, fit
from mcp_api.tools.items import next_cursor
from mcp_api.tools.lookup import find_dataset_id, read_rows
from mcp_api.tools.tool import Arguments, DatasetName, Revision, Tool, WriteArguments

DIFF, TAG = DiffView.as_view(), TagView.as_view()


class CompareRevisions(Arguments, rename={"from_": "from"}, kw_only=True):
    dataset: DatasetName
    from_: Revision
    to: Revision = "latest"
    change: Literal["added", "removed", "changed"] | None = None
    limit: Annotated[int, Meta(ge=1, le=25)] = 10
    cursor: Annotated[str | None, Meta(description="next_cursor of the page before")] = None


def compare_revisions(api: ProjectApi, arguments: CompareRevisions) -> dict[str, Any]:
    dataset_id = find_dataset_id(api, arguments.dataset)
    query = {
        "from": arguments.from_,
        "to": arguments.to,
        "change": arguments.change,
        "limit": arguments.limit,
        "cursor": arguments.cursor,
    }
    page = api.get(DIFF, query, id=dataset_id)
    result = {
        "notice": NOTICE,
        "from": page.read("from"),
        "to": page.read("to"),
        "counts": page.read("counts"),
        "next_cursor": next_cursor(page),
        "console": f"{api.console_url(dataset_id)}/compare",
    }
    return fit(result, "changes", [change_row(row) for row in read_rows(page)])


def change_row(row: Values) -> tuple[dict[str, Any], Values]:
    """Return one change with the fields that differ, before and after; `lost` names fields that have become null."""
    before, after = (msgspec.json.decode(row[name], type=Values | None) or {} for name in ("from", "to"))
    fields = msgspec.json.decode(row["fields"], type=list[str])
    known = {name: msgspec.json.decode(row[name]) for name in ("id", "change")}
    if lost := [name for name in fields if is_null(after, name) and not is_null(before, name)]:
        known["lost"] = lost
    values = {f"{name}_before": before[name] for name in fields if name in before}
    values |= {f"{name}_after": after[name] for name in fields if name in after}
    whole = {} if fields else before or after
    return known, values | {name: whole[name] for name in ("input", "output", "metadata") if name in whole}


def is_null(item: Values, name: str) -> bool:
    return bytes(item.get(name, NULL)) == NULL


class TagRevision(WriteArguments, kw_only=True):
    dataset: DatasetName
    tag: Annotated[str, Meta(description="a-z, 0-9 and .-_")]
    revision: Revision = "latest"
    force: Annotated[bool, Meta(description="Move a tag that names another revision")] = False


def tag_revision(api: ProjectApi, arguments: TagRevision) -> dict[str, Any]:
    dataset_id = find_dataset_id(api, arguments.dataset)
    body = {"revision": arguments.revision, "force": arguments.force}
    with undone_if(arguments.dry_run):
        tagged = api.send("PUT", TAG, body, id=dataset_id, name=arguments.tag)
    return {name: tagged.read(name) for name in ("name", "revision")} | {"dry_run": arguments.dry_run}


TOOLS = (
    Tool(
        name="compare_revisions",
        description="Show which items were added, removed or changed between two revisions, and what they lost.",
        arguments=CompareRevisions,
        run=compare_revisions,
        is_read_only=True,
    ),
    Tool(
        name="tag_revision",
        description="Name a revision.",
        arguments=TagRevision,
        run=tag_revision,
        is_idempotent=True,
    ),
)
