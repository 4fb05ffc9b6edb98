"""Messages, versions and headers of the protocol."""

import base64
from typing import Any

import pytest

from datasets_api.version import VERSION
from mcp_api.messages import INVALID_PARAMS, INVALID_REQUEST, METHOD_NOT_FOUND, PARSE_ERROR, REFUSED
from mcp_api.protocol import HEADER_MISMATCH, UNSUPPORTED_VERSION
from tests.api import Api, envelope
from tests.dataset_client import DatasetClient
from tests.mcp_api.agent import LEGACY, META, MODERN, Agent, read_text
from tests.people import key

COMPLETE_META = {f"{META}/protocolVersion": MODERN, f"{META}/clientCapabilities": {}}


def message(method: str = "tools/list", **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}


def assert_rpc_error(response: Any, status: int, code: int, request_id: Any = 7) -> dict[str, Any]:
    body: dict[str, Any] = response.json()
    assert (response.status_code, body["error"]["code"], body["id"]) == (status, code, request_id)
    return body["error"]


@pytest.fixture
def old(client: DatasetClient) -> Agent:
    return Agent(key(client.people.owner), LEGACY)


def test_a_session_is_opened_but_not_kept(old: Agent) -> None:
    response = old.post("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}})

    result = response.json()["result"]
    assert result["protocolVersion"] == LEGACY
    assert result["serverInfo"]["version"] == VERSION
    assert set(result["capabilities"]) == {"tools", "resources"}
    assert "Mcp-Session-Id" not in response.headers
    assert old.result("ping") == {}
    assert "resultType" not in old.result("tools/list")


def test_the_later_version_discovers(agent: Agent) -> None:
    result = agent.result("server/discover")

    assert result["supportedVersions"] == [MODERN, LEGACY]
    assert result["_meta"][f"{META}/serverInfo"]["version"] == VERSION
    assert (result["resultType"], result["cacheScope"]) == ("complete", "private")


def test_tools_are_the_same_each_time_and_in_both_versions(agent: Agent, old: Agent) -> None:
    first, second = (agent.post("tools/list").json()["result"] for _ in range(2))

    assert first == second
    assert first["tools"] == old.result("tools/list")["tools"]


@pytest.mark.parametrize("version", [LEGACY, MODERN])
def test_a_notification_has_no_answer(client: DatasetClient, version: str) -> None:
    body = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    answer = client.api.post("/mcp", body, headers={"MCP-Protocol-Version": version})

    assert (answer.status_code, answer.content) == (202, b"")


def test_a_method_that_is_not_there(agent: Agent, old: Agent) -> None:
    assert_rpc_error(agent.post("initialize"), 404, METHOD_NOT_FOUND, 1)
    assert_rpc_error(agent.post("prompts/list"), 404, METHOD_NOT_FOUND, 2)
    assert_rpc_error(old.post("server/discover"), 200, METHOD_NOT_FOUND, 1)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", PARSE_ERROR),
        ("{", PARSE_ERROR),
        (b"\xff", PARSE_ERROR),
        ('{"a":' * 100_000, PARSE_ERROR),
        ("[]", INVALID_REQUEST),
        ({"jsonrpc": "1.0", "id": 7, "method": "ping"}, INVALID_REQUEST),
        ({"jsonrpc": "2.0", "id": None, "method": "ping"}, INVALID_REQUEST),
        ({"jsonrpc": "2.0", "id": 7, "result": {}}, INVALID_REQUEST),
        ([message()], INVALID_REQUEST),
    ],
)
def test_a_body_that_is_no_message(client: DatasetClient, body: Any, code: int) -> None:
    answer = client.api.post("/mcp", body)

    if isinstance(body, bytes):
        assert (answer.status_code, envelope(answer)["code"]) == (400, "parse_error")
    else:
        assert_rpc_error(answer, 400, code, None)


@pytest.mark.parametrize(
    ("params", "status"), [([], 400), (1, 400), ("text", 400), ({"_meta": 1}, 400), ({"name": 5}, 200), ({}, 200)]
)
def test_invalid_params(client: DatasetClient, params: Any, status: int) -> None:
    answer = client.api.post("/mcp", {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params})

    assert_rpc_error(answer, status, INVALID_PARAMS)


@pytest.mark.parametrize("arguments", [[], 1, "text", None, {"dataset": 1}, {}])
def test_invalid_arguments_are_the_tool_s_failure(agent: Agent, arguments: Any) -> None:
    result = agent.result("tools/call", {"name": "find_items", "arguments": arguments})

    assert result["isError"]
    assert read_text(result)["error"]["code"] == "invalid_input"


