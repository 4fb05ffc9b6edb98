"""All tools, in the order in which agents see them."""

from typing import Any

from auth.access import Access
from auth.scopes import allows
from mcp_api.tools import datasets, history, items, writes
from mcp_api.tools.tool import Tool

TOOLS = {tool.name: tool for each in (datasets, items, history, writes) for tool in each.TOOLS}
DESCRIPTIONS = {name: tool.describe() for name, tool in TOOLS.items()}
WRITE_SCOPE = "dataset:write"


def visible_tools(access: Access) -> list[Tool]:
    """Return the tools that a key may use: without the scope to write, those that read."""
    may_write = allows(access.scopes, WRITE_SCOPE)
    return [tool for tool in TOOLS.values() if may_write or tool.is_read_only]


def describe_tools(access: Access) -> list[dict[str, Any]]:
    return [DESCRIPTIONS[tool.name] for tool in visible_tools(access)]
