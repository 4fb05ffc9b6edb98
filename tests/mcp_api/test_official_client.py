"""The official Python client uses all tools of a running service, by both versions of the protocol."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest
from mcp import MCPError
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

from mcp_api.tools.catalog import TOOLS
from tests.mcp_api.agent import LEGACY, MODERN
from tests.people import People, key
from tests.service_process import ServiceProcess

# How the client connects: with the later version, with the handshake of the earlier one, or by finding out.
MODES = {MODERN: MODERN, "legacy": LEGACY, "auto": MODERN}


def with_client(base: str, value: str, mode: str, use: Callable[[Client], Awaitable[None]]) -> None:
    async def run() -> None:
        async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {value}"}) as http:
            transport = streamable_http_client(f"{base}/mcp", http_client=http)
            async with Client(transport, mode=mode) as client:
                await use(client)

    asyncio.run(run())


@pytest.mark.parametrize("mode", MODES)
def test_the_official_client_uses_all_tools(service: ServiceProcess, live_database: None, mode: str) -> None:
    value = key(People().owner)
    used: list[str] = []

    async def use(client: Client) -> None:
        async def tool(name: str, /, **arguments: Any) -> Any:
            result = await client.call_tool(name, arguments)
            text = result.content[0].text  # type: ignore[union-attr]
            assert not result.is_error, text
            used.append(name)
            return json.loads(text)

        assert client.protocol_version == MODES[mode]
        assert [each.name for each in (await client.list_tools()).tools] == list(TOOLS)
        await tool("create_dataset", name="golden")
        cases = [{"input": "2 + 2?", "output": 4, "ref_source_id": "a"}, {"input": "3 + 3?", "output": 6}]
        written = await tool("write_items", dataset="golden", items=cases, message="The first two")
        first = written["results"][0]["id"]
        await tool("tag_revision", dataset="golden", tag="release-1")
        await tool("import_items", dataset="golden", text="input,output\nnew,1\n", format="csv")
        assert (await tool("find_items", dataset="golden", where={"search": "2 +"}))["items"][0]["id"] == first
        assert (await tool("get_item", id=first, versions=True))["item"]["output"] == 4
        await tool("archive_items", ids=[first])
        compared = await tool("compare_revisions", dataset="golden", **{"from": "release-1"})
        assert compared["counts"] == {"added": 1, "removed": 1, "changed": 0}
        await tool("rollback", dataset="golden", revision="release-1")
        await tool("fork_dataset", dataset="golden", name="smoke", where={"sample": 1}, tag="smoke-1")
        assert (await tool("find_datasets"))["count"] == 2
        assert (await tool("describe_dataset", dataset="golden"))["tags"] == {"release-1": 1}

        uri = f"dataset://golden@release-1/items/{first}"
        (content,) = (await client.read_resource(uri)).contents
        assert '"output":4' in content.text  # type: ignore[union-attr]
        assert len((await client.list_resources()).resources) == 2
        assert len((await client.list_resource_templates()).resource_templates) == 2
        failed = await client.call_tool("get_item", {"id": "nonsense"})
        assert failed.is_error
        with pytest.raises(MCPError):
            await client.read_resource("dataset://nothing@1")

    with_client(service.base, value, mode, use)

    assert set(used) == set(TOOLS)


def test_the_client_learns_why_it_is_refused(service: ServiceProcess, live_database: None) -> None:
    value = key(People().owner, "insight:read")

    async def use(client: Client) -> None:
        with pytest.raises(MCPError, match="missing required scope 'dataset:read'"):
            await client.list_tools()

    with_client(service.base, value, MODERN, use)
