"""An agent of the endpoint inside the test's process, by either version of the protocol."""

import itertools
import json
from typing import Any

from tests.api import Api

LEGACY, MODERN = "2025-11-25", "2026-07-28"
META = "io.modelcontextprotocol"
NAME_MEMBERS = {"tools/call": "name", "resources/read": "uri"}


class Agent:
    """Counts its calls, and the bytes that it reads."""

    def __init__(self, key: str | None, version: str = MODERN, path: str = "/mcp") -> None:
        self.api, self.version, self.path = Api(key), version, path
        self.ids = itertools.count(1)
        self.calls = self.bytes_read = 0

    def post(self, method: str, params: dict[str, Any] | None = None, **headers: str) -> Any:
        """Send a request as clients do, and return the response."""
        params = dict(params or {})
        sent = {"MCP-Protocol-Version": self.version}
        if self.version == MODERN:
            params["_meta"] = {f"{META}/protocolVersion": MODERN, f"{META}/clientCapabilities": {}}
            sent["Mcp-Method"] = method
            if member := NAME_MEMBERS.get(method):
                sent["Mcp-Name"] = str(params[member])
        body = {"jsonrpc": "2.0", "id": next(self.ids), "method": method, "params": params}
        response = self.api.post(self.path, body, headers=sent | headers)
        self.calls += 1
        self.bytes_read += len(response.content)
        return response

    def result(self, method: str, params: dict[str, Any] | None = None) -> Any:
        response = self.post(method, params)
        assert response.status_code == 200, response.content
        return response.json()["result"]

    def tools(self) -> list[str]:
        return [each["name"] for each in self.result("tools/list")["tools"]]

    def use(self, tool: str, **arguments: Any) -> Any:
        """Use a tool, and return what it says."""
        result = self.result("tools/call", {"name": tool, "arguments": arguments})
        text = read_text(result)
        assert not result["isError"], text
        return text

    def fail(self, tool: str, **arguments: Any) -> Any:
        """Use a tool that fails, and return the failure."""
        result = self.result("tools/call", {"name": tool, "arguments": arguments})
        assert result["isError"], result
        return read_text(result)


def read_text(result: dict[str, Any]) -> Any:
    (content,) = result["content"]
    assert content["type"] == "text"
    return json.loads(content["text"])
