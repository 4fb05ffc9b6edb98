"""Editing an item: exact texts, conflicts, versions."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.console.conftest import Console

HOSTILE_VALUES = [
    "123456789012345678901234567890.1000",
    "1e400",
    "-0.0",
    '{"b":1,"a":2,"b":3}',
    '{ "z" : [ 1.50 , 2E+3 ] }',
    '"</script><img src=x onerror=alert(1)>"',
    '"\\u00e9\\/\\ud83d\\ude00"',
    '{"__proto__":{"x":1},"":null}',
    '[{"role":"user","content":"1.0"},{"role":"assistant","content":[1.0]}]',
    "null",
]


def open_first(page: Page) -> None:
    page.locator(".row .cell").first.click()
    expect(page.get_by_role("button", name="Edit")).to_be_enabled()


def raw_items(console: Console, dataset: str) -> str:
    """The list as it is spelt."""
    return console.http.get("dataset_items/", params={"dataset": dataset, "fields": "input,output,metadata"}).text


@pytest.mark.parametrize("form", ["Form", "JSON"])
def test_open_and_save_of_hostile_values_makes_no_version(console: Console, form: str) -> None:
    dataset = console.dataset()
    console.load(
        dataset, "\n".join('{"input":%s,"output":%s,"metadata":{"m":%s}}' % ((v,) * 3) for v in HOSTILE_VALUES)
    )
    before = raw_items(console, dataset)
    page = console.page(console.at(dataset))
    open_first(page)

    for _ in HOSTILE_VALUES:
        page.keyboard.press("e")
        for field in ("input", "output", "metadata"):
            group = page.get_by_role("group", name=f"Edit {field} as")
            button = group.get_by_role("button", name=form)
            if button.is_enabled():
                button.click()
        if form == "JSON":
            expect(page.locator(".cm-content")).to_have_count(3)
        expect(page.get_by_text("Nothing edited")).to_be_visible()
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("button", name="Edit")).to_be_enabled()
        page.keyboard.press("j")
        expect(page.get_by_role("button", name="Edit")).to_be_enabled()

    assert raw_items(console, dataset) == before
    assert {console.http.get(f"dataset_items/{each['id']}/").headers["etag"] for each in console.items(dataset)} == {
        '"1"'
    }


def test_edit_of_one_text_leaves_the_rest_to_the_letter(console: Console) -> None:
    dataset = console.dataset()
    console.load(dataset, '{"input":{"q":"2 + 2","n":1.50,"q2":1e400},"output":4.0}')
    page = console.page(console.at(dataset))
    open_first(page)

    page.keyboard.press("e")
    page.get_by_label("input.q", exact=True).fill("3 + 3")
    page.get_by_label("output", exact=True).fill("6.00")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Saved as version 2.")).to_be_visible()

    assert '"input":{"q":"3 + 3","n":1.50,"q2":1e400},"output":6.00' in raw_items(console, dataset)


def test_broken_json_is_refused_at_its_line_and_cannot_be_saved(console: Console) -> None:
    page = console.page(console.at(console.dataset(lines=[{"input": {"a": 1, "b": 2}}])))
    open_first(page)

    page.keyboard.press("e")
    page.get_by_role("group", name="Edit input as").get_by_role("button", name="JSON").click()
    page.locator(".cm-content").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(",")

    expect(page.get_by_role("alert")).to_contain_text("Line 4")
    expect(page.get_by_role("button", name="Save")).to_be_disabled()


def test_schema_tells_its_error_at_the_field(console: Console) -> None:
    dataset = console.dataset(lines=[{"input": {"q": "x"}, "output": 4}])
    console.http.put(f"datasets/{dataset}/schemas/", json={"output": {"type": "integer"}}).raise_for_status()
    page = console.page(console.at(dataset))
    open_first(page)

    page.keyboard.press("e")
    page.get_by_label("output", exact=True).fill("64.50")
    page.keyboard.press("Control+Enter")

    expect(page.locator("section.field").nth(1).get_by_role("alert")).to_contain_text("integer")


def test_two_people_on_one_item_see_both_sides(console: Console) -> None:
    dataset = console.dataset(lines=[{"input": "2 + 2", "output": 5, "metadata": {"split": "test", "steps": 1}}])
    item = console.items(dataset)[0]["id"]
    page = console.page(console.at(dataset))
    open_first(page)
    page.keyboard.press("e")
    page.get_by_label("output", exact=True).fill("4")
    page.get_by_label("metadata.steps", exact=True).fill("2")
    theirs = {"output": 44, "metadata": {"split": "train", "steps": 1}}
    console.http.patch(f"dataset_items/{item}/", json=theirs).raise_for_status()

    page.keyboard.press("Control+Enter")
    conflict = page.get_by_role("tabpanel", name="Conflict")
    expect(conflict).to_contain_text("Somebody else has saved version 2")
    expect(conflict).to_contain_text("44")
    page.get_by_role("group", name="What output becomes").get_by_role("button", name="Mine").click()
    page.get_by_role("button", name="Save the result").click()
    expect(page.get_by_text("Saved as version 3.")).to_be_visible()

    saved = console.items(dataset)[0]
    assert saved["output"] == 4
    assert saved["metadata"] == {"split": "train", "steps": 2}


def test_a_conflict_is_decided_for_the_place_that_both_changed(console: Console) -> None:
    dataset = console.dataset(lines=[{"input": "2 + 2", "metadata": {"split": "test", "steps": 1}}])
    item = console.items(dataset)[0]["id"]
    page = console.page(console.at(dataset))
    open_first(page)
    page.keyboard.press("e")
    page.get_by_label("metadata.steps", exact=True).fill("2")
    console.http.patch(f"dataset_items/{item}/", json={"metadata": {"split": "train", "steps": 3}}).raise_for_status()

    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Save the result")).to_be_disabled()
    page.get_by_role("group", name="What metadata becomes").get_by_role("button", name="Mine").click()
    expect(page.get_by_role("tabpanel", name="Conflict")).to_contain_text("What it becomes")
    page.get_by_role("button", name="Save the result").click()
    expect(page.get_by_text("Saved as version 3.")).to_be_visible()

    assert console.items(dataset)[0]["metadata"] == {"split": "train", "steps": 2}


def test_a_new_item_takes_numbers_as_numbers(console: Console) -> None:
    dataset = console.dataset(lines=[{"input": {"q": "2 + 2"}, "output": 4, "metadata": {"room": 4}}])
    page = console.page(console.at(dataset))
    expect(page.locator(".row").first).to_contain_text("2 + 2")

    page.keyboard.press("n")
    page.get_by_label("input.q", exact=True).fill("3 + 3")
    page.get_by_label("output", exact=True).fill("6.0")
    page.get_by_label("metadata.room", exact=True).fill("12")
    page.get_by_role("button", name="Make it a text").last.click()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("complementary", name="Item")).to_contain_text("3 + 3")

    assert '"input":{"q": "3 + 3"},"output":6.0,"metadata":{"room": "12"}' in raw_items(console, dataset)


def test_messages_are_shown_with_all_that_they_hold(console: Console) -> None:
    call = {"role": "assistant", "content": None, "tool_calls": [{"name": "order_status"}]}
    page = console.page(
        console.at(console.dataset(lines=[{"input": [{"role": "system", "content": "Be brief."}, call]}]))
    )

    expect(page.locator(".row .cell").first).to_have_text("assistantnull")
    open_first(page)

    expect(page.get_by_role("complementary", name="Item")).to_contain_text("order_status")


def test_versions_show_what_changed_and_come_back(console: Console) -> None:
    dataset = console.dataset(lines=[{"input": "2 + 2", "output": 4}])
    item = console.items(dataset)[0]["id"]
    console.http.patch(f"dataset_items/{item}/", json={"output": 5}).raise_for_status()
    page = console.page(console.at(dataset, f"?item={item}&tab=versions"))

    expect(page.locator(".change").first).to_contain_text("output")
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("Version 1 is back, as version 3.")).to_be_visible()

    assert console.items(dataset)[0]["output"] == 4


def test_the_next_item_is_there_before_it_is_asked_for(console: Console) -> None:
    page = console.page(console.at(console.dataset(lines=[{"input": f"question {n}"} for n in range(3)])))
    with page.expect_response(lambda answer: "/dataset_items/0" in answer.url):
        open_first(page)
    expect(page.get_by_role("complementary", name="Item")).to_contain_text("question 2")
    page.wait_for_load_state("networkidle")

    page.context.set_offline(True)
    page.keyboard.press("j")

    expect(page.get_by_role("complementary", name="Item")).to_contain_text("question 1")
    expect(page.get_by_role("button", name="Edit")).to_be_enabled()
    page.context.set_offline(False)


def test_draft_outlives_a_look_at_another_item(console: Console) -> None:
    page = console.page(
        console.at(console.dataset(lines=[{"input": "one", "output": 1}, {"input": "two", "output": 2}]))
    )
    open_first(page)
    page.keyboard.press("e")
    page.get_by_label("input", exact=True).fill("edited")

    page.locator(".row .cell").nth(3).click()
    page.locator(".row .cell").first.click()

    expect(page.get_by_label("input", exact=True)).to_have_value("edited")


def test_value_of_a_megabyte_opens(console: Console) -> None:
    big = {"text": "x" * 600_000, "list": list(range(60_000))}
    page = console.page(console.at(console.dataset(lines=[{"input": big, "output": 1}])))

    open_first(page)

    expect(page.get_by_role("button", name="Show all 600,000 characters")).to_be_visible()
    assert len(json.dumps(big)) > 1_000_000 - 100_000


def test_a_new_item_has_the_shape_of_the_others_however_it_is_reached(console: Console) -> None:
    dataset = console.dataset(lines=[{"input": {"question": "2 + 2?"}, "output": 4, "metadata": {"split": "test"}}])
    for path in ("?dialog=new", "?search=nothing"):
        page = console.page(console.at(dataset, path))
        if path == "?search=nothing":
            expect(page.get_by_text("No item matches")).to_be_visible()
            page.get_by_role("button", name="Remove all filters").click()
            expect(page.locator(".row")).to_have_count(1)
            page.get_by_placeholder("Search").fill("nothing")
            expect(page.get_by_text("No item matches")).to_be_visible()
            page.get_by_role("button", name="New item").first.click()
        expect(page.get_by_label("input.question", exact=True)).to_be_visible()
        expect(page.get_by_label("metadata.split", exact=True)).to_be_visible()


def test_a_new_item_is_spelled_as_the_others(console: Console) -> None:
    dataset = console.dataset()
    console.load(dataset, '{"input":{"question":"2 + 2?","tax":1},"output":4}')
    page = console.page(console.at(dataset, "?dialog=new"))

    page.get_by_label("input.question", exact=True).fill("3 + 3?")
    page.get_by_label("input.tax", exact=True).fill("2")
    page.get_by_role("button", name="Create").click()
    expect(page.locator(".total")).to_have_text("2 items")

    exported = console.http.get(f"datasets/{dataset}/export/?export_format=jsonl").text
    assert '"input":{"question":"3 + 3?","tax":2}' in exported