@pytest.mark.parametrize("absent", list(COMPLETE_META))
def test_meta_is_complete(client: DatasetClient, absent: str) -> None:
    meta = {name: value for name, value in COMPLETE_META.items() if name != absent}
    headers = {"MCP-Protocol-Version": MODERN, "Mcp-Method": "tools/list"}

    assert_rpc_error(client.api.post("/mcp", message(_meta=meta), headers=headers), 400, INVALID_PARAMS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"MCP-Protocol-Version": LEGACY},
        {"MCP-Protocol-Version": f"{MODERN},{MODERN}"},
        {"Mcp-Method": "TOOLS/CALL"},
        {"Mcp-Method": ""},
        {"Mcp-Name": "get_item"},
        {"Mcp-Name": "=?base64?$$$?="},
        {"Mcp-Name": ""},
    ],
)
def test_headers_repeat_the_body(agent: Agent, wrong: dict[str, str]) -> None:
    response = agent.post("tools/call", {"name": "find_datasets"}, **wrong)

    assert_rpc_error(response, 400, HEADER_MISMATCH, 1)


def test_a_name_may_be_encoded(agent: Agent) -> None:
    encoded = base64.b64encode(b"find_datasets").decode()

    response = agent.post("tools/call", {"name": "find_datasets"}, **{"Mcp-Name": f"=?base64?{encoded}?="})

    assert response.json()["result"]["isError"] is False


def test_an_unknown_version(client: DatasetClient) -> None:
    meta = COMPLETE_META | {f"{META}/protocolVersion": "1999-01-01"}
    headers = {"MCP-Protocol-Version": "1999-01-01", "Mcp-Method": "tools/list"}

    error = assert_rpc_error(client.api.post("/mcp", message(_meta=meta), headers=headers), 400, UNSUPPORTED_VERSION)
    assert error["data"] == {"supported": [MODERN, LEGACY], "requested": "1999-01-01"}


def test_an_unknown_tool_and_resource(agent: Agent, old: Agent) -> None:
    assert_rpc_error(agent.post("tools/call", {"name": "drop_tables"}), 400, INVALID_PARAMS, 1)
    for uri in ("dataset://Nothing@1", "file:///etc/passwd", "dataset://Golden%20set@no-tag"):
        error = assert_rpc_error(agent.post("resources/read", {"uri": uri}), 400, INVALID_PARAMS, agent.calls)
        assert error["data"]["uri"] == uri
        assert_rpc_error(old.post("resources/read", {"uri": uri}), 200, -32002, old.calls)


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_only_post(client: DatasetClient, method: str) -> None:
    answer = client.api.ask(method, "/mcp", headers={"Accept": "text/event-stream"})

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_a_request_id_is_returned(agent: Agent) -> None:
    headers = {"X-Request-Id": "of-the-agent"}
    response = agent.post("tools/call", {"name": "describe_dataset", "arguments": {"dataset": "?"}}, **headers)

    assert response.headers["X-Request-Id"] == "of-the-agent"
    assert '"request_id":"of-the-agent"' in response.json()["result"]["content"][0]["text"]


def test_a_refused_message_gets_a_json_rpc_error(client: DatasetClient) -> None:
    answer = Api(key(client.people.owner, "insight:read")).post("/mcp", message())

    error = assert_rpc_error(answer, 403, REFUSED)
    assert error["data"]["code"] == "permission_denied"
    assert error["message"] == error["data"]["detail"]


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://localhost:6274", True),
        ("http://127.0.0.1", True),
        ("http://[::1]:1", True),
        ("https://console.example.com", True),
        ("http://testserver", False),
        ("https://evil.example.com", False),
        ("http://localhost.evil.example.com", False),
        ("http://[", False),
        ("null", False),
    ],
)
def test_pages_of_other_origins_are_refused(client: DatasetClient, settings: Any, origin: str, allowed: bool) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://console.example.com"]

    answer = client.api.post("/mcp", message("ping"), headers={"Origin": origin})

    assert answer.status_code == (200 if allowed else 403)


def test_the_service_s_own_pages_are_allowed_if_its_hosts_are_known(client: DatasetClient, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]

    assert client.api.post("/mcp", message("ping"), headers={"Origin": "http://testserver"}).status_code == 200
