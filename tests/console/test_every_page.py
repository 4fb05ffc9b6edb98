"""Every page and dialog: no serious fault of accessibility, nothing wider than the window, by day and by night.

A picture of each is left in .pictures/, to be looked at.
"""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.console.conftest import HOSTILE, Console, sums

ROOT = Path(__file__).parents[2]
AXE = ROOT / "console/web/node_modules/axe-core/axe.min.js"
PICTURES = ROOT / ".pictures"
LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1280, "light"), (380, "dark"))
GRAVE = {"serious", "critical"}
CHAT = [
    {"role": "system", "content": "You help customers of a shop."},
    {"role": "user", "content": "Where is my order 17?"},
    {"role": "assistant", "content": "It left our house yesterday."},
]
LONG = "A name that is long enough to meet the edge of every bar, cell and title that it has to fit into " * 3


@pytest.fixture(scope="module")
def axe() -> str:
    subprocess.run([ROOT / "scripts/console", "install"], check=True, timeout=900)
    return AXE.read_text()


def rows() -> list[Any]:
    return [
        *sums(40),
        {"input": {"question": LONG, "messages": CHAT}, "output": CHAT[-1], "metadata": {HOSTILE: HOSTILE}},
        {"input": {"question": "0 + 0?"}, "output": 0, "metadata": {"split": "train"}, "ref_source_id": "twin"},
    ]


State = Callable[[Console, Page], None]
STATES: dict[str, State] = {}


def state(run: State) -> State:
    STATES[run.__name__] = run
    return run


def filled(console: Console) -> str:
    dataset = console.dataset("Sums", rows())
    first, second = console.items(dataset)[:2]
    console.http.patch(f"dataset_items/{first['id']}/", json={"output": 0.5, "input": {"question": "0 + zero?"}})
    console.http.post(f"dataset_items/{second['id']}/archive/")
    console.http.put(f"datasets/{dataset}/tags/release-1/", json={"revision": 1})
    return dataset


def open_page(console: Console, page: Page, path: str) -> None:
    page.goto(console.base + path)


@state
def sign_in(console: Console, page: Page) -> None:
    page.get_by_role("button", name="Colleague").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Personal API key").fill("phx_wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()


@state
def first_visit(console: Console, page: Page) -> None:
    expect(page.get_by_text("No dataset yet")).to_be_visible()


@state
def datasets(console: Console, page: Page) -> None:
    filled(console)
    console.http.post("datasets/", json={"name": LONG, "description": LONG, "metadata": {"labels": ["math"]}})
    open_page(console, page, f"/projects/{console.project}/datasets")
    expect(page.locator("tbody tr")).to_have_count(2)


@state
def dataset_dialog(console: Console, page: Page) -> None:
    page.get_by_role("button", name="New dataset").click()
    page.get_by_label("Metadata").fill("{'a'}")
    expect(page.get_by_role("alert")).to_be_visible()


@state
def archived_datasets(console: Console, page: Page) -> None:
    console.http.patch(f"datasets/{console.dataset('Old')}/", json={"deleted": True})
    open_page(console, page, f"/projects/{console.project}/datasets?deleted=true")
    expect(page.get_by_role("button", name="Restore Old")).to_be_visible()


@state
def no_items(console: Console, page: Page) -> None:
    open_page(console, page, console.at(console.dataset()))
    expect(page.get_by_text("No items yet")).to_be_visible()


@state
def items(console: Console, page: Page) -> None:
    open_page(console, page, console.at(filled(console), "?metadata__split__ne=train"))
    expect(page.locator(".total")).to_contain_text("of 41")
    page.get_by_label("Select item 2", exact=True).check()
    expect(page.get_by_role("toolbar")).to_be_visible()


@state
def archived_items(console: Console, page: Page) -> None:
    open_page(console, page, console.at(filled(console), "?deleted=true"))
    expect(page.locator(".row")).to_have_count(1)


@state
def items_at_a_revision(console: Console, page: Page) -> None:
    open_page(console, page, console.at(filled(console), "?revision=release-1"))
    expect(page.get_by_text("Read only.")).to_be_visible()
    page.get_by_role("button", name="release-1").click()
    expect(page.get_by_role("dialog")).to_contain_text("1 archived")


@state
def item(console: Console, page: Page) -> None:
    dataset = filled(console)
    found = console.items(dataset, search=LONG[:50])[0]["id"]
    open_page(console, page, console.at(dataset, f"?item={found}"))
    expect(page.get_by_role("complementary")).to_contain_text("Where is my order 17?")


@state
def item_versions(console: Console, page: Page) -> None:
    dataset = filled(console)
    open_page(console, page, console.at(dataset, f"?item={console.items(dataset)[0]['id']}&tab=versions"))
    expect(page.get_by_role("button", name="Restore")).to_be_visible()


