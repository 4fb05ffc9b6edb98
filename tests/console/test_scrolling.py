"""Scroll through more rows than a browser's page can be high, to the end and back."""

import uuid

import pytest
from playwright.sync_api import Page, expect

from database.query import execute
from tests.console.conftest import Console

# Without versions and revisions, which the table does not read.
FILL = (
    """
    INSERT INTO dataset (team_id, id, name, created_at, updated_at, deleted, created_by_id, version)
    VALUES (%(project_id)s, %(dataset_id)s, 'Many', now(), now(), false, %(user_id)s, 1)
    """,
    "INSERT INTO project_head (team_id, dataset_count, archived_dataset_count) VALUES (%(project_id)s, 1, 0)",
    """
    INSERT INTO dataset_head (team_id, dataset_id, revision, item_count, changed_at, touch_count)
    VALUES (%(project_id)s, %(dataset_id)s, 1, %(count)s, now(), 0)
    """,
    """
    INSERT INTO dataset_item
           (team_id, id, dataset_id, input, output, deleted, created_at, updated_at, created_by_id, version, revision)
    SELECT %(project_id)s, gen_random_uuid(), %(dataset_id)s, to_json('Question ' || number), to_json(number), false,
           timestamptz '2025-01-01' + number * interval '1 second', now(), %(user_id)s, 1, 1
      FROM generate_series(1, %(count)s) number
    """,
    "ANALYZE dataset_item",
)
HIGHEST = 8_000_000


def fill(console: Console, count: int) -> str:
    dataset_id = uuid.uuid4()
    values = {"project_id": console.project, "dataset_id": dataset_id, "user_id": console.people.owner.id}
    for statement in FILL:
        execute(statement, values | {"count": count})
    return str(dataset_id)


def scroll_to(page: Page, part: float) -> None:
    move = "(grid, part) => grid.scrollTop = (grid.scrollHeight - grid.clientHeight) * part"
    page.get_by_role("grid").evaluate(move, part)


# In rows of ten lines, fewer items than a million are higher than a page can be.
@pytest.mark.parametrize(("count", "lines"), [(40_000, 10), pytest.param(1_000_000, 1, marks=pytest.mark.slow)])
def test_rows_are_read_wherever_the_scroll_stops(console: Console, count: int, lines: int) -> None:
    page = console.page(console.at(fill(console, count), f"?rows={lines}"))
    first = page.get_by_role("row").filter(has_text=f"Question {count}")
    expect(first).to_be_visible()
    expect(page.locator(".total")).to_have_text(f"{count:,} items")
    assert page.get_by_role("grid").evaluate("grid => grid.scrollHeight") <= HIGHEST

    scroll_to(page, 1)
    expect(page.get_by_role("gridcell", name="Question 1", exact=True)).to_be_visible()
    scroll_to(page, 0.5)
    expect(page.get_by_role("gridcell", name=f"Question {count // 2}", exact=True)).to_be_visible()
    page.get_by_role("grid").hover()
    for _ in range(20):
        page.mouse.wheel(0, 2000)
    expect(page.locator(".row.waiting")).to_have_count(0)
    expect(page.get_by_role("gridcell", name=f"Question {count // 2}", exact=True)).to_have_count(0)
    scroll_to(page, 0)
    expect(first).to_be_visible()
    expect(page.locator(".row.waiting")).to_have_count(0)
