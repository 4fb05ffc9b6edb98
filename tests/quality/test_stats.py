"""What is in a dataset."""

from tests.history.scene import NOWHERE, PREFIXES, Body, Scene, shown, unknown


def stats(scene: Scene) -> Body:
    return shown(scene.api.get(scene.path("stats/")))


def test_an_empty_dataset(scene: Scene) -> None:
    nothing = {
        "present": 0, "bytes": {"total": 0, "median": None, "p95": None, "largest": None}, "types": {}, "keys": [],
    }  # fmt: skip

    assert stats(scene) == {
        "dataset_revision": 1,
        "items": {"live": 0, "archived": 0},
        "first_created_at": None,
        "last_created_at": None,
        "bytes": 0,
        "fields": {"input": nothing, "output": nothing, "metadata": nothing},
        "present": {"ref_trace_id": 0, "ref_timestamp": 0, "ref_source_id": 0},
        "types_of": 0,
        "authors": [],
    }


def test_what_items_hold(scene: Scene) -> None:
    first = scene.new_item(input={"q": "é", "n": 1}, output=[1], ref_trace_id="t")
    scene.new_item(input={"q": None}, output="x", metadata={"q": {"deep": 1}})
    last = scene.new_item(input=7, by=scene.colleague)
    scene.archive(scene.new_item(input={"archived": True}))
    scene.new_item(scene.new_dataset("Other"), input={"other": 1})

    found = stats(scene)

    assert found["items"] == {"live": 3, "archived": 1}
    assert (found["first_created_at"], found["last_created_at"]) == (first["created_at"], last["created_at"])
    assert found["fields"]["input"] == {
        "present": 3,
        # {"q": "é", "n": 1}, {"q": null} and 7, as they were sent.
        "bytes": {"total": 31, "median": 11, "p95": 19, "largest": 19},
        "types": {"object": 2, "number": 1},
        "keys": [
            {"key": "q", "count": 2, "types": {"null": 1, "string": 1}},
            {"key": "n", "count": 1, "types": {"number": 1}},
        ],
    }
    assert found["fields"]["output"]["types"] == {"array": 1, "string": 1}
    assert found["fields"]["metadata"]["keys"] == [{"key": "q", "count": 1, "types": {"object": 1}}]
    assert found["bytes"] == sum(found["fields"][name]["bytes"]["total"] for name in found["fields"])
    assert found["present"] == {"ref_trace_id": 1, "ref_timestamp": 0, "ref_source_id": 0}
    assert [(each["created_by"]["email"], each["count"]) for each in found["authors"]] == [
        ("owner@example.com", 2),
        ("colleague@example.com", 1),
    ]


def test_the_most_frequent_keys_are_named(scene: Scene) -> None:
    scene.new_item(input={f"k{number:03}": 1 for number in range(150)})
    scene.new_item(input={"k149": "x", "k" * 300: None})

    keys = stats(scene)["fields"]["input"]["keys"]

    assert len(keys) == 100
    assert keys[0] == {"key": "k149", "count": 2, "types": {"number": 1, "string": 1}}
    assert [each["key"] for each in keys[1:]] == [f"k{number:03}" for number in range(99)]


def test_statistics_are_of_a_revision(scene: Scene) -> None:
    for prefix in PREFIXES:
        path = f"/api/{prefix}/{scene.project_id}/datasets/{scene.dataset['id']}/stats/"
        answer = scene.api.get(path)
        tag = answer.headers["ETag"]
        again = scene.api.get(path, headers={"If-None-Match": tag})
        assert (answer.headers["Dataset-Revision"], again.status_code) == (str(scene.head()), 304)
        assert again.headers["Dataset-Revision"] == answer.headers["Dataset-Revision"]
        scene.new_item()
        assert scene.api.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_statistics_of_an_unknown_dataset(scene: Scene) -> None:
    unknown(scene.api.get(f"{scene.datasets}{NOWHERE}/stats/"))
