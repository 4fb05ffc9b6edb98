"""Access to tools: every kind of key, and each tool."""

from typing import Any

import pytest

from auth.models import RateLimit
from mcp_api.tools.catalog import TOOLS
from rest.rates import parse_rate
from tests.api import Api, envelope
from tests.dataset_client import DatasetClient
from tests.mcp_api.agent import Agent
from tests.people import key

READING = [name for name, tool in TOOLS.items() if tool.is_read_only]
WRITING = [name for name in TOOLS if name not in READING]


def arguments_of(client: DatasetClient) -> dict[str, dict[str, Any]]:
    """Return a call of each tool that succeeds for the owner."""
    item = client.new_item(input="first")
    client.new_item(input="second")
    dataset = {"dataset": client.dataset["id"]}
    return {
        "find_datasets": {},
        "describe_dataset": dataset,
        "find_items": dataset,
        "get_item": {"id": item["id"], "versions": True},
        "compare_revisions": dataset | {"from": "1"},
        "tag_revision": dataset | {"tag": "new"},
        "create_dataset": {"name": "New"},
        "fork_dataset": dataset | {"name": "Fork"},
        "write_items": dataset | {"items": [{"input": "third"}]},
        "archive_items": {"ids": [item["id"]]},
        "import_items": dataset | {"text": "input\nfourth\n", "format": "csv"},
        "rollback": dataset | {"revision": "1"},
    }


def test_there_are_at_most_twelve_tools() -> None:
    assert len(TOOLS) == 12
    assert READING == ["find_datasets", "describe_dataset", "find_items", "get_item", "compare_revisions"]


def test_owner_and_colleague_use_all_tools(client: DatasetClient) -> None:
    calls = arguments_of(client)
    assert set(calls) == set(TOOLS)

    for user in (client.people.owner, client.people.colleague):
        agent = Agent(key(user, "dataset:write"))
        assert agent.tools() == list(TOOLS)
        for tool, arguments in calls.items():
            agent.use(tool, **arguments, **({"dry_run": True} if tool in WRITING else {}))


def test_a_key_that_may_only_read_sees_and_uses_no_tool_that_writes(client: DatasetClient) -> None:
    calls = arguments_of(client)
    agent = Agent(key(client.people.owner, "dataset:read"))
    before = client.revisions()

    assert agent.tools() == READING
    for tool in READING:
        agent.use(tool, **calls[tool])
    for tool in WRITING:
        failure = agent.fail(tool, **calls[tool])
        assert failure["error"]["code"] == "permission_denied"
        assert "Do not try again" in failure["what_to_do"]
    assert client.revisions() == before


def test_strangers_see_nothing(client: DatasetClient) -> None:
    calls = arguments_of(client)
    before = client.revisions()
    stranger = Agent(key(client.people.stranger))

    # In the stranger's own project, ids of others do not exist.
    for tool, arguments in calls.items():
        if tool in {"find_datasets", "create_dataset"}:
            continue
        failure = stranger.fail(tool, **arguments)
        assert failure["error"]["code"] in {"not_found", "invalid_input", "does_not_exist"}, tool
    assert stranger.use("find_datasets")["count"] == 0
    # The project itself is closed to them.
    beyond = Agent(key(client.people.stranger), path=f"/mcp/{client.project_id}")
    for tool, arguments in calls.items():
        assert beyond.post("tools/call", {"name": tool, "arguments": arguments}).status_code == 403
    assert client.revisions() == before


@pytest.mark.parametrize("scope", ["insight:write", "project:write", "user:read"])
def test_a_key_without_the_scope_is_refused(client: DatasetClient, scope: str) -> None:
    assert Agent(key(client.people.owner, scope)).post("tools/list").status_code == 403


def test_a_key_must_stand_in_the_header(client: DatasetClient) -> None:
    value = key(client.people.owner)
    body = {"jsonrpc": "2.0", "id": 1, "method": "ping"}

    for answer in (
        Api().post("/mcp", body),
        Api().post(f"/mcp?personal_api_key={value}", body),
        Api().post("/mcp", body | {"personal_api_key": value}),
        Api().post("/mcp", body, headers={"Authorization": f"Basic {value}"}),
        Api("phx_wrong").post("/mcp", body),
    ):
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert envelope(answer)["type"] == "authentication_error"


def test_the_address_names_the_project(client: DatasetClient) -> None:
    sibling = Agent(key(client.people.owner), path=f"/mcp/{client.people.sibling.id}")

    sibling.use("create_dataset", name="Of the sibling")

    assert [each["name"] for each in sibling.use("find_datasets")["datasets"]] == ["Of the sibling"]
    assert sibling.fail("describe_dataset", dataset=client.dataset["id"])["error"]["code"] == "not_found"
    restricted = key(client.people.owner, teams=[client.people.sibling.id])
    assert Agent(restricted).post("tools/list").status_code == 403
    assert Agent(restricted, path=sibling.path).use("find_datasets")["count"] == 1


def test_each_message_is_one_request_of_the_rate_limit(client: DatasetClient, settings: Any) -> None:
    settings.RATE_LIMIT_ENABLED = True
    settings.RATE_LIMIT_BURST = parse_rate("3/minute")
    agent = Agent(key(client.people.owner))

    assert agent.post("tools/list").status_code == 200
    for _ in range(2):
        agent.use("describe_dataset", dataset=client.dataset["id"])
    assert RateLimit.objects.get(ident=f"user:{client.people.owner.id}").burst_count == 3
    refused = agent.post("tools/call", {"name": "find_datasets"})
    assert (refused.status_code, refused.json()["error"]["data"]["code"]) == (429, "throttled")
    assert int(refused.headers["Retry-After"]) > 0
