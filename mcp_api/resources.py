"""Resources: a dataset or an item at a revision, by address.

dataset://golden@17
dataset://golden@release-1/items/0199…
"""

import re
from typing import Any
from urllib.parse import quote, unquote

from mcp_api.failures import invalid_argument
from mcp_api.project_api import ProjectApi
from mcp_api.tools.items import FindItems, GetItem, find_items, get_item
from mcp_api.tools.lookup import list_datasets

URI = re.compile(r"dataset://(?P<name>[^/@?#]+)@(?P<revision>[A-Za-z0-9._-]+)(?:/items/(?P<item>[^/?#]+))?")
TEMPLATES = [
    {
        "uriTemplate": "dataset://{name}@{revision}",
        "name": "dataset",
        "description": "The first items of a dataset at a revision: a number, a tag or latest",
        "mimeType": "application/json",
    },
    {
        "uriTemplate": "dataset://{name}@{revision}/items/{id}",
        "name": "item",
        "description": "An item at a revision of its dataset",
        "mimeType": "application/json",
    },
]
OFFSET = re.compile(r"[0-9]{1,15}")
PAGE_SIZE = 50


def list_resources(api: ProjectApi, cursor: str | None) -> dict[str, Any]:
    """List the datasets at their current revisions. Raises ToolFailure."""
    offset = int(cursor) if cursor and OFFSET.fullmatch(cursor) else 0
    page = list_datasets(api, limit=PAGE_SIZE, offset=offset, fields="name,revision")
    rows = page.read("results")
    end = offset + len(rows)
    more = {"nextCursor": str(end)} if rows and end < page.read("count") else {}
    return {"resources": [describe(**row) for row in rows]} | more


def describe(name: str, revision: int) -> dict[str, Any]:
    uri = f"dataset://{quote(name, safe='')}@{revision}"
    return {"uri": uri, "name": name, "mimeType": "application/json"}


def read_resource(api: ProjectApi, uri: str) -> dict[str, Any]:
    """Raises ToolFailure."""
    match = URI.fullmatch(uri)
    if match is None:
        raise invalid_argument("A resource is dataset://NAME@REVISION or dataset://NAME@REVISION/items/ID.", "uri")
    name, revision = unquote(match["name"]), match["revision"]
    if match["item"]:
        return get_item(api, GetItem(id=match["item"], dataset=name, revision=revision))
    return find_items(api, FindItems(dataset=name, revision=revision, limit=PAGE_SIZE))
