"""What schemas cost in statements: nothing where there are none, and nothing more once a process knows them."""

import re
from typing import Any

from items.quality import duplicates, in_force, present_items, stats
from tests.history.counter import Counter
from tests.history.scene import Scene
from tests.quality.demands import FITTING, MISFIT, QUESTION, demand


def test_writes_cost_two_statements_more_until_the_schemas_are_known(scene: Scene, statements: Counter) -> None:
    demand(scene, input=QUESTION)
    item, body = scene.new_item(input=FITTING), {"dataset": scene.dataset["id"], "input": FITTING}
    changes = iter([{"input": {"q": f"{number}"}} for number in range(9)])
    in_force.known.clear()

    assert [len(statements("POST", scene.items, body, 201)) for _ in range(2)] == [4, 2]
    in_force.known.clear()
    # The item is read again too.
    assert [len(statements("PATCH", scene.item_path(item), next(changes))) for _ in range(2)] == [5, 2]


def test_what_no_schema_can_say_anything_about_costs_nothing_more(scene: Scene, statements: Counter) -> None:
    demand(scene, input=QUESTION)
    item = scene.new_item(input=FITTING)
    in_force.known.clear()

    # Only the schemas tell that the output may be anything.
    assert len(statements("PATCH", scene.item_path(item), {"output": 1, "ref_trace_id": "t"})) == 5
    in_force.known.clear()
    assert len(statements("PATCH", scene.item_path(item), {"ref_trace_id": "u"})) == 2
    assert len(statements("POST", scene.item_path(item, "archive/"))) == 2


def test_a_refusal_reads_the_schemas_once_more(scene: Scene, statements: Counter) -> None:
    demand(scene, input=QUESTION)
    scene.new_item(input=FITTING)

    assert len(statements("POST", scene.items, {"dataset": scene.dataset["id"], "input": MISFIT}, 400)) == 2


def test_reading_what_is_demanded_and_what_is_there(scene: Scene, statements: Counter) -> None:
    few: dict[str, Any] = {}
    for _ in range(2):
        for rest, cost in (("schemas/", 2), ("schemas/?revision=1", 4), ("duplicates/?on=input", 4), ("stats/", 4)):
            made = len(statements("GET", scene.path(rest)))
            assert made == few.setdefault(rest, made) == cost, rest
        for _ in range(3):
            scene.new_item(input=1)


def test_schemas_are_put_at_the_same_cost_whatever_is_there(scene: Scene, statements: Counter) -> None:
    costs = []
    for number in range(3):
        costs.append(len(statements("PUT", scene.path("schemas/"), {"input": {"title": f"{number}"}})))
        for _ in range(5):
            scene.new_item(input=1)
    again = len(statements("PUT", scene.path("schemas/"), {"input": {"title": "2"}}))
    new = len(statements("PUT", scene.path("schemas/"), {"input": {"title": "3"}, "enforce": "new"}))

    assert (set(costs), again, new) == ({8}, 3, 4)


def test_what_is_read_of_a_whole_dataset_is_read_of_its_project() -> None:
    statements = [present_items.LIVE, present_items.CHANGED, present_items.COUNT_CHANGED, stats.STATS]
    for statement in [*statements, duplicates.page_statement(duplicates.COMPARABLE)]:
        tables = re.findall(r"(?:FROM|JOIN)\s+(?:dataset_item|dataset_change|dataset_head)\s", statement)
        assert len(re.findall(r"team_id = %\(team\)s", statement)) == len(tables) > 0


def test_duplicates_are_archived_at_the_same_cost_however_many(scene: Scene, statements: Counter) -> None:
    path = scene.path("duplicates/?on=input")
    costs = []
    for many in (2, 12):
        for _ in range(many):
            scene.new_item(input=1)
        costs.append(len(statements("POST", path)))

    assert costs == [costs[0]] * 2
    assert (costs[0], len(statements("POST", path))) == (12, 6)
