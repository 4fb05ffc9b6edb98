"""Tools that read, and resources."""

from tests.dataset_client import DatasetClient
from tests.mcp_api.agent import Agent

GOLDEN = "Golden set"


def test_datasets_are_found(client: DatasetClient, agent: Agent) -> None:
    client.new_dataset("Other", description="Questions about taxes")
    client.new_item(input=1)

    found = agent.use("find_datasets")
    assert [(each["name"], each["item_count"]) for each in found["datasets"]] == [("Other", 0), (GOLDEN, 1)]
    assert [each["name"] for each in agent.use("find_datasets", search="taxes")["datasets"]] == ["Other"]
    page = agent.use("find_datasets", limit=1)
    assert (page["count"], page["next_offset"]) == (2, 1)
    assert agent.use("find_datasets", limit=1, offset=1)["next_offset"] is None


def test_a_dataset_is_described(client: DatasetClient, agent: Agent) -> None:
    client.new_item(input={"question": "2 + 2?"}, output=4)
    client.tag("release-1", 1)
    schema = {"type": "object"}
    client.api.put(client.path("schemas/"), {"input": schema})

    described = agent.use("describe_dataset", dataset=GOLDEN)

    assert described["id"] == client.dataset["id"]
    assert (described["item_count"], described["revision"]) == (1, 1)
    assert described["tags"] == {"release-1": 1}
    assert described["input_schema"] == schema
    assert described["keys"] == {"input": {"question": 1}, "output": {"number": 1}, "metadata": {}}
    assert described["latest_revisions"][0]["created"] == 1
    assert described["console"].endswith(f"/projects/{client.project_id}/datasets/{client.dataset['id']}")


def test_items_are_found(client: DatasetClient, agent: Agent) -> None:
    easy = client.new_item(input="2 + 2?", output=4, metadata={"split": "easy"}, ref_source_id="a")
    client.new_item(input="3 + 3?", metadata={"split": "hard"})

    found = agent.use("find_items", dataset=GOLDEN, where={"metadata__split": "easy"})
    (item,) = found["items"]
    assert (item["id"], item["input"], item["output"], item["ref_source_id"]) == (easy["id"], "2 + 2?", 4, "a")
    assert (found["count"], found["revision"]) == (1, 2)
    assert found["notice"]
    assert agent.use("find_items", dataset=GOLDEN, where={"output__exists": False})["count"] == 1
    assert agent.use("find_items", dataset=GOLDEN, where={"id__in": [easy["id"]]})["count"] == 1
    assert agent.use("find_items", dataset=GOLDEN, where={"sample": 1, "seed": 7})["count"] == 1
    assert agent.use("find_items", dataset=client.dataset["id"], revision="1", fields="id")["items"] == [
        {"id": easy["id"]}
    ]


def test_a_cursor_leads_through_all_items(client: DatasetClient, agent: Agent) -> None:
    ids = {client.new_item(input=number)["id"] for number in range(5)}

    seen, cursor = [], ""
    while cursor is not None:
        page = agent.use("find_items", dataset=GOLDEN, limit=2, cursor=cursor)
        seen += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]

    assert len(seen) == 5
    assert set(seen) == ids


def test_an_item_is_shown_with_its_versions(client: DatasetClient, agent: Agent) -> None:
    item = client.new_item(input="2 + 2?", output=4)
    client.patch(item, output=None)

    shown = agent.use("get_item", id=item["id"], versions=True)
    assert shown["item"]["version"] == 2
    assert "output" not in shown["item"]
    assert [(each["version"], each.get("output")) for each in shown["versions"]] == [(2, None), (1, 4)]
    assert agent.use("get_item", id=item["id"], version=1)["item"]["output"] == 4
    assert agent.use("get_item", id=item["id"], revision="1", dataset=GOLDEN)["item"]["output"] == 4


def test_a_long_value_is_cut_and_read_in_parts(client: DatasetClient, agent: Agent) -> None:
    text = "".join(f'line {number}: "quoted"\n' for number in range(3000))
    item = client.new_item(input=text, output=4)

    shown = agent.use("get_item", id=item["id"])["item"]
    assert set(shown["input"]) == {"cut", "bytes"}
    assert shown["output"] == 4
    parts, offset = [], 0
    while offset is not None:
        part = agent.use("get_item", id=item["id"], field="input", offset=offset)
        parts.append(part["json_part"])
        offset = part["next_offset"]
    whole = "".join(parts)
    assert len(whole) == part["characters"]
    assert whole == agent.api.get(client.item_path(item)).content.decode().partition('"input":')[2][: len(whole)]


def test_digits_and_the_order_of_keys_stay(client: DatasetClient, agent: Agent) -> None:
    text = '{"z":1.10,"a":123456789012345678901234567890,"b":1e400}'
    body = f'{{"dataset": "{client.dataset["id"]}", "input": {text}}}'
    item = client.api.post(client.items, body).json()

    response = agent.post("tools/call", {"name": "get_item", "arguments": {"id": item["id"]}})

    assert text in response.json()["result"]["content"][0]["text"]


def test_revisions_are_compared(client: DatasetClient, agent: Agent) -> None:
    kept, changed = client.new_item(input="kept", output=1), client.new_item(input="changed", output=2)
    client.tag("release-1", 2)
    client.patch(changed, output=None, metadata={"why": "wrong"})
    added = client.new_item(input="added")
    client.archive(kept)

    compared = agent.use("compare_revisions", dataset=GOLDEN, **{"from": "release-1"})

    assert (compared["from"], compared["to"]) == (2, 5)
    assert compared["counts"] == {"added": 1, "removed": 1, "changed": 1}
    by_id = {each["id"]: each for each in compared["changes"]}
    assert by_id[changed["id"]]["lost"] == ["output"]
    assert by_id[changed["id"]]["output_before"] == 2
    assert by_id[changed["id"]]["metadata_after"] == {"why": "wrong"}
    assert by_id[added["id"]]["input"] == "added"
    assert by_id[kept["id"]]["change"] == "removed"
    assert "lost" not in by_id[kept["id"]]
    only = agent.use("compare_revisions", dataset=GOLDEN, change="added", limit=1, **{"from": "release-1"})
    assert [each["id"] for each in only["changes"]] == [added["id"]]


def test_resources_are_listed_and_read(client: DatasetClient, agent: Agent) -> None:
    item = client.new_item(input="2 + 2?", output=4)
    client.patch(item, output="four")

    (listed,) = agent.result("resources/list")["resources"]
    assert listed["uri"] == "dataset://Golden%20set@2"
    (content,) = agent.result("resources/read", {"uri": listed["uri"]})["contents"]
    assert item["id"] in content["text"]
    (content,) = agent.result("resources/read", {"uri": f"dataset://Golden%20set@1/items/{item['id']}"})["contents"]
    assert '"output":4' in content["text"]
    assert len(agent.result("resources/templates/list")["resourceTemplates"]) == 2


def test_pages_of_resources(client: DatasetClient, agent: Agent) -> None:
    for number in range(50):
        client.new_dataset(f"Dataset {number}")

    first = agent.result("resources/list")
    second = agent.result("resources/list", {"cursor": first["nextCursor"]})

    assert [len(page["resources"]) for page in (first, second)] == [50, 1]
    assert "nextCursor" not in second
