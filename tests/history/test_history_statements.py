"""How many statements keeping and reading history costs. The first is always the one that decides about access, and may
read an item."""

import pytest

from tests.history.counter import Counter
from tests.history.scene import Body, Scene


@pytest.fixture
def item(scene: Scene) -> Body:
    return scene.patch(scene.new_item(input="first"), input="second")


def test_creating_an_item_costs_two_statements(scene: Scene, statements: Counter) -> None:
    for body in ({"input": {"q": 1}}, {"deleted": True}):
        made = statements("POST", scene.items, {"dataset": scene.dataset["id"], **body}, 201)
        assert len(made) == 2


@pytest.mark.parametrize(
    "body", [{"input": 1}, {"deleted": True}, {"deleted": None}, {}, {"input": "second"}, {"output": 1, "metadata": 2}]
)
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_writing_an_item_costs_two_statements(
    scene: Scene, statements: Counter, item: Body, method: str, body: Body
) -> None:
    both = {"dataset": scene.dataset["id"], **body}

    for headers in ({}, {"If-Match": "*"}):
        assert len(statements(method, scene.item_path(item), both, **headers)) == 2


def test_a_stale_write_costs_one_statement(scene: Scene, statements: Counter, item: Body) -> None:
    assert len(statements("PATCH", scene.item_path(item), {"input": 1}, 412, **{"If-Match": '"1"'})) == 1


def test_moving_an_item_costs_one_statement_more(scene: Scene, statements: Counter, item: Body) -> None:
    other = scene.new_dataset()

    assert len(statements("PATCH", scene.item_path(item), {"dataset": other["id"]})) == 3


def test_archiving_and_restoring_cost_two_statements(scene: Scene, statements: Counter, item: Body) -> None:
    for rest in ("archive/", "archive/", "restore/", "restore/"):
        assert len(statements("POST", scene.item_path(item, rest))) == 2
    # One more finds the version.
    assert len(statements("POST", scene.item_path(item, "restore/"), {"source_version": 1})) == 3


def test_an_idempotent_write_costs_two_statements_more_and_a_replay_three_in_all(
    scene: Scene, statements: Counter
) -> None:
    body = {"dataset": scene.dataset["id"]}
    headers = {"Idempotency-Key": "k"}

    assert len(statements("POST", scene.items, body, 201, **headers)) == 4
    assert len(statements("POST", scene.items, body, 201, **headers)) == 3


def test_writing_a_dataset_costs_three_statements(scene: Scene, statements: Counter) -> None:
    for body in ({"name": "new"}, {}, {"deleted": True}):
        assert len(statements("PATCH", scene.path(), body)) == 3
    assert len(statements("POST", scene.datasets, {"name": "new"}, 201)) == 2


def test_a_fork_costs_as_much_whatever_it_holds(scene: Scene, statements: Counter) -> None:
    empty = len(statements("POST", scene.path("fork/"), {"name": "Fork"}, 201))
    for number in range(20):
        scene.new_item(input=number)

    assert len(statements("POST", scene.path("fork/"), {"name": "Fork"}, 201)) == empty == 5


def test_reading_an_item_costs_one_statement_and_one_more_with_a_parameter(
    scene: Scene, statements: Counter, item: Body
) -> None:
    path = scene.item_path(item)

    for query in (f"?dataset={scene.dataset['id']}", "?version=1", "?version=2"):
        assert len(statements("GET", path + query)) == 2
    assert len(statements("GET", path)) == 1
    assert len(statements("GET", path, None, 304, **{"If-None-Match": '"2"'})) == 1


def test_reading_an_item_of_the_past_costs_at_most_five_statements(
    scene: Scene, statements: Counter, item: Body
) -> None:
    path, of = scene.item_path(item), f"&dataset={scene.dataset['id']}"

    assert len(statements("GET", f"{path}?revision=2")) == 5
    assert len(statements("GET", f"{path}?revision=2{of}")) == 4


def test_a_list_costs_two_statements_and_an_unchanged_one_too(scene: Scene, statements: Counter, item: Body) -> None:
    path = f"{scene.items}?dataset={scene.dataset['id']}"
    tag = scene.page().headers["ETag"]

    assert len(statements("GET", path)) == 2
    unchanged = statements("GET", path, None, 304, **{"If-None-Match": tag})
    assert len(unchanged) == 2
    assert "dataset_item" not in "".join(unchanged)
    assert len(statements("GET", path, None, 200, **{"If-None-Match": '"other"'})) == 3


@pytest.mark.parametrize("moment", ["revision=3", "revision=golden", "as_of=9999-01-01T00:00:00Z"])
@pytest.mark.parametrize("limit", [1, 1000])
def test_a_list_of_the_past_costs_at_most_five_statements(
    scene: Scene, statements: Counter, item: Body, moment: str, limit: int
) -> None:
    scene.tag("golden", 3)
    path = f"{scene.items}?dataset={scene.dataset['id']}&limit={limit}&{moment}"
    one_author = len(statements("GET", path))
    scene.new_item(by=scene.colleague)

    assert one_author == 3
    assert len(statements("GET", path)) <= 4
    tag = scene.api.get(path).headers["ETag"]
    assert len(statements("GET", path, None, 304, **{"If-None-Match": tag})) == 2


def test_a_list_of_before_the_beginning_costs_three_statements(scene: Scene, statements: Counter) -> None:
    path = f"{scene.items}?dataset={scene.dataset['id']}&as_of=0001-01-01T00:00:00Z"

    assert len(statements("GET", path)) == 3


@pytest.mark.parametrize(("rest", "count"), [("revisions/", 2), ("changes/", 2), ("diff/?from=1&to=3", 5)])
def test_reading_what_happened_costs_as_much_however_much_it_was(
    scene: Scene, statements: Counter, item: Body, rest: str, count: int
) -> None:
    few = len(statements("GET", scene.path(rest)))
    for number in range(20):
        scene.patch(item, input=number)
    scene.new_item(by=scene.colleague)

    assert few == count
    # One more for the other author.
    assert len(statements("GET", scene.path(rest))) <= count + 1


def test_versions_of_an_item_cost_three_statements(scene: Scene, statements: Counter, item: Body) -> None:
    assert len(statements("GET", scene.item_path(item, "versions/"))) == 3
    for number in range(20):
        scene.patch(item, input=number)

    assert len(statements("GET", scene.item_path(item, "versions/"))) == 3
