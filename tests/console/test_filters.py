"""Filters made by picking: each operator, texts with commas and quotes, and a past state by its day."""

import datetime as dt

from playwright.sync_api import Page, expect

from tests.console.conftest import Console

ROWS = [
    {"input": {"question": "Tax, or not?"}, "output": 1, "metadata": {"split": "a", "level": 1}, "ref_source_id": "x1"},
    {"input": {"question": 'Said "no"'}, "output": 2, "metadata": {"split": "b,c", "level": 2}, "ref_source_id": "x2"},
    {"input": {"question": "50% & more"}, "output": "2", "metadata": {"level": 10}},
    {"input": {"question": "+ plus"}, "output": None, "metadata": {"split": None, "level": None}},
]


CASES = [
    ("metadata.split", "is", "a", [0]),
    ("metadata.split", "is", "b,c", [1]),
    ("metadata.split", "ne", "a", [1, 2, 3]),
    ("metadata.split", "in", "a,z", [0]),
    ("metadata.split", "exists", "false", [2]),
    ("metadata.level", "gte", "2", [1, 2]),
    ("metadata.level", "lt", "2", [0]),
    ("input.question", "icontains", "TAX,", [0]),
    ("input.question", "icontains", 'said "no"', [1]),
    ("input.question", "icontains", "50% &", [2]),
    ("input.question", "icontains", "+ plus", [3]),
    ("metadata", "contains", '{"level": 2}', [1]),
    ("ref_source_id", "is", "x2", [1]),
    ("created_at", "gte", "2020-01-01", [0, 1, 2, 3]),
]


def add_filter(page: Page, where: str, how: str, what: str) -> None:
    page.keyboard.press("f")
    form = page.locator("form.filter")
    form.get_by_label("Where").fill(where)
    form.get_by_label("How").select_option(how)
    field = form.get_by_label("What")
    if how == "exists":
        field.select_option(what)
    else:
        field.fill(what)
    form.get_by_role("button", name="Add filter").click()


def test_each_operator_finds_what_it_says(console: Console) -> None:
    dataset = console.dataset(lines=ROWS)
    page = console.page()

    for where, how, what, found in CASES:
        page.goto(console.base + console.at(dataset, "?order_by=created_at"))
        expect(page.locator(".row")).to_have_count(len(ROWS))
        add_filter(page, where, how, what)
        expect(page.locator(".chipbutton")).to_contain_text(what if how != "exists" else "is absent")
        expect(page.locator(".row")).to_have_count(len(found))
        shown = page.locator(".row").all_inner_texts()
        for at, text in zip(found, shown, strict=True):
            assert str(ROWS[at]["input"]["question"]) in text  # type: ignore[index]
        page.reload()
        expect(page.locator(".row")).to_have_count(len(found))


def test_a_day_shows_the_items_of_then(console: Console) -> None:
    dataset = console.dataset(lines=ROWS)
    page = console.page(console.at(dataset))
    expect(page.locator(".row")).to_have_count(len(ROWS))

    tomorrow = dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=1)
    page.get_by_role("button", name="Latest").click()
    page.get_by_placeholder("Number, tag or day").fill(str(tomorrow))
    page.keyboard.press("Enter")

    expect(page.get_by_text(f"The items as they were at {tomorrow}")).to_be_visible()
    expect(page.locator(".row")).to_have_count(len(ROWS))