@state
def item_edited(console: Console, page: Page) -> None:
    dataset = console.dataset(lines=sums(3))
    console.http.put(f"datasets/{dataset}/schemas/", json={"output": {"type": "integer"}})
    open_page(console, page, console.at(dataset, f"?item={console.items(dataset)[0]['id']}"))
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("output", exact=True).fill("64.50")
    page.get_by_role("group", name="Edit input as").get_by_role("button", name="JSON").click()
    expect(page.locator(".cm-content")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()


@state
def erase(console: Console, page: Page) -> None:
    open_page(console, page, console.at(console.dataset(lines=sums(3))))
    page.get_by_label("Select all items").check(force=True)
    page.get_by_role("toolbar").get_by_role("button", name="Erase").click()
    expect(page.get_by_role("dialog")).to_contain_text("would be erased")


@state
def import_empty(console: Console, page: Page) -> None:
    open_page(console, page, console.at(console.dataset(), "/import"))
    expect(page.locator("input[type=file]")).to_be_attached()


@state
def import_tried(console: Console, page: Page) -> None:
    open_page(console, page, console.at(console.dataset(lines=sums(3)), "/import"))
    content = f'question,answer,split,note\none,1,test,"{LONG}"\ntwo,2,test,\n'.encode()
    page.locator("input[type=file]").set_input_files(
        {"name": "more.csv", "mimeType": "text/csv", "buffer": content},
    )
    expect(page.get_by_role("button", name="Import 2 rows")).to_be_enabled()


@state
def import_matched(console: Console, page: Page) -> None:
    cases = [{"input": {"question": f"{n}?"}, "output": n, "ref_source_id": f"case-{n}"} for n in range(20)]
    open_page(console, page, console.at(console.dataset(lines=[*cases, {"ref_source_id": LONG[:200]}]), "/import"))
    content = "case,question,answer\n" + "".join(f"case-{n},{n}?,{n + n % 2}\n" for n in range(18, 24))
    page.locator("input[type=file]").set_input_files(
        {"name": "cases.csv", "mimeType": "text/csv", "buffer": content.encode()},
    )
    page.get_by_label("Archive").check()
    expect(page.locator(".examples")).to_contain_text("the first 10 of 19")


@state
def revisions(console: Console, page: Page) -> None:
    open_page(console, page, console.at(filled(console), "/revisions"))
    expect(page.get_by_role("button", name="Tag revision 3")).to_be_visible()


@state
def compare(console: Console, page: Page) -> None:
    open_page(console, page, console.at(filled(console), "/compare?from=release-1&to=latest"))
    expect(page.locator(".difference")).to_have_count(2)


@state
def schemas(console: Console, page: Page) -> None:
    dataset = console.dataset(lines=[*sums(3), {"output": "text"}])
    console.http.put(f"datasets/{dataset}/schemas/", json={"output": {"type": "integer"}, "enforce": "new"})
    open_page(console, page, console.at(dataset, "/schemas"))
    expect(page.get_by_label("Schema of output")).to_be_visible()
    page.get_by_role("button", name="Check the items").click()
    expect(page.get_by_role("alert")).to_be_visible()


@state
def duplicates(console: Console, page: Page) -> None:
    open_page(console, page, console.at(console.dataset(lines=[*sums(3), *sums(2)]), "/duplicates"))
    expect(page.get_by_role("link", name="Show them").first).to_be_visible()


@state
def keys(console: Console, page: Page) -> None:
    open_page(console, page, "/keys")
    expect(page.get_by_text("signed in with it here")).to_be_visible()


@state
def new_key(console: Console, page: Page) -> None:
    open_page(console, page, "/keys")
    page.get_by_role("button", name="New key").click()
    page.get_by_label("Label").fill("nightly")
    page.get_by_role("button", name="Create the key").click()
    expect(page.locator(".secret")).to_be_visible()


@state
def keyboard(console: Console, page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


@state
def nowhere(console: Console, page: Page) -> None:
    open_page(console, page, console.at("01a00000-0000-7000-8000-000000000000"))
    expect(page.get_by_role("alert").first).to_be_visible()


@pytest.mark.parametrize("name", STATES)
def test_page_is_accessible_and_fits(name: str, console: Console, axe: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    page = console.page()
    STATES[name](console, page)
    page.evaluate(axe)

    # The colors do not depend on the width, so that each is looked at once.
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.screenshot(path=PICTURES / f"{name}-{width}-{scheme}.png")
        assert faults(page) == [], f"{width} {scheme}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def faults(page: Page) -> list[str]:
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found
        if each["impact"] in GRAVE
        for node in each["nodes"]
    ]
