"""Statistics of a dataset."""

from tests.dataset_client import NOWHERE, PREFIXES, Body, DatasetClient, assert_not_found, ok


def stats(client: DatasetClient) -> Body:
    return ok(client.api.get(client.path("stats/")))


def test_an_empty_dataset(client: DatasetClient) -> None:
    nothing = {
        "present": 0, "bytes": {"total": 0, "median": None, "p95": None, "largest": None}, "types": {}, "keys": [],
    }  # fmt: skip

    assert stats(client) == {
        "dataset_revision": 0,
        "items": {"live": 0, "archived": 0},
        "first_created_at": None,
        "last_created_at": None,
        "bytes": 0,
        "fields": {"input": nothing, "output": nothing, "metadata": nothing},
        "present": {"ref_trace_id": 0, "ref_timestamp": 0, "ref_source_id": 0},
        "sampled_items": 0,
        "authors": [],
    }


def test_statistics_of_fields(client: DatasetClient) -> None:
    first = client.new_item(input={"q": "é", "n": 1}, output=[1], ref_trace_id="t")
    client.new_item(input={"q": None}, output="x", metadata={"q": {"deep": 1}})
    last = client.new_item(input=7, by=client.colleague)
    client.archive(client.new_item(input={"archived": True}))
    client.new_item(client.new_dataset("Other"), input={"other": 1})

    result = stats(client)

    assert result["items"] == {"live": 3, "archived": 1}
    assert (result["first_created_at"], result["last_created_at"]) == (first["created_at"], last["created_at"])
    assert result["fields"]["input"] == {
        "present": 3,
        # {"q": "é", "n": 1}, {"q": null} and 7, as sent.
        "bytes": {"total": 31, "median": 11, "p95": 19, "largest": 19},
        "types": {"object": 2, "number": 1},
        "keys": [
            {"key": "q", "count": 2, "types": {"null": 1, "string": 1}},
            {"key": "n", "count": 1, "types": {"number": 1}},
        ],
    }
    assert result["fields"]["output"]["types"] == {"array": 1, "string": 1}
    assert result["fields"]["metadata"]["keys"] == [{"key": "q", "count": 1, "types": {"object": 1}}]
    assert result["bytes"] == sum(result["fields"][name]["bytes"]["total"] for name in result["fields"])
    assert result["present"] == {"ref_trace_id": 1, "ref_timestamp": 0, "ref_source_id": 0}
    assert [(each["created_by"]["email"], each["count"]) for each in result["authors"]] == [
        ("owner@example.com", 2),
        ("colleague@example.com", 1),
    ]


def test_the_most_frequent_keys_are_named(client: DatasetClient) -> None:
    client.new_item(input={f"k{number:03}": 1 for number in range(150)})
    client.new_item(input={"k149": "x", "k" * 300: None})

    keys = stats(client)["fields"]["input"]["keys"]

    assert len(keys) == 100
    assert keys[0] == {"key": "k149", "count": 2, "types": {"number": 1, "string": 1}}
    assert [each["key"] for each in keys[1:]] == [f"k{number:03}" for number in range(99)]


def test_statistics_are_of_a_revision(client: DatasetClient) -> None:
    for prefix in PREFIXES:
        path = f"/api/{prefix}/{client.project_id}/datasets/{client.dataset['id']}/stats/"
        response = client.api.get(path)
        tag = response.headers["ETag"]
        again = client.api.get(path, headers={"If-None-Match": tag})
        assert (response.headers["Dataset-Revision"], again.status_code) == (str(client.head()), 304)
        assert again.headers["Dataset-Revision"] == response.headers["Dataset-Revision"]
        client.new_item()
        assert client.api.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_statistics_of_an_unknown_dataset(client: DatasetClient) -> None:
    assert_not_found(client.api.get(f"{client.datasets}{NOWHERE}/stats/"))
