"""Tools that write."""

import pytest

from tests.dataset_client import DatasetClient
from tests.mcp_api.agent import Agent

GOLDEN = "Golden set"
CASES = [{"input": "2 + 2?", "output": 4, "ref_source_id": "a"}, {"input": "3 + 3?", "output": 6, "ref_source_id": "b"}]
# A call of each tool that writes, for a dataset with one item; "ID" stands for its id.
WRITES = [
    ("create_dataset", {"name": "New"}),
    ("fork_dataset", {"dataset": GOLDEN, "name": "New", "tag": "smoke"}),
    ("tag_revision", {"dataset": GOLDEN, "tag": "new"}),
    ("write_items", {"dataset": GOLDEN, "items": CASES}),
    ("archive_items", {"ids": ["ID"]}),
    ("import_items", {"dataset": GOLDEN, "text": "input\nnew\n", "format": "csv"}),
    ("rollback", {"dataset": GOLDEN, "revision": "1"}),
]


def state(client: DatasetClient) -> tuple[object, ...]:
    datasets = client.api.get(f"{client.datasets}?fields=id,name,item_count,revision").json()
    return datasets, client.revisions(), client.results(), client.api.get(client.path("tags/")).json()


@pytest.mark.parametrize(("tool", "arguments"), WRITES, ids=[tool for tool, _ in WRITES])
def test_a_dry_run_writes_nothing(client: DatasetClient, agent: Agent, tool: str, arguments: dict[str, object]) -> None:
    item = client.new_item(input="old")
    client.patch(item, input="newer")
    if "ids" in arguments:
        arguments = {"ids": [item["id"]]}
    before = state(client)

    assert agent.use(tool, dry_run=True, **arguments)["dry_run"] is True
    assert state(client) == before
    agent.use(tool, **arguments)
    assert state(client) != before


def test_items_are_created_unless_they_exist(client: DatasetClient, agent: Agent) -> None:
    first = agent.use("write_items", dataset=GOLDEN, items=CASES[:1], message="A naïve case")
    assert (first["created"], first["dataset_revision"]) == (1, 1)
    second = agent.use("write_items", dataset=GOLDEN, items=CASES, match_on="ref_source_id", on_conflict="skip")
    assert (second["created"], second["skipped"]) == (1, 1)
    assert [each["message"] for each in client.revisions()] == [None, "A naïve case"]


def test_items_are_changed_by_id(client: DatasetClient, agent: Agent) -> None:
    item = client.new_item(input="2 + 2?", output=5)

    changes = [{"id": item["id"], "output": 4}]
    changed = agent.use("write_items", dataset=GOLDEN, items=changes, match_on="id", on_conflict="update")

    assert changed["updated"] == 1
    (now,) = client.results()
    assert (now["input"], now["output"]) == ("2 + 2?", 4)


def test_digits_and_the_order_of_keys_are_stored(client: DatasetClient, agent: Agent) -> None:
    text = '{"z":1.10,"a":1,"b":1e400}'
    body = (
        '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"write_items","arguments":'
        f'{{"dataset":"{GOLDEN}","items":[{{"input":{text}}}]}}}}}}'
    )

    assert agent.api.post("/mcp", body).json()["result"]["isError"] is False
    assert text in client.page().content.decode()


def test_many_results_are_counted_and_the_first_shown(client: DatasetClient, agent: Agent) -> None:
    written = agent.use("write_items", dataset=GOLDEN, items=[{"input": number} for number in range(300)])

    assert (written["created"], len(written["results"]), written["results_of"]) == (300, 100, 300)


def test_items_are_archived_and_restored_by_condition(client: DatasetClient, agent: Agent) -> None:
    client.new_item(input="one", metadata={"split": "a"})
    client.new_item(input="two", metadata={"split": "b"})
    chosen = {"dataset": GOLDEN, "where": {"metadata__split": "a"}}

    assert agent.use("archive_items", **chosen)["updated"] == 1
    assert [each["input"] for each in client.results()] == ["two"]
    assert agent.use("archive_items", **chosen, restore=True)["updated"] == 1
    assert len(client.results()) == 2


@pytest.mark.parametrize("arguments", [{}, {"dataset": GOLDEN}, {"dataset": GOLDEN, "where": {}}, {"ids": []}])
def test_nothing_is_archived_without_a_choice(
    client: DatasetClient, agent: Agent, arguments: dict[str, object]
) -> None:
    client.new_item()

    assert agent.fail("archive_items", **arguments)["error"]["code"] == "invalid_input"
    assert len(client.results()) == 1


def test_a_file_is_imported(client: DatasetClient, agent: Agent) -> None:
    arguments = {
        "dataset": GOLDEN,
        "text": "id,question,answer\na,2 + 2?,4\n",
        "format": "csv",
        "mapping": {"id": "ref_source_id", "question": "input.q", "answer": "output"},
        "match_on": "ref_source_id",
    }

    tried = agent.use("import_items", **arguments, dry_run=True)
    assert tried["preview"][0]["input"] == {"q": "2 + 2?"}
    assert agent.use("import_items", **arguments)["created"] == 1
    assert client.results()[0]["input"] == {"q": "2 + 2?"}


def test_a_fork_is_tagged(client: DatasetClient, agent: Agent) -> None:
    agent.use("write_items", dataset=GOLDEN, items=[{"input": number} for number in range(20)])

    forked = agent.use("fork_dataset", dataset=GOLDEN, name="Smoke", where={"sample": 5, "seed": 7}, tag="smoke-1")

    assert (forked["item_count"], forked["revision"]) == (5, 1)
    assert agent.use("describe_dataset", dataset="Smoke")["tags"] == {"smoke-1": 1}


def test_a_fork_with_an_invalid_tag_is_not_made(client: DatasetClient, agent: Agent) -> None:
    client.new_item()
    assert agent.fail("fork_dataset", dataset=GOLDEN, name="Smoke", tag="NO TAG")["error"]["attr"] == "name"
    assert agent.use("find_datasets")["count"] == 1


def test_a_tag_is_moved_only_by_force(client: DatasetClient, agent: Agent) -> None:
    client.new_item()
    agent.use("tag_revision", dataset=GOLDEN, tag="release-1")
    client.new_item()

    failure = agent.fail("tag_revision", dataset=GOLDEN, tag="release-1")
    assert failure["error"]["code"] == "tag_exists"
    assert "force" in failure["what_to_do"]
    assert agent.use("tag_revision", dataset=GOLDEN, tag="release-1", force=True)["revision"] == 2


def test_a_rollback_is_a_new_revision(client: DatasetClient, agent: Agent) -> None:
    client.new_item(input="first")
    client.new_item(input="second")

    done = agent.use("rollback", dataset=GOLDEN, revision="1", message="Back to the first")

    assert (done["archived"], done["dataset_revision"]) == (1, 3)
    assert [each["input"] for each in client.results()] == ["first"]
