"""Three jobs as an agent would do them, with the calls and the bytes that they take."""

from tests.dataset_client import DatasetClient
from tests.mcp_api.agent import Agent

MAX_JOB_BYTES = 10_000


def test_add_two_failing_cases_unless_they_exist(client: DatasetClient, agent: Agent) -> None:
    client.new_item(input="refund after 30 days", output="no", ref_source_id="refund-30")
    cases = [
        {"input": "refund after 30 days", "output": "no", "ref_source_id": "refund-30"},
        {"input": "refund of a gift", "output": "store credit", "ref_source_id": "refund-gift"},
    ]

    (dataset,) = agent.use("find_datasets", search="golden")["datasets"]
    chosen = {"dataset": dataset["name"], "items": cases, "match_on": "ref_source_id", "on_conflict": "skip"}
    tried = agent.use("write_items", **chosen, dry_run=True)
    assert (tried["created"], tried["skipped"]) == (1, 1)
    written = agent.use("write_items", **chosen, message="Two failures of today")

    assert written["created"] == 1
    assert len(client.results()) == 2
    assert (agent.calls, agent.bytes_read < MAX_JOB_BYTES) == (3, True)


def test_say_what_changed_and_which_cases_lost_their_expected_output(client: DatasetClient, agent: Agent) -> None:
    items = [client.new_item(input=f"case {number}", output=number) for number in range(6)]
    client.tag("release-1", 6)
    client.patch(items[0], output=None)
    client.patch(items[1], output=10)
    client.archive(items[2])
    client.new_item(input="new")

    compared = agent.use("compare_revisions", dataset="Golden set", **{"from": "release-1"})

    lost = [each["id"] for each in compared["changes"] if "output" in each.get("lost", [])]
    assert compared["counts"] == {"added": 1, "removed": 1, "changed": 2}
    assert lost == [items[0]["id"]]
    assert (agent.calls, agent.bytes_read < MAX_JOB_BYTES) == (1, True)


def test_split_off_a_hundred_for_smoke_tests_with_a_tag(client: DatasetClient, agent: Agent) -> None:
    agent.use("write_items", dataset="Golden set", items=[{"input": number, "output": number} for number in range(150)])
    agent.calls = agent.bytes_read = 0
    chosen = {"dataset": "Golden set", "name": "Smoke", "where": {"sample": 100, "seed": 1}, "tag": "smoke-1"}

    tried = agent.use("fork_dataset", **chosen, dry_run=True)
    assert tried["item_count"] == 100
    assert agent.use("fork_dataset", **chosen)["item_count"] == 100
    described = agent.use("describe_dataset", dataset="Smoke")

    assert described["tags"] == {"smoke-1": 1}
    assert (agent.calls, agent.bytes_read < MAX_JOB_BYTES) == (3, True)
