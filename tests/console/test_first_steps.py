"""First steps of a new user: sign in, import a file, fix a case, tag it, see the difference, take it back."""

from playwright.sync_api import expect

from tests.console.conftest import Console

FILE = b"id,question,expected answer,category\n1,2 + 2?,4,easy\n2,3 + 3?,7,easy\n3,4 + 4?,8,hard\n"


def test_a_file_becomes_a_dataset_that_is_corrected_tagged_and_rolled_back(console: Console) -> None:
    page = console.page()
    page.get_by_role("button", name="New dataset").first.click()
    page.get_by_label("Name").fill("Sums")
    page.get_by_label("Labels", exact=True).fill("math, easy")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Import a file").click()
    page.locator("input[type=file]").set_input_files({"name": "sums.csv", "mimeType": "text/csv", "buffer": FILE})
    page.get_by_role("button", name="Import 3 rows").click()
    expect(page.locator(".total")).to_have_text("3 items")

    page.locator(".row").filter(has_text="3 + 3?").locator(".cell").first.click()
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("output", exact=True).fill("6")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved as version 2.")).to_be_visible()
    page.get_by_role("link", name="Revisions").click()
    page.get_by_role("button", name="Tag revision 2").click()
    page.get_by_label("Name").fill("checked")
    page.keyboard.press("Enter")
    expect(page.get_by_text("r2 is tagged checked.")).to_be_visible()

    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page.locator(".difference del")).to_have_text("7")
    page.get_by_role("button", name="Roll back to r1").click()
    page.get_by_role("dialog").get_by_role("button", name="Roll back").click()
    expect(page.get_by_text("The items of r1 and r3 are the same")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone")).to_be_visible()

    dataset = console.http.get("datasets/").json()["results"][0]
    assert dataset["metadata"] == {"labels": ["math", "easy"]}
    stored = console.items(dataset["id"])
    assert {each["ref_source_id"]: each["output"] for each in stored} == {"1": 4, "2": 6, "3": 8}
    assert stored[0]["metadata"] == {"category": "easy"}


def test_the_first_import_can_be_undone(console: Console) -> None:
    dataset = console.dataset()
    page = console.page(console.at(dataset, "/import"))

    page.locator("input[type=file]").set_input_files({"name": "sums.csv", "mimeType": "text/csv", "buffer": FILE})
    page.get_by_role("button", name="Import 3 rows").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone")).to_be_visible()

    assert console.items(dataset) == []
