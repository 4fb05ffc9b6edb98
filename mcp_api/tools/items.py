"""Tools that read items: a list with conditions, and one item with its versions."""

from typing import Annotated, Any, Literal
from urllib.parse import parse_qs, urlsplit

import msgspec
from msgspec import Meta, Raw

from items.history.views import ItemVersionsView
from items.viewsets.items import DatasetItemViewSet
from mcp_api.conditions import query_of
from mcp_api.project_api import Answer, ProjectApi
from mcp_api.results import NOTICE, Values, cut_at, fit
from mcp_api.tools.lookup import find_dataset_id, read_rows
from mcp_api.tools.tool import Arguments, DatasetName, Revision, Tool, Where
from rest.routers import lean_view

ITEMS = lean_view(DatasetItemViewSet.as_view({"get": "list"}))
ITEM = lean_view(DatasetItemViewSet.as_view({"get": "retrieve"}))
VERSIONS = ItemVersionsView.as_view()

CONTENT = ("input", "output", "metadata", "ref_source_id", "ref_trace_id", "ref_timestamp")
LIST_FIELDS = "id,input,output,metadata,ref_source_id"
MAX_VERSIONS = 10


class FindItems(Arguments, kw_only=True):
    dataset: DatasetName
    where: Where = {}
    revision: Revision | None = None
    fields: Annotated[str | None, Meta(description=f"Default {LIST_FIELDS}")] = None
    order_by: Literal["created_at", "-created_at", "updated_at", "-updated_at"] | None = None
    limit: Annotated[int, Meta(ge=1, le=50, description="Long values are cut to fit; fewer items show more")] = 10
    cursor: Annotated[str, Meta(description="next_cursor of the page before")] = ""


def find_items(api: ProjectApi, arguments: FindItems) -> dict[str, Any]:
    dataset_id = find_dataset_id(api, arguments.dataset)
    query = query_of(arguments.where) | {
        "dataset": dataset_id,
        "revision": arguments.revision,
        "fields": arguments.fields or LIST_FIELDS,
        "order_by": arguments.order_by,
        "limit": arguments.limit,
        "cursor": arguments.cursor,
        "strict": "true",
    }
    page = api.get(ITEMS, query)
    result = {
        "notice": NOTICE,
        "count": page.read("count"),
        "revision": int(page.headers["Dataset-Revision"]),
        "next_cursor": next_cursor(page),
        "console": api.console_url(dataset_id),
    }
    return fit(result, "items", [({}, row) for row in read_rows(page)])


def next_cursor(page: Answer) -> str | None:
    link = page.read("next")
    return parse_qs(urlsplit(link).query)["cursor"][0] if link else None


class GetItem(Arguments, kw_only=True):
    id: str
    dataset: Annotated[DatasetName | None, Meta(description="Of the revision, if the item has moved")] = None
    revision: Revision | None = None
    version: int | None = None
    versions: Annotated[bool, Meta(description="Also show its latest versions")] = False
    field: Annotated[
        Literal["input", "output", "metadata"] | None, Meta(description="Read the JSON of a long value in parts")
    ] = None
    offset: Annotated[int, Meta(ge=0, description="Of the part, in characters")] = 0


def get_item(api: ProjectApi, arguments: GetItem) -> dict[str, Any]:
    dataset_id = find_dataset_id(api, arguments.dataset) if arguments.dataset else None
    query = {"revision": arguments.revision, "version": arguments.version, "dataset": dataset_id}
    item = api.get(ITEM, query, id=arguments.id)
    if arguments.field:
        return {"notice": NOTICE} | cut_at(item.members[arguments.field], arguments.offset)
    known = {name: item.read(name) for name in ("id", "dataset", "deleted", "created_at", "updated_at")}
    known["version"] = int(item.headers["ETag"].strip('"'))
    rows = [(known, content_of(item.members))]
    if arguments.versions:
        rows += [version_row(row) for row in read_rows(api.get(VERSIONS, {"limit": MAX_VERSIONS}, id=arguments.id))]
    result = fit({"notice": NOTICE, "console": api.console_url(known["dataset"])}, "item", rows)
    item_row, *versions = result.pop("item")
    return result | {"item": item_row} | ({"versions": versions} if arguments.versions else {})


def version_row(row: Values) -> tuple[dict[str, Any], Values]:
    known = {name: msgspec.json.decode(row[name]) for name in ("version", "dataset_revision", "deleted", "created_at")}
    return known, content_of(row)


def content_of(members: dict[str, Raw]) -> Values:
    return {name: members[name] for name in CONTENT}


TOOLS = (
    Tool(
        name="find_items",
        description="List items, now or at a revision. To look for one case, use where.search or where.ref_source_id.",
        arguments=FindItems,
        run=find_items,
        is_read_only=True,
    ),
    Tool(
        name="get_item",
        description="Show an item, now, at a version or at a revision.",
        arguments=GetItem,
        run=get_item,
        is_read_only=True,
    ),
)
